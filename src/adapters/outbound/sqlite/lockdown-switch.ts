import type { LockdownSwitch } from '../../../domain/ports/lockdown-switch.ts';
import type { Database } from './database.ts';

/** The lockdown as the only row of its table. Throws `STORAGE_UNAVAILABLE` where the file cannot be used. */
export function createSqliteLockdownSwitch({ database }: SqliteLockdownSwitchOptions): LockdownSwitch {
  return {
    async get() {
      const row = database.get('SELECT since_ms, reason FROM lockdown');
      return row === undefined ? undefined : { sinceMs: Number(row['since_ms']), reason: String(row['reason']) };
    },
    async set(lockdown) {
      if (lockdown === undefined) database.run('DELETE FROM lockdown');
      else {
        database.run(
          'INSERT OR REPLACE INTO lockdown (id, since_ms, reason) VALUES (1, ?, ?)',
          lockdown.sinceMs,
          lockdown.reason,
        );
      }
    },
    close: async () => undefined,
  };
}

export interface SqliteLockdownSwitchOptions {
  /** Closed by whoever opened it. */
  readonly database: Database;
}
