import type { Config } from '../config/schema.ts';
import { openEmbedded } from './modules/embedded.ts';
import { openRedis } from './modules/redis.ts';
import type { OpenStorage } from './open-storage.ts';

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
