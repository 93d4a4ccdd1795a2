import { DomainError } from '../../domain/errors.ts';
import type { ContentItem, ItemContext } from '../../domain/model/content-item.ts';
import type { Ports } from '../../domain/ports/index.ts';
import type { Call } from '../call.ts';
import { allPages } from './all-pages.ts';
import { isAssetId } from './item-path.ts';
import { contextOf, guardWrite, refuseForeignLock } from './write-guard.ts';

type Needs = Pick<Ports, 'pages' | 'assets'>;

/** Where something moves to, seen from the destination. */
export type MovePosition = 'child' | 'before' | 'after';

/**
 * Refuses an item that cannot move, or be renamed where there is no destination.
 *
 * @param known - what was read just now.
 * @throws DomainError BAD_INPUT (the root, the recycle folder), LOCKED, NOT_FOUND, CONFLICT (recycled), FORBIDDEN.
 */
export async function refuseMoveOf(
  item: ContentItem,
  destination: ContentItem | undefined,
  ports: Needs,
  known: { readonly context?: ItemContext | undefined; readonly fixed?: FixedPages } = {},
): Promise<void> {
  if (!isAssetId(item.id)) {
    const { rootId, recycleId } = known.fixed ?? (await readFixedPages(ports));
    if (item.id === rootId || item.id === recycleId) {
      throw new DomainError(
        'BAD_INPUT',
        `"${item.name}" (${item.id}) is the ${item.id === rootId ? 'root of the site' : 'recycle folder'} and can neither move nor be renamed.`,
      );
    }
  }
  const context = known.context ?? (await contextOf(item.id, ports));
  refuseForeignLock(item, context);
  // Restoring is a move out of the recycle folder, so being recycled refuses only a rename in place.
  if (context.recycled && destination !== undefined && context.fullAccess) return;
  await guardWrite(item, ports, context);
}

/** The pages that stay where they are. */
export interface FixedPages {
  readonly rootId: string;
  readonly recycleId: string;
}

export async function readFixedPages({ pages }: Pick<Ports, 'pages'>): Promise<FixedPages> {
  const [root, recycle] = await Promise.all([pages.root(), pages.recycleFolder()]);
  return { rootId: root.id, recycleId: recycle.id };
}

/**
 * Refuses a place that these items cannot move to.
 *
 * @throws DomainError BAD_INPUT, NOT_FOUND, CONFLICT (recycled), FORBIDDEN.
 */
export async function refuseMoveTo(
  items: readonly ContentItem[],
  destination: ContentItem,
  position: MovePosition,
  ports: Needs,
): Promise<void> {
  const kinds = new Set([...items, destination].map((item) => isAssetId(item.id)));
  if (kinds.size > 1)
    throw new DomainError(
      'BAD_INPUT',
      'Pages and assets live in trees of their own: a page cannot move under an asset folder, nor the other way round.',
    );
  if (isAssetId(destination.id)) {
    if (position !== 'child')
      throw new DomainError(
        'BAD_INPUT',
        'Assets are ordered by name: they can only move into a folder (position child).',
      );
    if (destination.kind !== 'asset_folder')
      throw new DomainError('BAD_INPUT', `"${destination.name}" (${destination.id}) is no folder.`);
  } else {
    const [root, recycle] = await Promise.all([ports.pages.root(), ports.pages.recycleFolder()]);
    if (destination.id === recycle.id) {
      throw new DomainError('BAD_INPUT', 'Moving into the recycle folder is deleting.', {
        next: { tool: 'delete_content', input: { items: items.map((item) => item.id) } },
      });
    }
    if (destination.id === root.id && position !== 'child')
      throw new DomainError('BAD_INPUT', 'The root has no siblings; use position child.');
  }
  const above = isAssetId(destination.id)
    ? await ports.assets.ancestors(destination.id)
    : await ports.pages.ancestors(destination.id);
  const line = new Set([...above, destination].map((item) => item.id));
  const inside = items.find((item) => line.has(item.id));
  if (inside !== undefined)
    throw new DomainError('BAD_INPUT', `"${inside.name}" (${inside.id}) cannot move into itself or below itself.`);
  await guardWrite(destination, ports);
}

/** Moves items with all below them. The refusals above come first; `refuseUnmoved` afterwards. */
export async function moveItems(
  items: readonly ContentItem[],
  destination: ContentItem,
  position: MovePosition,
  ports: Needs,
  call: Pick<Call, 'emit' | 'principal'>,
): Promise<void> {
  const ids = items.map((item) => item.id);
  if (isAssetId(destination.id)) await ports.assets.move(ids, destination.id);
  else await ports.pages.move(ids, { id: destination.id, position });
  emitStructure(call, [...items, destination]);
}

/** The parent of what has moved there. */
export function parentAfterMove(destination: ContentItem, position: MovePosition): string | undefined {
  return position === 'child' ? destination.id : destination.parentId;
}

/** Tells that items have another place or name. */
export function emitStructure(call: Pick<Call, 'emit' | 'principal'>, items: readonly ContentItem[]): void {
  const ids = items.flatMap((item) => (item.parentId === undefined ? [item.id] : [item.id, item.parentId]));
  call.emit({
    type: 'content_changed',
    itemIds: [...new Set(ids)],
    change: 'structure',
    subject: call.principal.subject,
  });
}

/** @throws DomainError WRITE_UNVERIFIED when an item, read again, is not where or not called as wanted. */
export function refuseUnmoved(
  after: readonly ContentItem[],
  wanted: { readonly parentId?: string | undefined; readonly name?: string | undefined },
): void {
  const wrong = after.filter(
    (item) =>
      (wanted.parentId !== undefined && item.parentId !== wanted.parentId) ||
      (wanted.name !== undefined && item.name !== wanted.name),
  );
  if (wrong.length === 0) return;
  throw new DomainError(
    'WRITE_UNVERIFIED',
    `The CMS took the call, but ${wrong.map((item) => item.id).join(', ')} is not where or called as wanted.`,
    {
      next: { tool: 'get_content', input: { items: wrong.map((item) => item.id) } },
    },
  );
}

/** Pages of one name under one parent share an address: the CMS allows it, and visitors then see one of them. */
export async function findNamesakes(
  items: readonly ContentItem[],
  wanted: { readonly parentId?: string | undefined; readonly name?: string | undefined },
  { pages }: Pick<Ports, 'pages'>,
): Promise<readonly string[]> {
  const { parentId } = wanted;
  if (parentId === undefined || isAssetId(parentId)) return [];
  const there = await allPages((page) => pages.children(parentId, page));
  return items.flatMap((item) => {
    const name = (wanted.name ?? item.name).toLowerCase();
    const twin = there.find((child) => child.id !== item.id && child.name.toLowerCase() === name);
    return twin === undefined
      ? []
      : [`"${twin.name}" (${twin.id}) is there already: two pages of one name under one parent share an address.`];
  });
}
