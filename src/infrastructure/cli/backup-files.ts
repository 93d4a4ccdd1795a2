import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { readFile, removeFile, writeFile } from '../../adapters/outbound/node/whole-files.ts';
import { listFiles } from '../../application/backups/list-backups.ts';
import type { BackupSource } from '../../application/backups/restore-backup.ts';
import type { BackupPlace } from '../../application/backups/take-backup.ts';
import { DomainError } from '../../domain/errors.ts';
import type { BackupStore } from '../../domain/ports/backup-store.ts';

/** A file of the operator's own, outside the place of backups. */
export function fileAsPlace(path: string): BackupPlace {
  const whole = join(dirname(path), basename(path));
  return {
    put: (bytes) => writeFile(whole, bytes),
    get: async () => readFile(whole),
    remove: () => removeFile(whole),
  };
}

/**
 * The backup that an operator means: `latest`, a name in the place of backups, or the path of a file.
 *
 * @throws DomainError NOT_FOUND.
 */
export async function findBackup(
  file: string,
  store: BackupStore,
): Promise<{ readonly name: string; readonly source: BackupSource }> {
  if (file !== 'latest' && existsSync(file)) return { name: file, source: async () => readFile(file) };
  const backups = await listFiles('backup', store);
  const found = file === 'latest' ? backups[0] : backups.find(({ name }) => name === file);
  if (found === undefined) {
    throw new DomainError(
      'NOT_FOUND',
      `There is no file ${file}, and no backup of that name in ${store.place}. backup list shows the backups.`,
    );
  }
  return {
    name: found.name,
    source: async () => {
      const bytes = await store.get(found.name);
      if (bytes === undefined) throw new DomainError('NOT_FOUND', `The backup ${found.name} was removed meanwhile.`);
      return bytes;
    },
  };
}
