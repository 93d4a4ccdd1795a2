import type { NewOAuthRecord, OAuthRecord, OAuthRecords } from '../../../domain/ports/oauth-records.ts';
import type { Sealer } from '../../../domain/ports/sealer.ts';
import type { Clock } from '../../../domain/ports/system.ts';
import type { Database, Row } from './database.ts';

/**
 * The authorization server's records in the database file. Rows that have ended are swept, a few at a time, when one is
 * written.
 *
 * Throws `STORAGE_UNAVAILABLE` where the file cannot be used.
 */
export function createSqliteOAuthRecords({ database, sealer, clock }: SqliteOAuthRecordsOptions): OAuthRecords {
  const write = async (record: NewOAuthRecord, onConflict: string): Promise<boolean> => {
    const sealed = await sealer.seal(JSON.stringify(record.value), contextOf(record.kind, record.hash));
    const nowMs = clock.nowMs();
    return database.transaction(() => {
      database.run(
        `DELETE FROM oauth_records WHERE (kind, hash) IN
           (SELECT kind, hash FROM oauth_records WHERE expires_at_ms <= ? ORDER BY expires_at_ms LIMIT ${sweptMax})`,
        nowMs,
      );
      // The sweep has a limit: a row that has ended and is still there counts as absent.
      database.run(
        'DELETE FROM oauth_records WHERE kind = ? AND hash = ? AND expires_at_ms <= ?',
        record.kind,
        record.hash,
        nowMs,
      );
      if (record.grantId !== undefined && isRevoked(database, record.grantId)) return false;
      return (
        database.run(
          `INSERT INTO oauth_records (kind, hash, sealed, grant_id, uid_hash, user_code_hash, expires_at_ms)
           VALUES (?, ?, ?, ?, ?, ?, ?) ${onConflict}`,
          record.kind,
          record.hash,
          sealed,
          record.grantId ?? null,
          record.uidHash ?? null,
          record.userCodeHash ?? null,
          // The column holds whole milliseconds.
          record.ttlSeconds === undefined ? null : Math.ceil(nowMs + record.ttlSeconds * 1000),
        ) > 0
      );
    });
  };
  const open = async (row: Row | undefined): Promise<OAuthRecord | undefined> => {
    if (row === undefined) return undefined;
    const hash = String(row['hash']);
    const { grant_id: grantId, consumed_at_ms: consumedAtMs } = row;
    return {
      hash,
      value: JSON.parse(await sealer.open(String(row['sealed']), contextOf(String(row['kind']), hash))),
      ...(grantId === null ? {} : { grantId: String(grantId) }),
      ...(consumedAtMs === null ? {} : { consumedAtMs: Number(consumedAtMs) }),
    };
  };
  const findBy =
    (column: 'hash' | 'uid_hash' | 'user_code_hash') =>
    (kind: string, hash: string): Promise<OAuthRecord | undefined> =>
      open(
        database.get(
          `SELECT * FROM oauth_records WHERE kind = ? AND ${column} = ? AND ${living}`,
          kind,
          hash,
          clock.nowMs(),
        ),
      );
  return {
    put: (record) => write(record, replacing),
    create: (record) => write(record, 'ON CONFLICT DO NOTHING'),
    find: findBy('hash'),
    findByUid: findBy('uid_hash'),
    findByUserCode: findBy('user_code_hash'),
    consume: async (kind, hash, atMs) =>
      database.run(
        `UPDATE oauth_records SET consumed_at_ms = ? WHERE kind = ? AND hash = ? AND consumed_at_ms IS NULL AND ${living}`,
        atMs,
        kind,
        hash,
        clock.nowMs(),
      ) > 0,
    async remove(kind, hash) {
      database.run('DELETE FROM oauth_records WHERE kind = ? AND hash = ?', kind, hash);
    },
    async revokeGrant(grantId) {
      database.transaction(() => {
        for (const statement of revokeStatements) database.run(statement, grantId);
      });
    },
    async reseal() {
      let count = 0;
      let after: Row | undefined;
      do {
        const rows = database.all(
          `SELECT kind, hash, sealed FROM oauth_records WHERE (kind, hash) > (?, ?) ORDER BY kind, hash LIMIT ${pageSize}`,
          String(after?.['kind'] ?? ''),
          String(after?.['hash'] ?? ''),
        );
        for (const row of rows) if (await resealRow(row)) count += 1;
        after = rows.at(-1);
      } while (after !== undefined);
      return count;
    },
    close: async () => undefined,
  };

  async function resealRow(row: Row): Promise<boolean> {
    const sealed = String(row['sealed']);
    if (await sealer.isCurrent(sealed)) return false;
    const kind = String(row['kind']);
    const hash = String(row['hash']);
    const context = contextOf(kind, hash);
    const renewed = await sealer.seal(await sealer.open(sealed, context), context);
    // Where somebody else wrote meanwhile, the row is sealed with the current key, or found by the next round.
    return (
      database.run(
        'UPDATE oauth_records SET sealed = ? WHERE kind = ? AND hash = ? AND sealed = ?',
        renewed,
        kind,
        hash,
        sealed,
      ) > 0
    );
  }
}

export interface SqliteOAuthRecordsOptions {
  /** Closed by whoever opened it. */
  readonly database: Database;
  readonly sealer: Sealer;
  readonly clock: Clock;
}

/** Rows swept with one write: more than it adds, and few, so that it waits for nothing. */
const sweptMax = 100;
const pageSize = 200;

/** What ends a grant here: the mark that keeps records from coming, and the end of those that are there. */
export const revokeStatements: readonly string[] = [
  'INSERT INTO oauth_revoked_grants (grant_id) VALUES (?) ON CONFLICT DO NOTHING',
  'DELETE FROM oauth_records WHERE grant_id = ?',
];

const living = '(expires_at_ms IS NULL OR expires_at_ms > ?)';

/** A second write changes everything but the mark of a consumption. */
const replacing = `ON CONFLICT (kind, hash) DO UPDATE SET
  sealed = excluded.sealed, grant_id = excluded.grant_id, uid_hash = excluded.uid_hash,
  user_code_hash = excluded.user_code_hash, expires_at_ms = excluded.expires_at_ms`;

function isRevoked(database: Database, grantId: string): boolean {
  return database.get('SELECT 1 FROM oauth_revoked_grants WHERE grant_id = ?', grantId) !== undefined;
}

function contextOf(kind: string, hash: string): readonly string[] {
  return ['oauth', kind, hash];
}
