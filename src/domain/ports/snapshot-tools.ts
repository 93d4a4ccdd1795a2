import type { BackupKeep } from '../model/backup.ts';
import type { SnapshotStore } from './snapshot-store.ts';

/** What snapshots are made with, and how much of them is kept. */
export interface SnapshotTools {
  readonly store: SnapshotStore;
  /** For each root; the newest one always stays. */
  readonly keep: BackupKeep;
  /** Larger files are told of and left out. */
  readonly fileBytesMax: number;
}
