import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Database, openDatabase } from '../../../src/adapters/outbound/sqlite/database.ts';
import { createSqliteExpiringRecords } from '../../../src/adapters/outbound/sqlite/expiring-records.ts';
import { createSqliteTokenStore } from '../../../src/adapters/outbound/sqlite/token-store.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { inProcesses, type StorePlace } from '../../support/store-processes.ts';
import { expiringRecordsContract } from '../suites/expiring-records.ts';
import { tokenStoreContract } from '../suites/token-store.ts';

tokenStoreContract({
  name: 'sqlite',
  open: async () => {
    const files = await openFiles();
    return {
      subject: createSqliteTokenStore({ database: files.open() }),
      other: createSqliteTokenStore({ database: files.open() }),
      addAndCrash: async (tokens) => {
        await inProcesses(files.place, [{ act: 'add-tokens', tokens }]);
        return createSqliteTokenStore({ database: files.open() });
      },
      close: files.close,
    };
  },
});

expiringRecordsContract({
  name: 'sqlite',
  open: async () => {
    const files = await openFiles();
    // It begins at the machine's time, which the racing processes go by.
    const clock = createFakeClock(Date.now());
    const open = () => createSqliteExpiringRecords({ database: files.open(), clock });
    return {
      subject: open(),
      other: open(),
      elapse: async (seconds) => clock.advance(seconds * 1000),
      race: (act, keys) =>
        inProcesses(
          files.place,
          Array.from({ length: 3 }, () => ({ act, keys })),
        ),
      writeAndCrash: async (act, keys) => {
        await inProcesses(files.place, [{ act, keys }]);
        return open();
      },
      close: files.close,
    };
  },
});

/** A database file of one law's own, which several "processes" open. */
async function openFiles() {
  const folder = await mkdtemp(join(tmpdir(), 'igx-sqlite-'));
  const place: StorePlace = { driver: 'sqlite', location: join(folder, 'store.db') };
  const opened: Database[] = [];
  return {
    place,
    open: () => {
      const database = openDatabase(place.location);
      opened.push(database);
      return database;
    },
    close: async () => {
      for (const database of opened) database.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
