import { DomainError } from '../../domain/errors.ts';
import type { SnapshotHead } from '../../domain/model/snapshot.ts';
import type { SnapshotTools } from '../../domain/ports/snapshot-tools.ts';
import type { Clock } from '../../domain/ports/system.ts';

const dayMs = 86_400_000;

/**
 * Removes the snapshots that are not kept any more, root by root, with what only they held. Answers their ids. The
 * newest one of each root always stays; so does one that cannot be read, for the operator to look at.
 *
 * @throws DomainError STORAGE_UNAVAILABLE.
 */
export async function pruneSnapshots(
  { store, keep }: SnapshotTools,
  { clock }: { readonly clock: Clock },
): Promise<readonly string[]> {
  const heads = await readHeads(store);
  const ofRoot = new Map<string, number>();
  const stale = heads.filter(({ root, takenAtMs }) => {
    const index = ofRoot.get(root.id) ?? 0;
    ofRoot.set(root.id, index + 1);
    if (index === 0) return false;
    return keep.unit === 'backups' ? index >= keep.count : clock.nowMs() - takenAtMs > keep.count * dayMs;
  });
  const ids = stale.map(({ id }) => id);
  if (ids.length > 0) await store.remove(ids);
  return ids;
}

/** The heads of all snapshots that can be read, newest first. */
export async function readHeads(store: SnapshotTools['store']): Promise<readonly SnapshotHead[]> {
  const heads: SnapshotHead[] = [];
  for (const { id } of await store.list()) {
    const head = await headIfReadable(id, store);
    if (head !== undefined) heads.push(head);
  }
  return heads;
}

/** `undefined` for one that is gone or damaged. */
export async function headIfReadable(id: string, store: SnapshotTools['store']): Promise<SnapshotHead | undefined> {
  try {
    return await store.head(id);
  } catch (error) {
    // A place that is away fails the list as well.
    if (error instanceof DomainError && error.details?.['unreadable'] === true) return undefined;
    throw error;
  }
}
