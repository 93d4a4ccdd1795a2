import { DomainError } from '../../../domain/errors.ts';
import type { DataKeyStore, StoredDataKey } from '../../../domain/ports/data-key-store.ts';
import type { Database, Row } from './database.ts';

/**
 * Data keys in the database file.
 *
 * Throws `STORAGE_UNAVAILABLE` where the file cannot be used, `CONFLICT` for an id that is there already.
 */
export function createSqliteDataKeyStore({ database }: SqliteDataKeyStoreOptions): DataKeyStore {
  return {
    async add(key) {
      const added = database.run(
        'INSERT INTO data_keys (id, wrapped, created_at_ms) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
        key.id,
        key.wrapped,
        key.createdAtMs,
      );
      if (added === 0) throw new DomainError('CONFLICT', 'A data key with this id exists already.');
    },
    list: async () => database.all('SELECT * FROM data_keys ORDER BY created_at_ms, id').map(read),
    rewrap: async (id, from, to) =>
      database.run('UPDATE data_keys SET wrapped = ? WHERE id = ? AND wrapped = ?', to, id, from) > 0,
    async remove(id) {
      database.run('DELETE FROM data_keys WHERE id = ?', id);
    },
    close: async () => undefined,
  };
}

export interface SqliteDataKeyStoreOptions {
  /** Closed by whoever opened it. */
  readonly database: Database;
}

function read(row: Row): StoredDataKey {
  return { id: String(row['id']), wrapped: String(row['wrapped']), createdAtMs: Number(row['created_at_ms']) };
}
