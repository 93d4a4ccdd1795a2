import type { ContainerModule } from 'inversify';
import type { Logger } from 'pino';
import type { Config } from '../config/schema.ts';
import type { Resources } from '../lifecycle/resources.ts';
import { openEmbedded } from './modules/embedded.ts';
import { openRedis } from './modules/redis.ts';

/** Proves that the storage can be written to; rejects with what is wrong. */
export type StorageProbe = () => Promise<void>;

/** Opens a kind of storage and answers the module that serves all its ports. */
export type OpenStorage = (config: Config, logger: Logger, resources: Resources) => Promise<ContainerModule>;

/** THE table of storage drivers: a new one is a folder below adapters/outbound, a module and a row here. */
export const storageDrivers = {
  embedded: openEmbedded,
  redis: openRedis,
} as const satisfies Record<string, OpenStorage>;

export type StorageDriver = keyof typeof storageDrivers;

/** The one switch: with `REDIS_URL` everything is shared over Redis, without it this machine keeps it. */
export function storageDriverOf(config: Config): StorageDriver {
  return config.redisUrl === undefined ? 'embedded' : 'redis';
}
