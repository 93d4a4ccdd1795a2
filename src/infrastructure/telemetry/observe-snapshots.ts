import { type SnapshotUsage, snapshotParts } from '../../domain/model/snapshot.ts';
import type { SnapshotStore } from '../../domain/ports/snapshot-store.ts';
import type { Clock } from '../../domain/ports/system.ts';
import type { Metrics } from './metrics.ts';

/** Each snapshot is as many files as pages have changed, so the place is looked through less often than it is scraped. */
const freshMs = 60_000;

/** Tells of the snapshots of content that are kept, as the place of backups knows them. */
export function observeSnapshots(
  metrics: Metrics,
  { store, clock }: { readonly store: () => Pick<SnapshotStore, 'usage'>; readonly clock: Clock },
): void {
  let asked: { readonly atMs: number; readonly usage: Promise<SnapshotUsage> } | undefined;
  const usage = (): Promise<SnapshotUsage> => {
    if (asked === undefined || clock.nowMs() - asked.atMs > freshMs) {
      asked = { atMs: clock.nowMs(), usage: store().usage() };
    }
    return asked.usage;
  };
  metrics.observe('snapshot_last_success_timestamp_seconds', async () => {
    const { lastTakenAtMs } = await usage();
    return lastTakenAtMs === undefined ? [] : [{ value: lastTakenAtMs / 1_000, labels: {} }];
  });
  metrics.observe('snapshots_kept', async () => [{ value: (await usage()).snapshots, labels: {} }]);
  metrics.observe('snapshot_stored_bytes', async () => {
    const { bytes } = await usage();
    return snapshotParts.map((part) => ({ value: bytes[part], labels: { part } }));
  });
}
