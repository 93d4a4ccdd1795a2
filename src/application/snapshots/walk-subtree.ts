import { DomainError } from '../../domain/errors.ts';
import type { ContentItem } from '../../domain/model/content-item.ts';
import type { Ports } from '../../domain/ports/index.ts';
import { allOf } from '../items/all-pages.ts';
import { isAssetId, itemPath } from '../items/item-path.ts';

/** An item with its place in the tree. */
export interface WalkedItem {
  readonly item: ContentItem;
  /** Names from the root of the CMS down. */
  readonly path: string;
  /** Among its siblings that could be seen, from 0; absent for the root. */
  readonly position?: number;
}

export interface WalkedTree {
  /** A parent before what lies below it, siblings in their order. */
  readonly items: readonly WalkedItem[];
  /** Pages that the CMS counts below those it shows, and does not show to this user. What lies below them is unknown. */
  readonly hidden: number;
}

/** More than these are not one snapshot: its list of items is held in memory. */
export const snapshotItemsMax = 10_000;

/**
 * Everything that this user sees below an item, with the item itself: parent by parent, because only the list of a
 * parent's children is in the order of siblings.
 *
 * @param safePoint - called between parents; it may throw to end the walk.
 * @throws DomainError TOO_LARGE.
 */
export async function walkSubtree(
  root: ContentItem,
  ports: Pick<Ports, 'pages' | 'assets'>,
  safePoint: (found: number) => Promise<void> = async () => undefined,
): Promise<WalkedTree> {
  const port = isAssetId(root.id) ? ports.assets : ports.pages;
  let hidden = 0;
  const below = async ({ item, path }: WalkedItem, found: number): Promise<readonly WalkedItem[]> => {
    if (item.kind === 'asset' || (item.kind !== 'asset_folder' && item.childrenCount === 0)) return [];
    await safePoint(found);
    const listed = await allOf((page) => port.children(item.id, page));
    // A list may name what the user has no access to.
    const children = listed.filter(({ access }) => access !== 'none');
    if (item.kind !== 'asset_folder') hidden += Math.max(0, item.childrenCount - children.length);
    return children.map((child, position) => ({ item: child, path: `${path} / ${child.name}`, position }));
  };
  const items: WalkedItem[] = [];
  const waiting: WalkedItem[] = [{ item: root, path: await itemPath(root, ports) }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    items.push(next);
    // The last one is taken first, so that each child is followed by what lies below it.
    waiting.push(...(await below(next, items.length)).toReversed());
    if (items.length + waiting.length > snapshotItemsMax) {
      throw new DomainError(
        'TOO_LARGE',
        `There are more than ${snapshotItemsMax} items below "${root.name}" (${root.id}). Take a smaller part of the tree.`,
        { details: { limit: snapshotItemsMax }, next: { tool: 'browse_tree', input: { at: root.id, depth: 1 } } },
      );
    }
  }
  return { items, hidden };
}
