import type { Json } from '../../../domain/model/job.ts';
import type { ExpiringRecords } from '../../../domain/ports/expiring-records.ts';
import type { RedisConnection } from './connection.ts';
import { keys } from './keys.ts';

/**
 * Expiring records as keys of Redis, which ends them itself by its own clock. Each call is one atomic command. Throws
 * `STORAGE_UNAVAILABLE` while Redis is away.
 */
export function createRedisExpiringRecords({ connection }: RedisExpiringRecordsOptions): ExpiringRecords {
  return {
    async create(key, value, ttlSeconds) {
      const reply = await connection.run((client) =>
        client.set(keys.record(key), JSON.stringify(value), 'PX', ttlMs(ttlSeconds), 'NX'),
      );
      return reply === 'OK';
    },
    get: async (key) => read(await connection.run((client) => client.get(keys.record(key)))),
    async replace(key, value, ttlSeconds) {
      await connection.run((client) => client.set(keys.record(key), JSON.stringify(value), 'PX', ttlMs(ttlSeconds)));
    },
    take: async (key) => read(await connection.run((client) => client.getdel(keys.record(key)))),
    async remove(key) {
      await connection.run((client) => client.del(keys.record(key)));
    },
    close: async () => undefined,
  };
}

export interface RedisExpiringRecordsOptions {
  /** Closed by whoever opened it. */
  readonly connection: RedisConnection;
}

/** Redis takes whole milliseconds, and none is an error to it. */
function ttlMs(ttlSeconds: number): number {
  return Math.max(Math.ceil(ttlSeconds * 1000), 1);
}

function read(text: string | null): Json | undefined {
  return text === null ? undefined : JSON.parse(text);
}
