import { copyFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClock } from '../../../src/adapters/outbound/node/clock.ts';
import { createIdSource } from '../../../src/adapters/outbound/node/id-source.ts';
import { createSealer } from '../../../src/adapters/outbound/node/sealer.ts';
import { createSqliteDataKeyStore } from '../../../src/adapters/outbound/sqlite/data-key-store.ts';
import { type Database, openDatabase } from '../../../src/adapters/outbound/sqlite/database.ts';
import { createSqliteGrantStore } from '../../../src/adapters/outbound/sqlite/grant-store.ts';
import { createSqliteLockdownSwitch } from '../../../src/adapters/outbound/sqlite/lockdown-switch.ts';
import { createSqliteOAuthRecords } from '../../../src/adapters/outbound/sqlite/oauth-records.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { testMasterKey } from '../../support/master-key.ts';
import { inProcesses } from '../../support/store-processes.ts';
import { dataKeyStoreContract } from '../suites/data-key-store.ts';
import { grantStoreContract } from '../suites/grant-store.ts';
import { lockdownSwitchContract } from '../suites/lockdown-switch.ts';
import { oauthRecordsContract, raceKind } from '../suites/oauth-records.ts';
import { sealerContract } from '../suites/sealer.ts';

const otherMasterKey = new Uint8Array(32).fill(8);

sealerContract({
  name: 'node, keys in sqlite',
  open: async () => {
    const files = await openFiles();
    const clock = createFakeClock();
    const database = files.open();
    const withKeys = (keys: readonly ('first' | 'second')[]) =>
      createSealer({
        masterKeys: keys.map((key) => (key === 'first' ? testMasterKey : otherMasterKey)),
        store: createSqliteDataKeyStore({ database: files.open() }),
        clock,
        ids: createIdSource(),
      });
    return {
      subject: withKeys(['first']),
      other: withKeys(['first']),
      withKeys,
      elapse: (ms) => clock.advance(ms),
      stored: async () => JSON.stringify(database.all('SELECT * FROM data_keys')),
      close: files.close,
    };
  },
});

dataKeyStoreContract({
  name: 'sqlite',
  open: async () => {
    const files = await openFiles();
    return {
      subject: createSqliteDataKeyStore({ database: files.open() }),
      other: createSqliteDataKeyStore({ database: files.open() }),
      crash: async () => createSqliteDataKeyStore({ database: await files.crash() }),
      close: files.close,
    };
  },
});

lockdownSwitchContract({
  name: 'sqlite',
  open: async () => {
    const files = await openFiles();
    return {
      subject: createSqliteLockdownSwitch({ database: files.open() }),
      other: createSqliteLockdownSwitch({ database: files.open() }),
      crash: async () => createSqliteLockdownSwitch({ database: await files.crash() }),
      close: files.close,
    };
  },
});

grantStoreContract({
  name: 'sqlite',
  open: async () => {
    const files = await openFiles();
    return {
      subject: createSqliteGrantStore({ database: files.open() }),
      other: createSqliteGrantStore({ database: files.open() }),
      crash: async () => createSqliteGrantStore({ database: await files.crash() }),
      close: files.close,
    };
  },
});

oauthRecordsContract({
  name: 'sqlite',
  open: async () => {
    const files = await openFiles();
    // It begins at the machine's time, which the racing processes go by.
    const clock = createFakeClock(Date.now());
    const open = (database: Database) => {
      const store = createSqliteDataKeyStore({ database });
      const sealer = createSealer({ masterKeys: [testMasterKey], store, clock: createClock(), ids: createIdSource() });
      return { sealer, records: createSqliteOAuthRecords({ database, sealer, clock }) };
    };
    const database = files.open();
    const { sealer, records } = open(database);
    return {
      subject: records,
      other: open(files.open()).records,
      sealer,
      elapse: async (seconds) => clock.advance(seconds * 1000),
      race: (act, hashes) =>
        inProcesses(
          { driver: 'sqlite', location: files.location },
          Array.from({ length: 3 }, () => ({
            act: act === 'create' ? 'create-oauth' : 'consume-oauth',
            kind: raceKind,
            hashes,
          })),
        ),
      crash: async () => open(await files.crash()).records,
      stored: async () => JSON.stringify(database.all('SELECT hash, sealed, * FROM oauth_records')),
      close: files.close,
    };
  },
});

/** A database file of one law's own, which several "processes" open. */
async function openFiles() {
  const folder = await mkdtemp(join(tmpdir(), 'igx-sqlite-'));
  const location = join(folder, 'store.db');
  const opened: Database[] = [];
  const openAt = (file: string) => {
    const database = openDatabase(file);
    opened.push(database);
    return database;
  };
  return {
    location,
    open: () => openAt(location),
    /** The files as a crash at this moment would leave them, opened anew. */
    crash: async () => {
      const after = await mkdtemp(join(folder, 'after-'));
      for (const name of (await readdir(folder)).filter(
        (entry) => entry.startsWith('store.db') && !entry.endsWith('-shm'),
      )) {
        await copyFile(join(folder, name), join(after, name));
      }
      return openAt(join(after, 'store.db'));
    },
    close: async () => {
      for (const database of opened) database.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
