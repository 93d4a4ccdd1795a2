import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../../../src/adapters/outbound/sqlite/database.ts';
import { migrations } from '../../../src/adapters/outbound/sqlite/migrations.ts';

describe('openDatabase', () => {
  let folder: string;
  let file: string;
  let opened: Database[] = [];
  const open = (path = file): Database => {
    const database = openDatabase(path);
    opened.push(database);
    return database;
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'igx-database-'));
    file = join(folder, 'server.sqlite');
  });
  afterEach(() => {
    for (const database of opened) database.close();
    opened = [];
    rmSync(folder, { recursive: true, force: true });
  });

  it('creates the file, and keeps what was written', () => {
    const record = { key: 'key', value: '"value"', expires_at_ms: 1 };
    open().run('INSERT INTO records VALUES (?, ?, ?)', record.key, record.value, record.expires_at_ms);
    expect(open().all('SELECT * FROM records')).toEqual([record]);
  });

  it('writes to the disk before it answers', () => {
    expect(open().get('PRAGMA journal_mode')).toEqual({ journal_mode: 'wal' });
    expect(open().get('PRAGMA synchronous')).toEqual({ synchronous: 2 });
  });

  it('can be opened for the first time by several processes at once', async () => {
    const program = `const { openDatabase } = await import(process.argv[1]);
      const database = openDatabase(process.argv[2]);
      database.run("INSERT INTO records VALUES (?, '1', 1)", String(process.pid));`;
    const module = new URL('../../../src/adapters/outbound/sqlite/database.ts', import.meta.url).href;
    const openers = Array.from({ length: 6 }, () =>
      spawn(process.execPath, ['--input-type=module', '--eval', program, module, file], { stdio: 'inherit' }),
    );
    const codes = await Promise.all(openers.map(async (opener) => (await once(opener, 'exit'))[0]));
    expect(codes).toEqual(openers.map(() => 0));
    expect(open().all('SELECT key FROM records')).toHaveLength(openers.length);
  });

  it('undoes a transaction that throws, and goes on', () => {
    const database = open();
    const insert = "INSERT INTO records VALUES (?, '1', 1)";
    expect(() =>
      database.transaction(() => {
        database.run(insert, 'undone');
        throw new RangeError('no');
      }),
    ).toThrow(RangeError);
    expect(database.transaction(() => database.run(insert, 'kept'))).toBe(1);
    expect(open().all('SELECT key FROM records')).toEqual([{ key: 'kept' }]);
  });

  it.each(migrations.map((_, version) => version + 1).slice(0, -1))(
    'brings a file of schema %i to the form of today, with what is in it',
    (version) => {
      const schemaOf = (database: Database) => database.all('SELECT type, name, sql FROM sqlite_master ORDER BY name');
      const today = schemaOf(open(join(folder, 'today.sqlite')));
      const older = new DatabaseSync(join(folder, 'older.sqlite'));
      for (const step of migrations.slice(0, version)) older.exec(step);
      older.exec(`PRAGMA user_version = ${version}; ${kept}`);
      older.close();
      const migrated = open(join(folder, 'older.sqlite'));
      expect(schemaOf(migrated)).toEqual(today);
      expect(migrated.get('PRAGMA user_version')).toEqual({ user_version: migrations.length });
      expect(migrated.get('SELECT subject, expires_at_ms FROM tokens')).toEqual({ subject: 'ada', expires_at_ms: 2 });
      expect(migrated.get('SELECT id, state, input FROM jobs')).toEqual({ id: 'job', state: 'queued', input: '{}' });
    },
  );

  it('refuses a file of a newer version', () => {
    open().run('PRAGMA user_version = 999');
    expect(() => open()).toThrow(
      expect.objectContaining({ code: 'STORAGE_UNAVAILABLE', message: expect.stringContaining('999') }),
    );
  });

  it('says that the disk is full, keeps nothing of what it refuses, and goes on when there is room', () => {
    const database = open();
    const pages = Number(database.get('PRAGMA page_count')?.['page_count']);
    database.get(`PRAGMA max_page_count = ${pages}`);
    const insert = 'INSERT INTO records VALUES (?, ?, 1)';
    expect(() =>
      database.transaction(() => {
        for (let at = 0; at < 100; at += 1) database.run(insert, `row ${at}`, JSON.stringify('x'.repeat(1_000)));
      }),
    ).toThrow(
      expect.objectContaining({ code: 'STORAGE_UNAVAILABLE', message: expect.stringContaining('its disk is full') }),
    );
    expect(database.all('SELECT key FROM records')).toEqual([]);
    database.get('PRAGMA max_page_count = 1000000');
    expect(database.run(insert, 'kept', '1')).toBe(1);
  });

  it('reports trouble with the file as STORAGE_UNAVAILABLE, and its own mistakes as they are', () => {
    const unavailable = expect.objectContaining({ code: 'STORAGE_UNAVAILABLE' });
    const text = join(folder, 'text');
    writeFileSync(text, 'This is no database, but it is long enough to be looked at as if it were one. '.repeat(20));
    expect(() => open(text)).toThrow(unavailable);
    expect(() => open(folder)).toThrow(unavailable);
    expect(() => open(join(text, 'below-a-file.sqlite'))).toThrow(unavailable);
    const database = open();
    expect(() => database.get('SELECT nonsense')).toThrow(expect.not.objectContaining({ code: 'STORAGE_UNAVAILABLE' }));
    database.close();
    expect(() => database.get('SELECT 1')).toThrow(unavailable);
  });
});

/** A token and a job as the first version wrote them. */
const kept = `
  INSERT INTO tokens (id, hash, subject, client_id, scopes, issued_at_ms, expires_at_ms)
    VALUES ('token', 'hash', 'ada', 'agent', 'cms:read', 1, 2);
  INSERT INTO jobs (id, queue, kind, owner, input, state, priority, attempts_max, backoff_ms, created_at_ms, run_at_ms)
    VALUES ('job', 'reports', 'run_report', 'ada', '{}', 'queued', 0, 3, 1000, 1, 1);`;
