import {
  type ChainStore,
  canonicalJson,
  chainRecord,
  listChain,
  verifyChain,
} from '../../../domain/policy/audit-chain.ts';
import type { AuditHead, AuditLog } from '../../../domain/ports/audit-log.ts';
import type { Digest } from '../../../domain/ports/system.ts';
import type { Database } from './database.ts';

/**
 * The audit log in the database file. Each append is one write transaction: SQLite lets one process at a time into it,
 * so that appends of several processes follow each other. Triggers of the table refuse every change of a record.
 *
 * Throws `STORAGE_UNAVAILABLE` where the file cannot be used.
 */
export function createSqliteAuditLog({ database, digest }: SqliteAuditLogOptions): AuditLog {
  const readHead = (): AuditHead | undefined => {
    const row = database.get('SELECT sequence, hash FROM audit_head');
    return row === undefined ? undefined : { sequence: Number(row['sequence']), hash: String(row['hash']) };
  };
  const store: ChainStore = {
    head: async () => readHead(),
    texts: async (from, to) =>
      database
        .all('SELECT sequence, record FROM audit WHERE sequence BETWEEN ? AND ? ORDER BY sequence', from, to)
        .map((row) => ({ sequence: Number(row['sequence']), text: String(row['record']) })),
  };
  return {
    append: async (event) =>
      database.transaction(() => {
        const record = chainRecord(readHead(), event, digest);
        database.run('INSERT INTO audit (sequence, record) VALUES (?, ?)', record.sequence, canonicalJson(record));
        database.run(
          `INSERT INTO audit_head (id, sequence, hash) VALUES (1, ?, ?)
           ON CONFLICT (id) DO UPDATE SET sequence = excluded.sequence, hash = excluded.hash`,
          record.sequence,
          record.hash,
        );
        return record;
      }),
    list: (query) => listChain(store, query),
    verify: () => verifyChain(store, digest),
    close: async () => undefined,
  };
}

export interface SqliteAuditLogOptions {
  /** Closed by whoever opened it. */
  readonly database: Database;
  readonly digest: Digest;
}
