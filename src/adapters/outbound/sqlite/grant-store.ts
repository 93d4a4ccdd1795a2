import type { Grant, RevocationReason } from '../../../domain/model/grant.ts';
import type { GrantStore } from '../../../domain/ports/grant-store.ts';
import type { Database, Row } from './database.ts';

/**
 * Grants in the database file. The columns beside `record` are what is looked for and what changes by itself; a row
 * without a record is a grant that was revoked before it was put.
 *
 * Throws `STORAGE_UNAVAILABLE` where the file cannot be used.
 */
export function createSqliteGrantStore({ database }: SqliteGrantStoreOptions): GrantStore {
  return {
    async put(grant) {
      const { lastUsedAtMs, revokedAtMs, revocationReason, ...record } = grant;
      database.run(
        `INSERT INTO grants (id, subject, client_id, source_token_id, record, created_at_ms, last_used_at_ms,
           revoked_at_ms, revocation_reason)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET
           subject = excluded.subject, client_id = excluded.client_id, source_token_id = excluded.source_token_id,
           record = excluded.record, created_at_ms = excluded.created_at_ms,
           last_used_at_ms = max(excluded.last_used_at_ms, coalesce(grants.last_used_at_ms, 0)),
           revoked_at_ms = coalesce(grants.revoked_at_ms, excluded.revoked_at_ms),
           revocation_reason = coalesce(grants.revocation_reason, excluded.revocation_reason)`,
        grant.id,
        grant.subject,
        grant.clientId,
        grant.sourceTokenId ?? null,
        JSON.stringify(record),
        grant.createdAtMs,
        lastUsedAtMs,
        revokedAtMs ?? null,
        revocationReason ?? null,
      );
    },
    find: async (id) => read(database.get('SELECT * FROM grants WHERE id = ?', id)),
    async list({ subject, clientId, sourceTokenId }) {
      const rows = database.all(
        `SELECT * FROM grants
         WHERE record IS NOT NULL AND (?1 IS NULL OR subject = ?1) AND (?2 IS NULL OR client_id = ?2)
           AND (?3 IS NULL OR source_token_id = ?3)
         ORDER BY created_at_ms DESC, id`,
        subject ?? null,
        clientId ?? null,
        sourceTokenId ?? null,
      );
      return rows.map(read).filter((grant) => grant !== undefined);
    },
    async touch(id, atMs) {
      database.run('UPDATE grants SET last_used_at_ms = max(last_used_at_ms, ?) WHERE id = ?', atMs, id);
    },
    async revoke(id, atMs, reason) {
      // Law: the first time and reason stay, and an id that comes later is revoked from the beginning.
      return database.run(revokeStatement, id, atMs, reason) > 0;
    },
    close: async () => undefined,
  };
}

export interface SqliteGrantStoreOptions {
  /** Closed by whoever opened it. */
  readonly database: Database;
}

/** Marks a grant as revoked, known or not, by its id, the time and the reason. */
export const revokeStatement = `
  INSERT INTO grants (id, revoked_at_ms, revocation_reason) VALUES (?, ?, ?)
  ON CONFLICT (id) DO UPDATE SET
    revoked_at_ms = excluded.revoked_at_ms, revocation_reason = excluded.revocation_reason
  WHERE grants.revoked_at_ms IS NULL`;

function read(row: Row | undefined): Grant | undefined {
  if (row === undefined || row['record'] === null) return undefined;
  const { revoked_at_ms: revokedAtMs, revocation_reason: reason } = row;
  return {
    // Only `put` and `revoke` write these columns.
    ...(JSON.parse(String(row['record'])) as Omit<Grant, 'lastUsedAtMs'>),
    lastUsedAtMs: Number(row['last_used_at_ms']),
    ...(revokedAtMs === null ? {} : { revokedAtMs: Number(revokedAtMs) }),
    ...(reason === null ? {} : { revocationReason: reason as RevocationReason }),
  };
}
