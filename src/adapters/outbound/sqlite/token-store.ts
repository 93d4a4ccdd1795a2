import { DomainError } from '../../../domain/errors.ts';
import type { AccessTokenRecord } from '../../../domain/model/access-token.ts';
import type { TokenStore } from '../../../domain/ports/token-store.ts';
import type { Database, Row } from './database.ts';

/**
 * Access tokens in the database file.
 *
 * Throws `STORAGE_UNAVAILABLE` where the file cannot be used, `CONFLICT` for an id or a hash that is there already.
 */
export function createSqliteTokenStore({ database }: SqliteTokenStoreOptions): TokenStore {
  return {
    async add(record) {
      const added = database.run(
        `INSERT INTO tokens (id, hash, subject, client_id, scopes, issued_at_ms, expires_at_ms, revoked_at_ms)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
        record.id,
        record.hash,
        record.subject,
        record.clientId,
        JSON.stringify(record.scopes),
        record.issuedAtMs,
        record.expiresAtMs,
        record.revokedAtMs ?? null,
      );
      if (added === 0) throw new DomainError('CONFLICT', 'A token with this id or hash exists already.');
    },
    async findByHash(hash) {
      const row = database.get('SELECT * FROM tokens WHERE hash = ?', hash);
      return row === undefined ? undefined : read(row);
    },
    list: async () => database.all('SELECT * FROM tokens ORDER BY issued_at_ms').map(read),
    async revoke(id, atMs) {
      // Law: the first time of revocation stays.
      return database.run('UPDATE tokens SET revoked_at_ms = coalesce(revoked_at_ms, ?) WHERE id = ?', atMs, id) > 0;
    },
    close: async () => undefined,
  };
}

export interface SqliteTokenStoreOptions {
  /** Closed by whoever opened it. */
  readonly database: Database;
}

function read(row: Row): AccessTokenRecord {
  const revokedAtMs = row['revoked_at_ms'];
  return {
    id: String(row['id']),
    hash: String(row['hash']),
    subject: String(row['subject']),
    clientId: String(row['client_id']),
    // Only `add` writes this column.
    scopes: JSON.parse(String(row['scopes'])) as AccessTokenRecord['scopes'],
    issuedAtMs: Number(row['issued_at_ms']),
    expiresAtMs: Number(row['expires_at_ms']),
    ...(revokedAtMs === null ? {} : { revokedAtMs: Number(revokedAtMs) }),
  };
}
