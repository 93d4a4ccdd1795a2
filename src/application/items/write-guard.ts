import { DomainError } from '../../domain/errors.ts';
import type { ContentItem, ItemContext } from '../../domain/model/content-item.ts';
import type { Ports } from '../../domain/ports/index.ts';
import { isAssetId } from './item-path.ts';

type Needs = Pick<Ports, 'pages' | 'assets'>;

/**
 * The CMS's pre-flight answer for an item, after the refusals that every write shares: the item is in the recycle
 * folder, or the user may not change it.
 *
 * @param known - the context of the item, where it was read just now.
 * @throws DomainError NOT_FOUND, CONFLICT (recycled), FORBIDDEN.
 */
export async function guardWrite(item: ContentItem, ports: Needs, known?: ItemContext): Promise<ItemContext> {
  const context = known ?? (await contextOf(item.id, ports));
  if (context.recycled) {
    throw new DomainError(
      'CONFLICT',
      `"${item.name}" (${item.id}) is in the recycle folder. Restore it first: choose a place in the site and move it there with move_content. Nothing was changed.`,
      { next: { tool: 'browse_tree', input: { at: 'site' } } },
    );
  }
  if (!context.fullAccess) {
    throw new DomainError(
      'FORBIDDEN',
      `This user may not change "${item.name}" (${item.id}). Tell the user; an administrator of the CMS can grant it.`,
    );
  }
  return context;
}

/** The context of one item. @throws DomainError NOT_FOUND when it is gone. */
export async function contextOf(id: string, ports: Needs): Promise<ItemContext> {
  if (id.startsWith('af/')) return contextOfFolder(id, ports);
  const [context] = isAssetId(id) ? await ports.assets.contexts([id]) : await ports.pages.contexts([id]);
  if (context === undefined) throw gone(id);
  return context;
}

/** The CMS tells no context of asset folders; they have neither lock nor workflow, and their access decides. */
async function contextOfFolder(id: string, ports: Needs): Promise<ItemContext> {
  const folder = await ports.assets.get(id);
  if (folder === undefined) throw gone(id);
  const fullAccess = folder.access === 'full';
  return {
    id,
    recycled: false,
    fullAccess,
    readAccess: folder.access !== 'none',
    editable: fullAccess,
    canCopy: folder.access !== 'none',
    canMark: false,
    checkedOut: false,
    transitions: [],
  };
}

function gone(id: string): DomainError {
  return new DomainError('NOT_FOUND', `The item ${id} is not there any more, or this user may not see it.`);
}

/**
 * Refuses an item that somebody else has checked out.
 *
 * @throws DomainError LOCKED naming the holder.
 */
export function refuseForeignLock(item: ContentItem, context: ItemContext): void {
  if (!item.checkedOut || context.editable) return;
  const holder = item.assignedTo?.name ?? 'somebody else';
  throw new DomainError(
    'LOCKED',
    `"${item.name}" (${item.id}) is checked out by ${holder}. Ask them to check it in; nothing was changed.`,
    {
      details: { holder },
    },
  );
}

/** Reads an item again after a write, past every cache of ours. @throws DomainError NOT_FOUND. */
export async function reread(id: string, ports: Needs): Promise<ContentItem> {
  const item = isAssetId(id) ? await ports.assets.get(id) : await ports.pages.get(id);
  if (item === undefined) throw gone(id);
  return item;
}
