import { readdir, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createBackupFolder } from '../../../src/adapters/outbound/node/backup-folder.ts';
import { createS3BackupStore } from '../../../src/adapters/outbound/s3/backup-store.ts';
import { s3Account, startS3Service } from '../../support/s3-service.ts';
import { temporaryFolder } from '../../support/server-process.ts';
import { backupStoreContract } from '../suites/backup-store.ts';

backupStoreContract({
  name: 'folder',
  open: async () => {
    const parent = temporaryFolder();
    const folder = join(parent.path, 'backups');
    return {
      subject: createBackupFolder({ folder }),
      other: createBackupFolder({ folder }),
      modes: async () => {
        const paths = [folder, ...(await readdir(folder)).map((name) => join(folder, name))];
        return Promise.all(paths.map(async (path) => (await stat(path)).mode));
      },
      breakPlace: () => writeFile(folder, 'a file where the folder should be'),
      close: async () => parent.remove(),
    };
  },
});

describe('BackupStore: folder', () => {
  it('removes what a killed writer has left, and leaves alone what is being written', async () => {
    const { path, remove } = temporaryFolder();
    const dayAgo = new Date(Date.now() - 25 * 3_600_000);
    for (const name of ['.draft-old', '.draft-new', '.other']) await writeFile(join(path, name), 'x');
    for (const name of ['.draft-old', '.other']) await utimes(join(path, name), dayAgo, dayAgo);
    await createBackupFolder({ folder: path }).put(
      'one',
      (async function* () {
        yield new Uint8Array([1]);
      })(),
    );
    expect((await readdir(path)).toSorted()).toEqual(['.draft-new', '.other', 'one']);
    remove();
  });
});

const bucket = 'backups';

backupStoreContract({
  name: 's3',
  open: async () => {
    const service = await startS3Service(bucket);
    const folder = temporaryFolder();
    // Where the driver gathers what it sends.
    process.env['TMPDIR'] = folder.path;
    const open = () => createS3BackupStore({ ...s3Account, endpoint: service.endpoint, bucket });
    return {
      subject: open(),
      other: open(),
      modes: async () => {
        const names = await readdir(folder.path, { recursive: true });
        return Promise.all(names.map(async (name) => (await stat(join(folder.path, name))).mode));
      },
      breakPlace: () => service.close(),
      close: async () => {
        delete process.env['TMPDIR'];
        folder.remove();
        await service.close();
      },
    };
  },
});

describe('BackupStore: s3', () => {
  it.each([
    ['a wrong secret', { secretAccessKey: 'another secret' }, /403 SignatureDoesNotMatch/],
    ['a bucket that is not there', { bucket: 'other' }, /BACKUP_S3_BUCKET/],
  ])('says what the service answered: %s', async (_, wrong, says) => {
    const service = await startS3Service(bucket);
    const store = createS3BackupStore({ ...s3Account, endpoint: service.endpoint, bucket, ...wrong });
    await expect(store.list('')).rejects.toMatchObject({
      code: 'STORAGE_UNAVAILABLE',
      message: expect.stringMatching(says),
    });
    await service.close();
  });
});
