import type { BackupKeep } from '../../domain/model/backup.ts';
import type { BackupStore } from '../../domain/ports/backup-store.ts';
import type { Clock } from '../../domain/ports/system.ts';
import { listFiles, type TimedFile } from './list-backups.ts';

const dayMs = 86_400_000;

/**
 * Removes the backups that are not kept any more, and the revocations that every backup left knows already. Answers the
 * names of the backups that were removed. The newest one always stays.
 *
 * @throws DomainError STORAGE_UNAVAILABLE.
 */
export async function pruneBackups(
  keep: BackupKeep,
  { store, clock }: { readonly store: BackupStore; readonly clock: Clock },
): Promise<readonly string[]> {
  const backups = await listFiles('backup', store);
  const stale = backups.filter((backup, index) => index > 0 && !isKept(backup, index, keep, clock.nowMs()));
  for (const { name } of stale) await store.remove(name);
  const oldestAtMs = backups.findLast((backup) => !stale.includes(backup))?.atMs;
  if (oldestAtMs === undefined) return [];
  for (const { name, atMs } of await listFiles('revocations', store)) {
    // A backup knows what was revoked before it began; clocks of several machines may differ by less than this.
    if (atMs < oldestAtMs - dayMs) await store.remove(name);
  }
  return stale.map(({ name }) => name);
}

function isKept({ atMs }: TimedFile, index: number, { unit, count }: BackupKeep, nowMs: number): boolean {
  return unit === 'backups' ? index < count : nowMs - atMs <= count * dayMs;
}
