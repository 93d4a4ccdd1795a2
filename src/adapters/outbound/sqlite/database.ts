import { DatabaseSync, type SQLInputValue, type SQLOutputValue, type StatementSync } from 'node:sqlite';
import { DomainError } from '../../../domain/errors.ts';
import { migrations } from './migrations.ts';

/**
 * Opens the one database file of the embedded drivers, creates it where it is missing, in a folder that is there, and
 * brings its schema up to date. Several processes may have the file open at the same time.
 *
 * `synchronous` is FULL for everything: what was answered has reached the disk, so that neither a revoked token nor an
 * accepted job comes undone by a loss of power. One commit costs about 0.3 ms.
 *
 * Throws `STORAGE_UNAVAILABLE` when the file cannot be opened, or was written by a newer version of this server.
 */
export function openDatabase(file: string): Database {
  const connection = reported(() => new DatabaseSync(file, { timeout: busyTimeoutMs }));
  try {
    reported(() => {
      useWriteAheadLog(connection);
      connection.exec('PRAGMA synchronous = FULL');
      inTransaction(connection, () => migrate(connection));
    });
  } catch (error) {
    // The file must not stay open after a failed start; the reason itself rises.
    connection.close();
    throw error;
  }
  return wrap(connection, file);
}

/**
 * What a store may do with the file. Calls are synchronous and block the process for as long as they take: keep each
 * statement small. A file that is locked, full, read-only, damaged or closed is reported as `STORAGE_UNAVAILABLE`; a
 * wrong statement rises as it is, because it is a defect.
 */
export interface Database {
  /** Every row that the statement answers. Statements are kept prepared, so their text must be a constant. */
  all(sql: string, ...values: readonly SQLInputValue[]): readonly Row[];
  /** The first row, if there is one. */
  get(sql: string, ...values: readonly SQLInputValue[]): Row | undefined;
  /** Answers how many rows were changed. */
  run(sql: string, ...values: readonly SQLInputValue[]): number;
  /** Runs `act` in one write transaction: all of it or, when it throws, nothing. Transactions do not nest. */
  transaction<T>(act: () => T): T;
  /**
   * Begins a transaction on a connection of its own, which may last while this one goes on: `read` sees the file as it is
   * now, `write` keeps other writers out.
   */
  begin(mode: 'read' | 'write'): OpenTransaction;
  /** Closes the file; later calls fail with `STORAGE_UNAVAILABLE`. A second call does nothing. */
  close(): void;
}

/** A transaction under way. Statements are not kept, so their texts may be made for the occasion. */
export interface OpenTransaction {
  /** The rows of a statement, one by one. */
  each(sql: string, ...values: readonly SQLInputValue[]): Iterable<Row>;
  /** Answers how many rows were changed. */
  run(sql: string, ...values: readonly SQLInputValue[]): number;
  commit(): void;
  /** Ends it, and undoes what was not committed. */
  close(): void;
}

export type Row = Readonly<Record<string, SQLOutputValue>>;

/** How long a statement waits for another process that writes, in milliseconds. */
const busyTimeoutMs = 5_000;

/** How often switching on the write-ahead log is tried: SQLite does not wait there while another process does it too. */
const journalTriesMax = 100;
const journalPauseMs = 20;

/**
 * The primary result codes of SQLite (https://www.sqlite.org/rescode.html) that speak of the file, not of the
 * statement: PERM, BUSY, LOCKED, NOMEM, READONLY, IOERR, CORRUPT, FULL, CANTOPEN, PROTOCOL, NOTADB.
 */
const unavailableCodes: ReadonlySet<number> = new Set([3, 5, 6, 7, 8, 10, 11, 13, 14, 15, 26]);

const busyCode = 5;

/** SQLite keeps the primary result code in the low byte of the extended one. */
const primaryCodeMask = 0xff;

function wrap(connection: DatabaseSync, file: string): Database {
  const prepared = new Map<string, StatementSync>();
  const prepare = (sql: string): StatementSync => {
    const kept = prepared.get(sql);
    if (kept !== undefined) return kept;
    const statement = connection.prepare(sql);
    prepared.set(sql, statement);
    return statement;
  };
  return {
    all: (sql, ...values) => reported(() => prepare(sql).all(...values)),
    get: (sql, ...values) => reported(() => prepare(sql).get(...values)),
    run: (sql, ...values) => reported(() => Number(prepare(sql).run(...values).changes)),
    transaction: (act) => reported(() => inTransaction(connection, act)),
    begin: (mode) => beginApart(file, mode),
    close: () => {
      if (connection.isOpen) connection.close();
    },
  };
}

function beginApart(file: string, mode: 'read' | 'write'): OpenTransaction {
  const connection = reported(() => new DatabaseSync(file, { timeout: busyTimeoutMs }));
  try {
    reported(() => {
      connection.exec('PRAGMA synchronous = FULL');
      connection.exec(mode === 'read' ? 'BEGIN' : 'BEGIN IMMEDIATE');
    });
  } catch (error) {
    // As with a failed start: the file must not stay open, and the reason rises.
    connection.close();
    throw error;
  }
  return {
    each: (sql, ...values) => reported(() => connection.prepare(sql).iterate(...values)),
    run: (sql, ...values) => reported(() => Number(connection.prepare(sql).run(...values).changes)),
    commit: () => reported(() => connection.exec('COMMIT')),
    close: () => connection.close(),
  };
}

function inTransaction<T>(connection: DatabaseSync, act: () => T): T {
  connection.exec('BEGIN IMMEDIATE');
  try {
    const result = act();
    connection.exec('COMMIT');
    return result;
  } catch (error) {
    // Nothing of a failed transaction may stay. SQLite has rolled back by itself after some errors, such as a full disk.
    if (connection.isOpen && connection.isTransaction) connection.exec('ROLLBACK');
    throw error;
  }
}

function useWriteAheadLog(connection: DatabaseSync): void {
  for (let attempt = 1; ; attempt++) {
    try {
      connection.exec('PRAGMA journal_mode = WAL');
      return;
    } catch (error) {
      // Another process that opens the same new file is worth the wait; after the last try the reason rises.
      if (primaryCodeOf(error) !== busyCode || attempt === journalTriesMax) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, journalPauseMs);
    }
  }
}

function migrate(connection: DatabaseSync): void {
  const version = Number(connection.prepare('PRAGMA user_version').get()?.['user_version']);
  if (version > migrations.length) {
    throw new DomainError(
      'STORAGE_UNAVAILABLE',
      `The database file was written by a newer version of this server (its schema is ${version}, known are ${migrations.length}). Start that version, or use another DATA_DIR.`,
    );
  }
  if (version === migrations.length) return;
  for (const step of migrations.slice(version)) connection.exec(step);
  connection.exec(`PRAGMA user_version = ${migrations.length}`);
}

function reported<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    // Trouble with the file is the operator's; a wrong statement is ours and rises as it is.
    throw isUnavailable(error) ? unavailable(error) : error;
  }
}

function unavailable(cause: unknown): DomainError {
  const why = reasons[primaryCodeOf(cause)];
  return new DomainError(
    'STORAGE_UNAVAILABLE',
    `The storage of this server cannot be used at the moment${why === undefined ? '' : `: ${why}`}. Nothing was kept of this call. When its operator has mended that, the same call can be made again.`,
    { cause },
  );
}

/** What an operator can tell from a result code, by code: READONLY, IOERR, CORRUPT, FULL. */
const reasons: Readonly<Record<number, string>> = {
  8: 'its file is read-only',
  10: 'its disk refuses to be read or written, as a full or broken one does',
  11: 'its file is damaged',
  13: 'its disk is full',
};

function isUnavailable(error: unknown): boolean {
  // node:sqlite reports a closed file as a wrong state, and everything from SQLite with a result code.
  if (error instanceof Error && 'code' in error && error.code === 'ERR_INVALID_STATE') return true;
  return unavailableCodes.has(primaryCodeOf(error));
}

/** 0, which is no error, for what does not come from SQLite. */
function primaryCodeOf(error: unknown): number {
  return error instanceof Error && 'errcode' in error ? Number(error.errcode) & primaryCodeMask : 0;
}
