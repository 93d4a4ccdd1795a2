import type { BackupStore } from '../../domain/ports/backup-store.ts';
import type { Clock } from '../../domain/ports/system.ts';
import { fileNameOf } from './file-names.ts';
import { listFiles } from './list-backups.ts';

/** Remembers, beside the backups, that a recovery was tried and went well; of earlier tests nothing stays. */
export async function recordRecoveryTest({ store, clock }: { store: BackupStore; clock: Clock }): Promise<void> {
  const name = fileNameOf('recoveryTest', clock.nowMs(), 'ok');
  await store.put(name, nothing());
  for (const earlier of await listFiles('recoveryTest', store)) {
    if (earlier.name !== name) await store.remove(earlier.name);
  }
}

/** The name says it all. */
async function* nothing(): AsyncGenerator<Uint8Array> {
  yield new Uint8Array();
}
