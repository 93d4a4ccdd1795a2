import type { Lockdown } from '../../../domain/model/lockdown.ts';
import type { LockdownSwitch } from '../../../domain/ports/lockdown-switch.ts';
import type { RedisConnection } from './connection.ts';
import { keys } from './keys.ts';

/** The lockdown as one text in Redis. Throws `STORAGE_UNAVAILABLE` while Redis is away. */
export function createRedisLockdownSwitch({ connection }: RedisLockdownSwitchOptions): LockdownSwitch {
  return {
    async get() {
      const text = await connection.run((client) => client.get(keys.lockdown));
      // Only `set` writes it.
      return text === null ? undefined : (JSON.parse(text) as Lockdown);
    },
    async set(lockdown) {
      await connection.run<unknown>((client) =>
        lockdown === undefined ? client.del(keys.lockdown) : client.set(keys.lockdown, JSON.stringify(lockdown)),
      );
    },
    close: async () => undefined,
  };
}

export interface RedisLockdownSwitchOptions {
  /** Closed by whoever opened it. */
  readonly connection: RedisConnection;
}
