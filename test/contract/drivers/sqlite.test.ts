import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { createCalendar } from '../../../src/adapters/outbound/node/calendar.ts';
import { createDigest } from '../../../src/adapters/outbound/node/digest.ts';
import { createSqliteAuditLog } from '../../../src/adapters/outbound/sqlite/audit-log.ts';
import { type Database, openDatabase } from '../../../src/adapters/outbound/sqlite/database.ts';
import { createSqliteExpiringRecords } from '../../../src/adapters/outbound/sqlite/expiring-records.ts';
import { createSqliteJobScheduler } from '../../../src/adapters/outbound/sqlite/job-scheduler.ts';
import { createSqliteLock } from '../../../src/adapters/outbound/sqlite/lock.ts';
import { createSqliteTokenStore } from '../../../src/adapters/outbound/sqlite/token-store.ts';
import { keepSeconds } from '../../../src/domain/ports/job-queue.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { inProcesses, type StorePlace } from '../../support/store-processes.ts';
import { auditLogContract } from '../suites/audit-log.ts';
import { expiringRecordsContract } from '../suites/expiring-records.ts';
import { jobSchedulerContract } from '../suites/job-scheduler.ts';
import { lockContract } from '../suites/lock.ts';
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

lockContract({
  name: 'sqlite',
  open: async () => {
    const files = await openFiles();
    // It begins at the machine's time, which the racing processes go by.
    const clock = createFakeClock(Date.now());
    const open = () => createSqliteLock({ database: files.open(), clock });
    return {
      subject: open(),
      other: open(),
      // The processes took their locks later than the clock stands.
      elapse: async (ms) => clock.advance(Date.now() - clock.nowMs() + ms),
      race: (keys, ttlMs) =>
        inProcesses(
          files.place,
          Array.from({ length: 3 }, () => ({ act: 'acquire', keys, ttlMs })),
        ),
      restart: async () => open(),
      close: files.close,
    };
  },
});

auditLogContract({
  name: 'sqlite',
  open: async () => {
    const files = await openFiles();
    const open = () => createSqliteAuditLog({ database: files.open(), digest: createDigest() });
    const database = files.open();
    const without = (trigger: string, act: () => void) =>
      database.transaction(() => {
        const sql = String(database.get('SELECT sql FROM sqlite_schema WHERE name = ?', trigger)?.['sql']);
        expect(act).toThrow('records of the audit log are never');
        database.run(`DROP TRIGGER ${trigger}`);
        act();
        database.run(sql);
      });
    return {
      subject: open(),
      other: open(),
      appendInProcesses: async (subjects, count) => {
        await inProcesses(
          files.place,
          subjects.map((subject) => ({ act: 'append-audit', subject, count })),
        );
      },
      raw: {
        read: async (sequence) =>
          String(database.get('SELECT record FROM audit WHERE sequence = ?', sequence)?.['record']),
        write: async (sequence, text) =>
          without('audit_unchanged', () =>
            database.run('UPDATE audit SET record = ? WHERE sequence = ?', text, sequence),
          ),
        remove: async (sequence) =>
          without('audit_unremoved', () => database.run('DELETE FROM audit WHERE sequence = ?', sequence)),
        putIn: async (sequence, text) =>
          void database.run('INSERT INTO audit (sequence, record) VALUES (?, ?)', sequence, text),
      },
      close: files.close,
    };
  },
});

jobSchedulerContract({
  name: 'sqlite',
  open: async () => {
    const files = await openFiles();
    const clock = createFakeClock(Date.now());
    const open = () => createSqliteJobScheduler({ database: files.open(), clock, calendar: createCalendar() });
    const subject = open();
    return {
      subject,
      other: open(),
      clock,
      putAndCrash: async (schedule) => {
        await inProcesses(files.place, [{ act: 'put-schedule', schedule }]);
        return open();
      },
      keptSeconds: async (id) => {
        // Rows go when a list finds them past their time.
        const isKept = async () => (await subject.list({})).some((schedule) => schedule.id === id);
        clock.advance(keepSeconds * 1000);
        if (!(await isKept())) return 0;
        clock.advance(1);
        return (await isKept()) ? Number.POSITIVE_INFINITY : keepSeconds;
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
