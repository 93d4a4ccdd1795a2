import type { ContainerModule } from 'inversify';
import type { Logger } from 'pino';
import type { Config } from '../config/schema.ts';
import type { Resources } from '../lifecycle/resources.ts';
import type { Telemetry } from '../telemetry/start.ts';

/** Opens a kind of storage and answers the module that serves all its ports. */
export type OpenStorage = (
  config: Config,
  logger: Logger,
  resources: Resources,
  telemetry: Telemetry,
) => Promise<ContainerModule>;

/** Proves that the storage can be written to; rejects with what is wrong. */
export type StorageProbe = () => Promise<void>;

/** What in the storage's own configuration would lose what is kept there, one sentence each; empty is well. */
export type StorageSettingsProbe = () => Promise<readonly string[]>;
