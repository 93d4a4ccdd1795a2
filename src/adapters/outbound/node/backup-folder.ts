import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { DomainError } from '../../../domain/errors.ts';
import { type BackupStore, fileNamePattern } from '../../../domain/ports/backup-store.ts';
import { makeFolder } from './make-folder.ts';
import { readFile, removeFile, removeStaleDrafts, writeFile } from './whole-files.ts';

/**
 * Backups as files of a folder, which is made where it is missing (mode 0700).
 *
 * Throws `STORAGE_UNAVAILABLE` where the folder cannot be used.
 */
export function createBackupFolder({ folder }: { readonly folder: string }): BackupStore {
  const pathOf = (name: string): string => {
    if (!fileNamePattern.test(name)) {
      throw new DomainError('BAD_INPUT', 'A backup is named with small letters, digits, dots and dashes.');
    }
    return join(folder, name);
  };
  return {
    place: resolve(folder),
    async put(name, bytes) {
      const path = pathOf(name);
      await reported(async () => {
        makeFolder(folder);
        await writeFile(path, bytes);
        await removeStaleDrafts(folder);
      });
    },
    async get(name) {
      const path = pathOf(name);
      return existsSync(path) ? readingOf(path) : undefined;
    },
    async list(prefix) {
      const names = (await unlessMissing(() => readdir(folder))) ?? [];
      const wanted = names.filter((name) => fileNamePattern.test(name) && name.startsWith(prefix)).sort();
      const files = await Promise.all(
        wanted.map(async (name) => {
          const facts = await unlessMissing(() => stat(join(folder, name)));
          // Removed since the folder was read, or no file at all.
          return facts?.isFile() === true ? [{ name, sizeBytes: facts.size }] : [];
        }),
      );
      return files.flat();
    },
    async remove(name) {
      const path = pathOf(name);
      await reported(() => removeFile(path));
    },
  };
}

async function* readingOf(path: string): AsyncGenerator<Uint8Array> {
  try {
    yield* readFile(path);
  } catch (error) {
    throw unavailable(error);
  }
}

/** The folder's troubles as what they are; what the bytes threw is not about the folder and rises as it is. */
async function reported<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw codeOf(error) === undefined ? error : unavailable(error);
  }
}

function unlessMissing<T>(act: () => Promise<T>): Promise<T | undefined> {
  return reported(async () => {
    try {
      return await act();
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error;
      return undefined;
    }
  });
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'syscall' in error && 'code' in error ? String(error.code) : undefined;
}

function unavailable(cause: unknown): DomainError {
  return new DomainError(
    'STORAGE_UNAVAILABLE',
    `The folder of backups cannot be used (${codeOf(cause) ?? 'unknown reason'}). Look at BACKUP_DIR: is it there, writable for this account, and is there space?`,
    { cause },
  );
}
