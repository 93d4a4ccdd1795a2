import type { SQLInputValue } from 'node:sqlite';
import { DomainError } from '../../../domain/errors.ts';
import type { Revocation, StateRecord } from '../../../domain/model/backup.ts';
import type { Json } from '../../../domain/model/job.ts';
import { lastingRecordPrefix, passingOAuthKinds, type StorageDump } from '../../../domain/ports/storage-dump.ts';
import type { Database, OpenTransaction, Row } from './database.ts';
import { revokeStatement as revokeGrantStatement } from './grant-store.ts';
import { migrations } from './migrations.ts';
import { revokeStatements as revokeOAuthStatements } from './oauth-records.ts';

/**
 * The database file, row by row: every table there is but `leftOut`. Read in one transaction, which sees one moment
 * while others write; written back in one, so that others see all of it or nothing.
 *
 * Throws `STORAGE_UNAVAILABLE` where the file cannot be used.
 */
export function createSqliteStorageDump({ database }: SqliteStorageDumpOptions): StorageDump {
  return {
    layout: { driver: 'embedded', version: migrations.length },
    read: () => readAll(database),
    isEmpty: async () =>
      within(database.begin('read'), async (transaction) =>
        tablesOf(transaction).every(({ name }) => isNothing(transaction.each(`${selectFrom(name)} LIMIT 1`))),
      ),
    revocations: async () => within(database.begin('read'), async (transaction) => listRevocations(transaction)),
    replaceAll: async (records, revocations) =>
      within(database.begin('write'), async (transaction) => {
        // Rows of a table may come before those that they refer to.
        transaction.run('PRAGMA defer_foreign_keys = ON');
        const tables = tablesOf(transaction);
        withoutTriggers(transaction, () => {
          for (const { name } of tables) transaction.run(`DELETE FROM ${name}`);
        });
        await insertAll(transaction, tables, records);
        for (const revocation of revocations) revoke(transaction, revocation);
        transaction.commit();
      }),
  };
}

export interface SqliteStorageDumpOptions {
  /** Closed by whoever opened it. */
  readonly database: Database;
}

/** Locks end with the processes that hold them. */
const leftOut: readonly string[] = ['locks'];

/** Of these tables some rows are left out. */
const kept: Readonly<Record<string, string>> = {
  records: `key LIKE '${lastingRecordPrefix}%'`,
  oauth_records: `kind NOT IN (${passingOAuthKinds.map((kind) => `'${kind}'`).join(', ')})`,
};

interface Table {
  readonly name: string;
  readonly columns: readonly string[];
}

function tablesOf(transaction: OpenTransaction): readonly Table[] {
  const names = [...transaction.each("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")]
    .map((row) => String(row['name']))
    .filter((name) => !name.startsWith('sqlite_') && !leftOut.includes(name));
  return names.map((name) => ({
    name,
    columns: [...transaction.each('SELECT name FROM pragma_table_info(?)', name)].map((row) => String(row['name'])),
  }));
}

function selectFrom(table: string): string {
  const condition = kept[table];
  return `SELECT * FROM ${table}${condition === undefined ? '' : ` WHERE ${condition}`}`;
}

async function* readAll(database: Database): AsyncGenerator<StateRecord> {
  const transaction = database.begin('read');
  try {
    for (const { name } of tablesOf(transaction)) {
      for (const row of transaction.each(selectFrom(name))) yield { part: name, value: jsonOf(row) };
    }
  } finally {
    transaction.close();
  }
}

async function within<T>(transaction: OpenTransaction, act: (transaction: OpenTransaction) => Promise<T>): Promise<T> {
  try {
    return await act(transaction);
  } finally {
    transaction.close();
  }
}

function jsonOf(row: Row): Json {
  const value: Record<string, Json> = {};
  for (const [column, cell] of Object.entries(row)) {
    if (cell !== null && typeof cell !== 'string' && typeof cell !== 'number') {
      throw new Error(`The column ${column} holds what a backup cannot.`);
    }
    value[column] = cell;
  }
  return value;
}

async function insertAll(
  transaction: OpenTransaction,
  tables: readonly Table[],
  records: AsyncIterable<StateRecord>,
): Promise<void> {
  const byName = new Map(tables.map((table) => [table.name, table]));
  for await (const { part, value } of records) {
    const table = byName.get(part);
    if (table === undefined) throw foreign(part);
    const cells = table.columns.map((column) => cellOf(part, value, column));
    const marks = cells.map(() => '?').join(', ');
    transaction.run(`INSERT INTO ${part} (${table.columns.join(', ')}) VALUES (${marks})`, ...cells);
  }
}

function cellOf(part: string, value: Json, column: string): SQLInputValue {
  const cell =
    typeof value === 'object' && value !== null ? (value as Readonly<Record<string, Json>>)[column] : undefined;
  if (cell === null || typeof cell === 'string' || typeof cell === 'number') return cell;
  throw foreign(part);
}

/** The log of audits refuses removals by triggers; a restore puts another whole log in its place. */
function withoutTriggers(transaction: OpenTransaction, act: () => void): void {
  const triggers = [...transaction.each("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")];
  for (const { name } of triggers) transaction.run(`DROP TRIGGER ${String(name)}`);
  act();
  for (const { sql } of triggers) transaction.run(String(sql));
}

function listRevocations(transaction: OpenTransaction): readonly Revocation[] {
  const grants = transaction.each(
    'SELECT id, revoked_at_ms, revocation_reason FROM grants WHERE revoked_at_ms NOT NULL',
  );
  const tokens = transaction.each('SELECT id, revoked_at_ms FROM tokens WHERE revoked_at_ms NOT NULL');
  return [
    ...[...grants].map((row) => ({
      what: 'grant' as const,
      id: String(row['id']),
      atMs: Number(row['revoked_at_ms']),
      reason: String(row['revocation_reason']),
    })),
    ...[...tokens].map((row) => ({
      what: 'token' as const,
      id: String(row['id']),
      atMs: Number(row['revoked_at_ms']),
    })),
  ];
}

function revoke(transaction: OpenTransaction, { what, id, atMs, reason }: Revocation): void {
  if (what === 'token') {
    transaction.run('UPDATE tokens SET revoked_at_ms = coalesce(revoked_at_ms, ?) WHERE id = ?', atMs, id);
    return;
  }
  transaction.run(revokeGrantStatement, id, atMs, reason ?? 'operator');
  for (const statement of revokeOAuthStatements) transaction.run(statement, id);
  transaction.run('DELETE FROM credentials WHERE grant_id = ?', id);
}

function isNothing(rows: Iterable<Row>): boolean {
  return [...rows].length === 0;
}

function foreign(part: string): DomainError {
  return new DomainError('BAD_INPUT', `The backup holds "${part}" in a form that this storage does not know.`);
}
