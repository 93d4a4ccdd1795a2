import type { StoredFile } from '../../domain/model/backup.ts';
import type { BackupStore } from '../../domain/ports/backup-store.ts';
import { type FileKind, filePrefixes, timeOfFile } from './file-names.ts';

export interface TimedFile extends StoredFile {
  /** Milliseconds since 1970, as the name tells it. */
  readonly atMs: number;
}

/** The files of a kind, the newest first. */
export async function listFiles(kind: FileKind, store: BackupStore): Promise<readonly TimedFile[]> {
  const files = await store.list(filePrefixes[kind]);
  return files
    .flatMap((file) => {
      const atMs = timeOfFile(kind, file.name);
      return atMs === undefined ? [] : [{ ...file, atMs }];
    })
    .toReversed();
}

/** What an operator wants to be told of without asking: the place of backups is the one witness. */
export interface BackupFacts {
  readonly lastSuccessAtMs?: number;
  readonly lastSizeBytes?: number;
  readonly restoreTestedAtMs?: number;
}

/**
 * When the last good backup was taken, how large it is, and when a recovery was last tried with success. What is not
 * there has never been.
 *
 * @throws DomainError STORAGE_UNAVAILABLE.
 */
export async function readBackupFacts(store: BackupStore): Promise<BackupFacts> {
  const [newest] = await listFiles('backup', store);
  const [test] = await listFiles('recoveryTest', store);
  return {
    ...(newest === undefined ? {} : { lastSuccessAtMs: newest.atMs, lastSizeBytes: newest.sizeBytes }),
    ...(test === undefined ? {} : { restoreTestedAtMs: test.atMs }),
  };
}
