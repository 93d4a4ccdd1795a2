import { DomainError } from '../../domain/errors.ts';
import type { ContentItem } from '../../domain/model/content-item.ts';
import type { JobProgress } from '../../domain/model/job.ts';
import type {
  Snapshot,
  SnapshotCounts,
  SnapshotFile,
  SnapshotGap,
  SnapshotHead,
  SnapshotItem,
} from '../../domain/model/snapshot.ts';
import type { Ports } from '../../domain/ports/index.ts';
import type { SnapshotDraft } from '../../domain/ports/snapshot-store.ts';
import { itemDetails } from '../items/item-calls.ts';
import { isAssetId, itemPath } from '../items/item-path.ts';
import { readVisible } from '../items/read-visible.ts';
import { assetsIn, encodeContent } from './content-objects.ts';
import { type WalkedItem, walkSubtree } from './walk-subtree.ts';

type Needs = Pick<Ports, 'pages' | 'assets' | 'snapshots'>;

export interface SnapshotOrder {
  /** As `snapshotIdOf` makes it: the same id is the same snapshot. */
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly takenAtMs: number;
  readonly takenBy: string;
  readonly rootId: string;
  readonly comment?: string;
  /** Reads everything from the CMS, whatever earlier snapshots have. */
  readonly full: boolean;
}

/** What a snapshot is taken in: a job, or a command. */
export interface SnapshotWork {
  /** Where it may stop: throws when it is to end or to hold. */
  safePoint(): Promise<void>;
  /** Whether it ends for good: then nothing is left of the draft. */
  isCancelled(): boolean;
  progress(progress: JobProgress): Promise<void>;
}

/**
 * Keeps everything below an item as this user sees it: the fields of the newest checked-in versions, and the files of
 * the assets that they refer to. What an earlier snapshot or an earlier run has is not read again.
 *
 * @throws DomainError NOT_FOUND (the root), TOO_LARGE, STORAGE_UNAVAILABLE, and whatever the CMS refuses.
 */
export async function takeSnapshot(order: SnapshotOrder, ports: Needs, work: SnapshotWork): Promise<SnapshotHead> {
  const { store } = ports.snapshots;
  const before = await store.head(order.id);
  if (before !== undefined) {
    // A worker that died right behind the commit has left its draft.
    await (await store.begin({ id: order.id, rootId: order.rootId, full: true })).discard();
    return before;
  }
  const root = await readVisible(order.rootId, ports);
  if (root === undefined) {
    throw new DomainError('NOT_FOUND', `The item ${order.rootId} is not there any more, or not for this user to see.`);
  }
  const draft = await store.begin({ id: order.id, rootId: root.id, full: order.full });
  try {
    const snapshot = await gather(order, root, draft, ports, work);
    await draft.commit(snapshot);
    const { items: _items, ...head } = snapshot;
    return head;
  } catch (error) {
    // Whoever cancels wants nothing of it; after any other failure the next run goes on from here.
    if (work.isCancelled()) await draft.discard();
    throw error;
  }
}

async function gather(
  order: SnapshotOrder,
  root: ContentItem,
  draft: SnapshotDraft,
  ports: Needs,
  work: SnapshotWork,
): Promise<Snapshot> {
  const safePoint = async (found: number): Promise<void> => {
    await work.safePoint();
    if (found % walkedPerProgress === 1) await work.progress({ percent: 2, message: `Found ${found} items.` });
  };
  const tree = await walkSubtree(root, ports, safePoint);
  const keeper = createKeeper(draft, ports);
  const toldOf = async (done: number, total: number, percents: readonly [number, number]): Promise<void> => {
    await work.safePoint();
    if (done % keptPerProgress !== 0) return;
    const percent = Math.round(percents[0] + ((percents[1] - percents[0]) * done) / total);
    await work.progress({ percent, message: `Kept ${done} of ${total} ${percents[0] < 60 ? 'items' : 'assets'}.` });
  };
  for (const [index, walked] of tree.items.entries()) {
    await toldOf(index, tree.items.length, [5, 70]);
    await keeper.keep(walked);
  }
  const assetIds = keeper.assetsReferredTo();
  const paths = pathsByParent(ports);
  for (const [index, id] of assetIds.entries()) {
    await toldOf(index, assetIds.length, [70, 95]);
    const asset = await keeper.unlessRefused({ id }, () => ports.assets.get(id));
    if (asset !== undefined) await keeper.keep({ item: asset, path: await paths(asset) });
  }
  await keeper.flush();
  await work.progress({ percent: 97, message: 'Writing the list of what was kept.' });
  const { items, gaps } = keeper;
  return {
    id: order.id,
    takenAtMs: order.takenAtMs,
    takenBy: order.takenBy,
    root: { id: root.id, name: root.name, path: tree.items[0]?.path ?? root.name },
    ...(order.comment === undefined ? {} : { comment: order.comment }),
    ...(draft.basedOn === undefined ? {} : { basedOn: draft.basedOn }),
    counts: { ...countsOf(items), ...keeper.counts(), hidden: tree.hidden },
    gaps,
    items,
  };
}

const walkedPerProgress = 100;
const keptPerProgress = 10;
/** Kept together: as many items, or as many bytes, as a killed worker may read again. */
const batchItems = 20;
const batchBytes = 8 * 1024 * 1024;

/** Keeps item by item, in batches; reads only what neither an earlier snapshot nor an earlier run has. */
function createKeeper(draft: SnapshotDraft, ports: Needs) {
  const { store, fileBytesMax } = ports.snapshots;
  const known = new Map([...draft.basis, ...draft.kept].map((item) => [item.id, item]));
  const ownIds = new Set(draft.kept.map(({ id }) => id));
  const items: SnapshotItem[] = [];
  const gaps: SnapshotGap[] = [];
  let [read, reused] = [0, 0];
  let batch: SnapshotItem[] = [];
  let objects: Uint8Array[] = [];

  const flush = async (): Promise<void> => {
    if (batch.length > 0) await draft.add(batch, objects);
    [batch, objects] = [[], []];
  };

  /** What the CMS does not give of one item costs no other item. */
  const unlessRefused = async <T>(
    item: { readonly id: string; readonly name?: string },
    act: () => Promise<T | undefined>,
  ): Promise<T | undefined> => {
    const gap = (reason: SnapshotGap['reason']): undefined => {
      gaps.push({ id: item.id, ...(item.name === undefined ? {} : { name: item.name }), reason });
    };
    try {
      return (await act()) ?? gap('gone');
    } catch (error) {
      if (error instanceof DomainError && error.code === 'FORBIDDEN') return gap('forbidden');
      throw error;
    }
  };

  const keepObject = (bytes: Uint8Array): string => {
    objects.push(bytes);
    return store.hashOf(bytes);
  };

  const fileOf = async (item: ContentItem): Promise<SnapshotFile | undefined> => {
    const { file } = item;
    if (file === undefined) return undefined;
    if (item.version === 0) return { ...file, leftOut: 'missing' };
    if (file.byteSize > fileBytesMax) return { ...file, leftOut: 'too_large' };
    try {
      const bytes = await ports.assets.file(item.id, { version: item.version, bytesMax: fileBytesMax });
      return bytes === undefined ? { ...file, leftOut: 'missing' } : { ...file, hash: keepObject(bytes) };
    } catch (error) {
      // The CMS said less of its size than it is.
      if (error instanceof DomainError && error.code === 'TOO_LARGE') return { ...file, leftOut: 'too_large' };
      throw error;
    }
  };

  const readAnew = async (walked: WalkedItem): Promise<SnapshotItem | undefined> => {
    const { item } = walked;
    return unlessRefused(item, async () => {
      const details = await itemDetails(item.id, item.version, ports);
      if (details === undefined) return undefined;
      const file = await fileOf(item);
      return {
        ...factsOf(walked),
        contentHash: keepObject(encodeContent(details)),
        assetIds: assetsIn(details.fields),
        ...(file === undefined ? {} : { file }),
      };
    });
  };

  return {
    items,
    gaps,
    flush,
    unlessRefused,
    counts: () => ({ read, reused }),
    async keep(walked: WalkedItem): Promise<void> {
      const { item } = walked;
      // Before what others have kept of it is leaned on: they may read what this user may not.
      if (item.access === 'none') {
        gaps.push({ id: item.id, name: item.name, reason: 'forbidden' });
        return;
      }
      if (item.kind === 'asset_folder') {
        items.push(factsOf(walked));
        return;
      }
      const before = known.get(item.id);
      if (before !== undefined && isSameContent(before, item, fileBytesMax)) {
        // What an earlier run of this very snapshot has read counts as read.
        if (ownIds.has(item.id)) read += 1;
        else reused += 1;
        items.push({ ...before, ...factsOf(walked), assetIds: before.assetIds });
        return;
      }
      const kept = await readAnew(walked);
      if (kept === undefined) return;
      read += 1;
      items.push(kept);
      batch.push(kept);
      const bytes = objects.reduce((sum, { length }) => sum + length, 0);
      if (batch.length >= batchItems || bytes >= batchBytes) await flush();
    },
    assetsReferredTo(): readonly string[] {
      const here = new Set(items.map(({ id }) => id));
      return [...new Set(items.flatMap(({ assetIds }) => assetIds))].filter((id) => !here.has(id));
    },
  };
}

/** What the tree tells of an item: read each time, because names and places change without a new version. */
function factsOf({ item, path, position }: WalkedItem): SnapshotItem {
  const { id, kind, name, parentId, schema, version, locale, categoryIds, modifiedAt, assignedTo } = item;
  return {
    ...{ id, kind, name, path, version, categoryIds, assetIds: [] },
    ...(parentId === undefined ? {} : { parentId }),
    ...(position === undefined ? {} : { position }),
    ...(schema === undefined ? {} : { schema }),
    ...(locale === undefined ? {} : { locale }),
    ...(modifiedAt === undefined ? {} : { modifiedAt }),
    ...(item.checkedOut ? { checkedOutBy: assignedTo?.name ?? 'somebody' } : {}),
  };
}

/** A numbered version never changes; a working copy without a version does, and is read each time. */
function isSameContent(before: SnapshotItem, item: ContentItem, fileBytesMax: number): boolean {
  const { file } = before;
  const lacksFile = file?.leftOut !== undefined && (file.leftOut === 'missing' || file.byteSize <= fileBytesMax);
  return (
    before.contentHash !== undefined &&
    item.version > 0 &&
    before.version === item.version &&
    before.modifiedAt === item.modifiedAt &&
    !lacksFile
  );
}

function countsOf(items: readonly SnapshotItem[]): Omit<SnapshotCounts, 'read' | 'reused' | 'hidden'> {
  const assets = items.filter(({ id }) => isAssetId(id));
  return {
    pages: items.length - assets.length,
    assets: assets.length,
    fileBytes: assets.reduce((sum, { file }) => sum + (file?.hash === undefined ? 0 : file.byteSize), 0),
    draftsOut: items.filter(({ checkedOutBy }) => checkedOutBy !== undefined).length,
    filesLeftOut: assets.filter(({ file }) => file?.leftOut !== undefined).length,
  };
}

/** Assets of one folder have the same names above them. */
function pathsByParent(ports: Pick<Ports, 'pages' | 'assets'>): (asset: ContentItem) => Promise<string> {
  const above = new Map<string, string>();
  return async (asset) => {
    const parentId = asset.parentId ?? '';
    const known = above.get(parentId);
    if (known !== undefined) return known + asset.name;
    const path = await itemPath(asset, ports);
    above.set(parentId, path.slice(0, path.length - asset.name.length));
    return path;
  };
}
