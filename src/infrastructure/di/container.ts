import { Container } from 'inversify';
import type { Logger } from 'pino';
import type { Config } from '../config/schema.ts';
import type { Resources } from '../lifecycle/resources.ts';
import type { CmsAddress } from './cms-address.ts';
import { applicationModule } from './modules/application.ts';
import { cmsModule } from './modules/cms.ts';
import { systemModule } from './modules/system.ts';
import { storageDriverOf, storageDrivers } from './storage.ts';
import { T } from './tokens.ts';

export interface ContainerOptions {
  readonly config: Config;
  readonly logger: Logger;
  /** Takes what is opened here, to be closed by the program. */
  readonly resources: Resources;
  /** Without it only the storage is wired: enough for the token commands. */
  readonly cms?: CmsAddress;
}

/** What was wired: everything is had by its token. */
export type Wired = Pick<Container, 'get'>;

/** Wires one program. Everything is a singleton of the container. */
export async function openContainer({ config, logger, resources, cms }: ContainerOptions): Promise<Wired> {
  const container = new Container({ defaultScope: 'Singleton' });
  container.load(systemModule(config, logger));
  container.load(await storageDrivers[storageDriverOf(config)](config, logger, resources));
  resources.own('counts of refusals', () => container.get(T.Security).close());
  if (cms !== undefined) {
    container.load(cmsModule(cms));
    container.load(applicationModule(cms));
    resources.own('connection to the CMS', () => container.get(T.Connector).close());
  }
  return container;
}
