import type { Lock } from '../../../domain/ports/lock.ts';
import type { Clock } from '../../../domain/ports/system.ts';
import type { Database } from './database.ts';

/**
 * Locks in the database file, for all processes that have it open. The fence is the number of the row, which SQLite
 * never gives twice.
 *
 * Throws `STORAGE_UNAVAILABLE` where the file cannot be used.
 */
export function createSqliteLock({ database, clock }: SqliteLockOptions): Lock {
  return {
    async acquire(key, ttlMs) {
      const nowMs = clock.nowMs();
      const row = database.transaction(() => {
        database.run('DELETE FROM locks WHERE key = ? AND expires_at_ms <= ?', key, nowMs);
        return database.get(
          'INSERT INTO locks (key, expires_at_ms) VALUES (?, ?) ON CONFLICT (key) DO NOTHING RETURNING fence',
          key,
          Math.ceil(nowMs + ttlMs),
        );
      });
      if (row === undefined) return undefined;
      const fence = Number(row['fence']);
      return {
        fence,
        release: async () => {
          database.run('DELETE FROM locks WHERE fence = ?', fence);
        },
      };
    },
    close: async () => undefined,
  };
}

export interface SqliteLockOptions {
  /** Closed by whoever opened it. */
  readonly database: Database;
  readonly clock: Clock;
}
