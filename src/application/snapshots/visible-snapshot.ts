import { DomainError } from '../../domain/errors.ts';
import type { ItemContext } from '../../domain/model/content-item.ts';
import type { Principal } from '../../domain/model/principal.ts';
import type { Snapshot, SnapshotHead, SnapshotItem } from '../../domain/model/snapshot.ts';
import { snapshotIdPattern } from '../../domain/policy/snapshot-id.ts';
import type { Ports } from '../../domain/ports/index.ts';
import { itemContexts } from '../items/item-calls.ts';
import { readVisible } from '../items/read-visible.ts';
import { headIfReadable } from './prune-snapshots.ts';

/**
 * What of a snapshot somebody may see. It may have been taken by a person who may read more than the one who looks, and
 * rights change: so the CMS decides anew each time it is looked at, and for each item.
 *
 * - A snapshot: who can read its root in the CMS now.
 * - An item of it: who can read that item now. The CMS cannot say that of an item that is gone for good; such a one is
 *   shown to the person who took the snapshot, who could read it then.
 */
type Needs = Pick<Ports, 'pages' | 'assets' | 'snapshots'>;

/** @throws DomainError NOT_FOUND, also for one that this user may not see: whether it exists is nobody else's business. */
export async function openVisible(id: string, ports: Needs): Promise<Snapshot> {
  const { store } = ports.snapshots;
  const head = snapshotIdPattern.test(id) ? await store.head(id) : undefined;
  const isVisible = head !== undefined && (await readVisible(head.root.id, ports)) !== undefined;
  const snapshot = isVisible ? await store.open(id) : undefined;
  if (snapshot !== undefined) return snapshot;
  throw new DomainError('NOT_FOUND', `There is no snapshot "${id.slice(0, 80)}" that you can see.`, {
    next: { tool: 'browse_snapshots', input: {} },
  });
}

/**
 * An item of a snapshot that this user may see, and how it stands now.
 *
 * @throws DomainError NOT_FOUND, also for one that this user may not see.
 */
export async function findVisible(
  id: string,
  snapshot: Snapshot,
  ports: Pick<Ports, 'pages' | 'assets'>,
  principal: Principal,
): Promise<{ readonly item: SnapshotItem; readonly standing: Standing }> {
  const item = snapshot.items.find((each) => each.id === id);
  const standing = item === undefined ? 'hidden' : ((await standingsOf([item], ports)).get(id) ?? 'hidden');
  if (item !== undefined && maySee(standing, snapshot, principal)) return { item, standing };
  throw new DomainError(
    'NOT_FOUND',
    `The snapshot ${snapshot.id} holds no item "${id.slice(0, 80)}" that you can read.`,
    { next: { tool: 'browse_snapshots', input: { snapshot: snapshot.id } } },
  );
}

/**
 * The file of an asset as a snapshot keeps it.
 *
 * @param reference - `<snapshot>:<asset id>`.
 * @throws DomainError NOT_FOUND, also for what this user may not see; STORAGE_UNAVAILABLE.
 */
export async function readKeptFile(reference: string, ports: Needs, principal: Principal): Promise<Uint8Array> {
  const [snapshotId = '', assetId = ''] = reference.split(':');
  const { item } = await findVisible(assetId, await openVisible(snapshotId, ports), ports, principal);
  if (item.file?.hash !== undefined) return ports.snapshots.store.object(item.file.hash);
  throw new DomainError('NOT_FOUND', `The snapshot ${snapshotId} does not hold the file of ${assetId}.`);
}

/** Heads of the snapshots that this user may see, newest first, and how many cannot be read at all. */
export async function visibleHeads(
  ports: Needs,
): Promise<{ readonly heads: readonly SnapshotHead[]; readonly damaged: readonly string[] }> {
  const heads: SnapshotHead[] = [];
  const damaged: string[] = [];
  const roots = new Map<string, boolean>();
  for (const { id } of await ports.snapshots.store.list()) {
    const head = await headIfReadable(id, ports.snapshots.store);
    if (head === undefined) {
      damaged.push(id);
      continue;
    }
    const known = roots.get(head.root.id) ?? (await readVisible(head.root.id, ports)) !== undefined;
    roots.set(head.root.id, known);
    if (known) heads.push(head);
  }
  return { heads, damaged };
}

/** How an item stands in the CMS now, for this user. */
export type Standing = 'there' | 'recycled' | 'gone' | 'hidden';

/** Whether this user may see what a snapshot holds of an item that stands so. */
export function maySee(standing: Standing, { takenBy }: SnapshotHead, principal: Principal): boolean {
  return standing === 'gone' ? takenBy === principal.subject : standing !== 'hidden';
}

/** How items stand in the CMS now. Asset folders are asked for one by one: the CMS tells no more of them. */
export async function standingsOf(
  items: readonly Pick<SnapshotItem, 'id' | 'kind'>[],
  ports: Pick<Ports, 'pages' | 'assets'>,
): Promise<ReadonlyMap<string, Standing>> {
  const standings = new Map<string, Standing>();
  const folders = items.filter(({ kind }) => kind === 'asset_folder').map(({ id }) => id);
  const others = items.filter(({ kind }) => kind !== 'asset_folder').map(({ id }) => id);
  const contexts = await contextsOf(others, ports);
  for (const id of others) standings.set(id, standingOf(contexts.get(id)));
  for (const id of folders) {
    const folder = await standingOfFolder(id, ports);
    standings.set(id, folder);
  }
  return standings;
}

type Told = ItemContext | 'refused';

function standingOf(told: Told | undefined): Standing {
  if (told === undefined) return 'gone';
  if (told === 'refused' || !told.readAccess) return 'hidden';
  return told.recycled ? 'recycled' : 'there';
}

/** A CMS that refuses a list of items for one of them is asked for each alone. */
async function contextsOf(
  ids: readonly string[],
  ports: Pick<Ports, 'pages' | 'assets'>,
): Promise<ReadonlyMap<string, Told>> {
  try {
    return await itemContexts(ids, ports);
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'FORBIDDEN') throw error;
    if (ids.length < 2) return new Map(ids.map((id) => [id, 'refused']));
    const alone = [];
    for (const id of ids) alone.push(...(await contextsOf([id], ports)));
    return new Map(alone);
  }
}

async function standingOfFolder(id: string, { assets }: Pick<Ports, 'assets'>): Promise<Standing> {
  try {
    const folder = await assets.get(id);
    if (folder === undefined) return 'gone';
    return folder.access === 'none' ? 'hidden' : 'there';
  } catch (error) {
    if (error instanceof DomainError && error.code === 'FORBIDDEN') return 'hidden';
    throw error;
  }
}
