import { Container } from 'inversify';
import type { Logger } from 'pino';
import type { Config } from '../config/schema.ts';
import type { Resources } from '../lifecycle/resources.ts';
import {
  watchAudit,
  watchCache,
  watchConnector,
  watchJobs,
  watchRateLimiter,
  watchSecurity,
} from '../telemetry/instrument-ports.ts';
import { createTelemetryObserver } from '../telemetry/observer.ts';
import { noTelemetry, type Telemetry } from '../telemetry/start.ts';
import type { CmsAddress } from './cms-address.ts';
import { applicationModule } from './modules/application.ts';
import { backupsModule } from './modules/backups.ts';
import { cmsModule } from './modules/cms.ts';
import { systemModule } from './modules/system.ts';
import { storageDriverOf, storageDrivers } from './storage.ts';
import { T } from './tokens.ts';

export interface ContainerOptions {
  readonly config: Config;
  readonly logger: Logger;
  /** Takes what is opened here, to be closed by the program. */
  readonly resources: Resources;
  /** What is measured; nothing when absent. */
  readonly telemetry?: Telemetry;
  /** Without it only the storage is wired: enough for the token commands. */
  readonly cms?: CmsAddress;
}

/** What was wired: everything is had by its token. */
export type Wired = Pick<Container, 'get'>;

/** Wires one program. Everything is a singleton of the container. */
export async function openContainer(options: ContainerOptions): Promise<Wired> {
  const { config, logger, resources, telemetry = noTelemetry, cms } = options;
  const container = new Container({ defaultScope: 'Singleton' });
  container.load(systemModule(config, logger));
  container.bind(T.Telemetry).toConstantValue(telemetry);
  instrument(container, telemetry);
  container.load(await storageDrivers[storageDriverOf(config)](config, logger, resources, telemetry));
  container.load(backupsModule(config, logger, resources));
  resources.own('counts of refusals', () => container.get(T.Security).close());
  if (cms !== undefined) {
    container.load(cmsModule(cms));
    container.load(applicationModule(cms));
    resources.own('connection to the CMS', () => container.get(T.Connector).close());
  }
  return container;
}

/** Ports are watched from outside: whatever serves one, what is had by its token tells what it does. */
function instrument(container: Container, telemetry: Telemetry): void {
  if (telemetry === noTelemetry) return;
  container.onActivation(T.Cache, (_context, port) => watchCache(port, telemetry));
  container.onActivation(T.RateLimiter, (_context, port) => watchRateLimiter(port, telemetry));
  container.onActivation(T.Audit, (_context, port) => watchAudit(port, telemetry));
  container.onActivation(T.Security, (_context, port) => watchSecurity(port, telemetry));
  container.onActivation(T.Jobs, (context, port) => watchJobs(port, telemetry, context.get(T.Clock)));
  container.onActivation(T.Connector, (_context, port) => watchConnector(port, telemetry));
  container.onActivation(T.Observer, (_context, port) => createTelemetryObserver(port, telemetry));
}
