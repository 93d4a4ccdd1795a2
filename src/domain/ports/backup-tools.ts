import type { BackupArchive } from './backup-archive.ts';
import type { BackupStore } from './backup-store.ts';
import type { StorageDump } from './storage-dump.ts';

/** What backups are made with: they are always needed together. */
export interface BackupTools {
  readonly dump: StorageDump;
  readonly store: BackupStore;
  readonly archive: BackupArchive;
  readonly installation: InstallationFacts;
}

/** What a backup tells about the server that it is of. */
export interface InstallationFacts {
  readonly productVersion: string;
  /** The settings by their names; of secrets only whether they are given. */
  readonly configuration: Readonly<Record<string, string>>;
}
