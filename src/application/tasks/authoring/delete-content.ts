import { z } from 'zod';
import { DomainError } from '../../../domain/errors.ts';
import type { ContentItem } from '../../../domain/model/content-item.ts';
import type { Ports } from '../../../domain/ports/index.ts';
import { defineTask, type Impact } from '../../define-task.ts';
import { isAssetId, itemPath } from '../../items/item-path.ts';
import { resolveItems } from '../../items/resolve-item.ts';
import { guardWrite, refuseForeignLock } from '../../items/write-guard.ts';
import { confirmParameter, itemsParameter } from '../parameters.ts';
import { receiptView } from '../views.ts';

type Needs = Pick<Ports, 'pages' | 'assets' | 'search' | 'publishing' | 'site'>;

const deletedView = z.object({
  id: z.string(),
  name: z.string(),
  outcome: z.enum(['recycled', 'kept']),
  reason: z.string().optional(),
});
type Deleted = z.infer<typeof deletedView>;

/** Moves items to the recycle folder; never purges, because the CMS purges what is deleted there again. */
export const deleteContent = defineTask({
  name: 'delete_content',
  title: 'Delete to recycle folder',
  summary:
    'Delete pages, folders or assets into the recycle folder, with all below them. First answers the impact (descendants, references, where live) and a confirm token. Live copies stay until the next publish.',
  toolset: 'authoring',
  effect: 'destructive',
  idempotent: true,
  heedsFreeze: true,
  scopes: ['cms:read', 'cms:write'],
  needs: ['pages', 'assets', 'search', 'publishing', 'site'],
  input: z.object({ items: itemsParameter, confirm: confirmParameter }).strict(),
  output: receiptView.extend({
    deleted: z.array(deletedView),
  }),
  publishesOutputSchema: false,

  async impact(input, ports): Promise<Impact> {
    const items = await resolveItems(input.items, ports);
    const rows = await Promise.all(items.map((item) => impactOf(item, ports)));
    const descendants = rows.reduce((sum, row) => sum + row.descendants, 0);
    const references = rows.reduce((sum, row) => sum + row.references, 0);
    const live = rows.filter((row) => row.live_on.length > 0);
    return {
      summary: `${count(items.length, 'item')} and ${descendants} below go to the recycle folder; ${count(references, 'reference')} to them will break.`,
      facts: { items: rows },
      warnings: [
        ...(references > 0 ? ['Other content refers to these items; those links will break at the next publish.'] : []),
        ...(live.length > 0 ? ['Live copies stay online until the next publish of their target.'] : []),
      ],
      fingerprint: JSON.stringify(rows.map((row) => [row.id, row.version, row.descendants, row.references])),
    };
  },

  async execute(input, ports, call) {
    const items = await resolveItems(input.items, ports);
    const deleted: Deleted[] = [];
    for (const [index, item] of items.entries()) {
      call.progress((100 * index) / items.length, `Deleting ${item.name}`);
      // Asked again right before the act: deleting what is in the recycle folder already would purge it for good.
      await refuseUndeletable(item, ports);
      deleted.push(isAssetId(item.id) ? await deleteAsset(item, ports) : await deletePage(item, ports));
      call.emit({
        type: 'content_changed',
        itemIds: [item.id, ...(item.parentId === undefined ? [] : [item.parentId])],
        change: 'structure',
        subject: call.principal.subject,
      });
    }
    return {
      changed: items
        .filter((item) => deleted.some((row) => row.id === item.id && row.outcome === 'recycled'))
        .map((item) => ({
          id: item.id,
          name: item.name,
          kind: item.kind,
          version_before: item.version,
          checked_out: item.checkedOut,
        })),
      deleted,
      undo: 'partial' as const,
      undo_hint:
        'Move the items out of the recycle folder to their old parent; workflow, assignment and, for checked-in pages, categories are lost.',
      warnings: [],
    };
  },
});

function count(many: number, what: string): string {
  return `${many} ${what}${many === 1 ? '' : 's'}`;
}

async function impactOf(item: ContentItem, ports: Needs) {
  await refuseUndeletable(item, ports);
  const [path, descendants, usage, targets] = await Promise.all([
    itemPath(item, ports),
    countDescendants(item, ports),
    ports.site.usageSummary(item.id),
    ports.publishing.targets(),
  ]);
  const states = await Promise.all(
    targets.map(async (target) => ({ target, states: await ports.publishing.states(target.id, [item.id]) })),
  );
  return {
    id: item.id,
    name: item.name,
    path,
    version: item.version,
    descendants,
    references: usage.total,
    live_on: states.filter(({ states: rows }) => rows.some((row) => row.published)).map(({ target }) => target.name),
  };
}

async function countDescendants(item: ContentItem, ports: Needs): Promise<number> {
  if (isAssetId(item.id)) return item.childrenCount;
  return (await ports.pages.descendants(item.id, { startIndex: 0, pageSize: 1 })).total;
}

async function refuseUndeletable(item: ContentItem, ports: Needs): Promise<void> {
  if (!isAssetId(item.id)) {
    const [root, recycle] = await Promise.all([ports.pages.root(), ports.pages.recycleFolder()]);
    if (item.id === root.id || item.id === recycle.id) {
      throw new DomainError(
        'BAD_INPUT',
        `"${item.name}" (${item.id}) is the ${item.id === root.id ? 'root of the site' : 'recycle folder'} and cannot be deleted.`,
      );
    }
    const above = await ports.pages.ancestors(item.id);
    if (above.some((page) => page.id === recycle.id)) throw alreadyRecycled(item);
  }
  const context = await guardWrite(item, ports);
  if (context.recycled) throw alreadyRecycled(item);
  refuseForeignLock(item, context);
}

function alreadyRecycled(item: ContentItem): DomainError {
  return new DomainError(
    'CONFLICT',
    `"${item.name}" (${item.id}) is in the recycle folder already. Deleting it there would remove it for good, which is left to people in the CMS.`,
  );
}

async function deletePage(item: ContentItem, ports: Needs): Promise<Deleted> {
  const done = await ports.pages.delete(item.id);
  if (!done) return { id: item.id, name: item.name, outcome: 'kept', reason: 'The CMS did not find it any more.' };
  const recycle = await ports.pages.recycleFolder();
  const above = await ports.pages.ancestors(item.id);
  if (!above.some((page) => page.id === recycle.id)) {
    throw new DomainError(
      'WRITE_UNVERIFIED',
      `The CMS said that ${item.id} was deleted, but it is not in the recycle folder. Look at it in the CMS.`,
    );
  }
  return { id: item.id, name: item.name, outcome: 'recycled' };
}

async function deleteAsset(item: ContentItem, ports: Needs): Promise<Deleted> {
  const { deletedIds } = await ports.assets.delete([item.id]);
  return deletedIds.includes(item.id)
    ? { id: item.id, name: item.name, outcome: 'recycled' }
    : {
        id: item.id,
        name: item.name,
        outcome: 'kept',
        reason: 'Other content refers to it; the CMS keeps assets in use.',
      };
}
