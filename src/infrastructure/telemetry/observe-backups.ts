import { type BackupFacts, readBackupFacts } from '../../application/backups/list-backups.ts';
import type { BackupStore } from '../../domain/ports/backup-store.ts';
import type { Clock } from '../../domain/ports/system.ts';
import type { Metrics } from './metrics.ts';

/** The place of backups is asked once for all metrics of a page, and not for each of them. */
const freshMs = 10_000;

/** Tells of the last backup and the last test of a recovery, as the place of backups knows them. */
export function observeBackups(
  metrics: Metrics,
  { store, clock }: { readonly store: () => BackupStore; readonly clock: Clock },
): void {
  let asked: { readonly atMs: number; readonly facts: Promise<BackupFacts> } | undefined;
  const facts = (): Promise<BackupFacts> => {
    if (asked === undefined || clock.nowMs() - asked.atMs > freshMs) {
      asked = { atMs: clock.nowMs(), facts: readBackupFacts(store()) };
    }
    return asked.facts;
  };
  metrics.observe('backup_last_success_timestamp_seconds', async () => reading((await facts()).lastSuccessAtMs, 1_000));
  metrics.observe('backup_last_size_bytes', async () => reading((await facts()).lastSizeBytes, 1));
  metrics.observe('backup_restore_test_timestamp_seconds', async () =>
    reading((await facts()).restoreTestedAtMs, 1_000),
  );
}

/** Nothing where there has never been one: an alert then says so. */
function reading(value: number | undefined, unit: number) {
  return value === undefined ? [] : [{ value: value / unit, labels: {} }];
}
