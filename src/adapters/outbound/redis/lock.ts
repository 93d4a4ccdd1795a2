import type { Lock } from '../../../domain/ports/lock.ts';
import type { RedisConnection } from './connection.ts';
import { keys } from './keys.ts';

/**
 * Locks as keys of Redis, which ends them by its own clock. A lock's value is its fence: a counter that only grows.
 * Throws `STORAGE_UNAVAILABLE` while Redis is away.
 */
export function createRedisLock({ connection }: RedisLockOptions): Lock {
  return {
    async acquire(key, ttlMs) {
      const name = keys.lock(key);
      const fence = await connection.run((client) =>
        client.eval(acquireScript, 2, name, keys.lockFence, Math.max(Math.ceil(ttlMs), 1)),
      );
      if (typeof fence !== 'number') return undefined;
      return {
        fence,
        release: async () => {
          await connection.run((client) => client.eval(releaseScript, 1, name, fence));
        },
      };
    },
    close: async () => undefined,
  };
}

export interface RedisLockOptions {
  /** Closed by whoever opened it. */
  readonly connection: RedisConnection;
}

/** KEYS: the lock, the counter. ARGV: the time in milliseconds. Returns the fence, or nothing when somebody has it. */
const acquireScript = `
if redis.call('EXISTS', KEYS[1]) == 1 then return false end
local fence = redis.call('INCR', KEYS[2])
redis.call('SET', KEYS[1], fence, 'PX', ARGV[1])
return fence`;

/** KEYS: the lock. ARGV: the fence. Removes the lock only where it still has this fence. */
const releaseScript = `
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1`;
