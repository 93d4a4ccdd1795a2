import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createBackupArchive } from '../../../src/adapters/outbound/node/backup-archive.ts';
import { createBackupFolder } from '../../../src/adapters/outbound/node/backup-folder.ts';
import { createClock } from '../../../src/adapters/outbound/node/clock.ts';
import { createSnapshotStore } from '../../../src/adapters/outbound/node/snapshot-store.ts';
import { createS3BackupStore } from '../../../src/adapters/outbound/s3/backup-store.ts';
import { openDatabase } from '../../../src/adapters/outbound/sqlite/database.ts';
import { createSqliteLock } from '../../../src/adapters/outbound/sqlite/lock.ts';
import type { BackupStore } from '../../../src/domain/ports/backup-store.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { testMasterKey } from '../../support/master-key.ts';
import { s3Account, startS3Service } from '../../support/s3-service.ts';
import { temporaryFolder } from '../../support/server-process.ts';
import { snapshotStoreContract } from '../suites/snapshot-store.ts';

/** Two processes at one place, which share the lock, and one with another key. */
function processesAt(open: () => BackupStore) {
  const clock = createFakeClock(Date.parse('2026-03-01T12:00:00Z'));
  // Times of locks are real: somebody waits for them.
  const lock = createSqliteLock({ database: openDatabase(':memory:'), clock: createClock() });
  const at = (masterKey: Uint8Array) =>
    createSnapshotStore({
      store: open(),
      archive: createBackupArchive({ masterKeys: [masterKey] }),
      facts: { productVersion: '0.0.0-test', layout: { driver: 'embedded', version: 1 } },
      lock,
      clock,
    });
  return {
    clock,
    subject: at(testMasterKey),
    other: at(testMasterKey),
    foreign: at(new Uint8Array(32).fill(9)),
  };
}

snapshotStoreContract({
  name: 'folder',
  open: async () => {
    const parent = temporaryFolder();
    const folder = join(parent.path, 'backups');
    const names = () => readdir(folder).catch(() => []);
    return {
      ...processesAt(() => createBackupFolder({ folder })),
      files: async () =>
        new Map(
          await Promise.all((await names()).map(async (name) => [name, await readFile(join(folder, name))] as const)),
        ),
      putFile: (name, bytes) => writeFile(join(folder, name), bytes),
      removeFile: (name) => rm(join(folder, name)),
      modes: async () =>
        Promise.all(['.', ...(await names())].map(async (name) => (await stat(join(folder, name))).mode)),
      close: async () => parent.remove(),
    };
  },
});

const bucket = 'backups';

snapshotStoreContract({
  name: 's3',
  open: async () => {
    const service = await startS3Service(bucket);
    // The service's map is its state; a test may damage it.
    const objects = service.objects as Map<string, Buffer>;
    return {
      ...processesAt(() => createS3BackupStore({ ...s3Account, endpoint: service.endpoint, bucket })),
      files: async () => new Map(objects),
      putFile: async (name, bytes) => {
        objects.set(name, bytes);
      },
      removeFile: async (name) => {
        objects.delete(name);
      },
      modes: async () => [],
      close: () => service.close(),
    };
  },
});
