import type { Json } from '../../../domain/model/job.ts';
import type { ExpiringRecords } from '../../../domain/ports/expiring-records.ts';
import type { Clock } from '../../../domain/ports/system.ts';
import type { Database, Row } from './database.ts';

/**
 * Expiring records in the database file. Each call is one atomic statement that looks at the time itself; rows that
 * have ended are swept, a few at a time, when a record is created.
 *
 * Throws `STORAGE_UNAVAILABLE` where the file cannot be used.
 */
export function createSqliteExpiringRecords({ database, clock }: SqliteExpiringRecordsOptions): ExpiringRecords {
  return {
    async create(key, value, ttlSeconds) {
      const nowMs = clock.nowMs();
      return database.transaction(() => {
        database.run(
          `DELETE FROM records WHERE key IN
             (SELECT key FROM records WHERE expires_at_ms <= ? ORDER BY expires_at_ms LIMIT ${sweptMax})`,
          nowMs,
        );
        // A row that has ended and was not swept counts as absent.
        const created = database.run(
          `INSERT INTO records (key, value, expires_at_ms) VALUES (?, ?, ?)
           ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires_at_ms = excluded.expires_at_ms
           WHERE records.expires_at_ms <= ?`,
          key,
          JSON.stringify(value),
          endsAtMs(nowMs, ttlSeconds),
          nowMs,
        );
        return created > 0;
      });
    },
    async get(key) {
      return read(database.get('SELECT value FROM records WHERE key = ? AND expires_at_ms > ?', key, clock.nowMs()));
    },
    async replace(key, value, ttlSeconds) {
      database.run(
        `INSERT INTO records (key, value, expires_at_ms) VALUES (?, ?, ?)
         ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires_at_ms = excluded.expires_at_ms`,
        key,
        JSON.stringify(value),
        endsAtMs(clock.nowMs(), ttlSeconds),
      );
    },
    async take(key) {
      return read(
        database.get('DELETE FROM records WHERE key = ? AND expires_at_ms > ? RETURNING value', key, clock.nowMs()),
      );
    },
    async remove(key) {
      database.run('DELETE FROM records WHERE key = ?', key);
    },
    close: async () => undefined,
  };
}

export interface SqliteExpiringRecordsOptions {
  /** Closed by whoever opened it. */
  readonly database: Database;
  readonly clock: Clock;
}

/** Rows swept with one call: more than it adds, so that the table cannot grow, and few, so that it waits for nothing. */
const sweptMax = 100;

/** The column holds whole milliseconds. */
function endsAtMs(nowMs: number, ttlSeconds: number): number {
  return Math.ceil(nowMs + ttlSeconds * 1000);
}

function read(row: Row | undefined): Json | undefined {
  return row === undefined ? undefined : JSON.parse(String(row['value']));
}
