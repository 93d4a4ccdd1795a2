import type { Principal } from '../../domain/model/principal.ts';
import type { SnapshotHead, SnapshotItem } from '../../domain/model/snapshot.ts';
import type { Ports } from '../../domain/ports/index.ts';
import { isAssetId } from '../items/item-path.ts';
import { readVisible } from '../items/read-visible.ts';

type Needs = Pick<Ports, 'pages' | 'assets'>;

/** Where the items of a snapshot were, as somebody may know it: names from the root of the CMS down. */
export interface VisiblePlaces {
  root(): Promise<string>;
  item(item: SnapshotItem): Promise<string>;
}

/**
 * A snapshot holds the names that its taker saw. Whoever else looks is told of those above an item only what the CMS
 * shows them now: who may read a page need not know what it lies below.
 */
export function visiblePlaces(
  head: SnapshotHead,
  items: readonly SnapshotItem[],
  ports: Needs,
  principal: Principal,
): VisiblePlaces {
  if (head.takenBy === principal.subject) {
    return { root: async () => head.root.path, item: async ({ path }) => path };
  }
  const parentOf = new Map(items.map(({ id, parentId }) => [id, parentId]));
  const known = new Map<string, Promise<readonly string[]>>();

  const read = async (id: string): Promise<readonly string[]> => {
    const place = await readVisible(id, ports);
    // What this user cannot see, or what is gone, is left out; what the snapshot knows above it may be there.
    return place === undefined ? namesDownTo(parentOf.get(id)) : [...(await namesAbove(id, ports)), place.name];
  };

  const namesDownTo = (id: string | undefined): Promise<readonly string[]> => {
    if (id === undefined) return Promise.resolve([]);
    const names = known.get(id) ?? read(id);
    known.set(id, names);
    return names;
  };

  return {
    root: async () => [...(await namesAbove(head.root.id, ports)), head.root.name].join(' / '),
    item: async ({ parentId, name }) => [...(await namesDownTo(parentId)), name].join(' / '),
  };
}

async function namesAbove(id: string, { pages, assets }: Needs): Promise<readonly string[]> {
  return (await (isAssetId(id) ? assets : pages).ancestors(id)).map(({ name }) => name);
}
