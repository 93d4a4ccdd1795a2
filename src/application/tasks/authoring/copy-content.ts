import { z } from 'zod';
import { DomainError } from '../../../domain/errors.ts';
import type { ContentItem } from '../../../domain/model/content-item.ts';
import type { Ports } from '../../../domain/ports/index.ts';
import type { Call } from '../../call.ts';
import { defineTask } from '../../define-task.ts';
import { allPages } from '../../items/all-pages.ts';
import { isAssetId, itemPath } from '../../items/item-path.ts';
import { listDescendants } from '../../items/list-descendants.ts';
import { resolveItem, resolveItems } from '../../items/resolve-item.ts';
import { contextOf, guardWrite, reread } from '../../items/write-guard.ts';
import { dryRunParameter, itemParameter, itemsParameter } from '../parameters.ts';
import { itemView, receiptView, viewChanged, viewItem } from '../views.ts';

type Needs = Pick<Ports, 'pages' | 'assets' | 'search' | 'publishing'>;

const input = z
  .object({
    items: itemsParameter,
    to: itemParameter.describe('New parent page or asset folder'),
    with_descendants: z.boolean().default(false).describe('Also everything below; folders always bring it'),
    locale: z
      .string()
      .trim()
      .regex(/^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/)
      .optional()
      .describe('Target locale, such as es-us, to translate'),
    dry_run: dryRunParameter,
  })
  .strict();
type Input = z.output<typeof input>;

/** The CMS copies a subtree in one call, so that larger ones would outlast it. */
const descendantsMax = 200;

/** Copies items below another one; with a locale it starts translations of them. */
export const copyContent = defineTask({
  name: 'copy_content',
  title: 'Copy or localize',
  summary:
    'Copy or duplicate pages, components or assets below another parent, alone or with descendants; with a locale, start translations. Copies are new drafts: unpublished, in no workflow. Answers their ids.',
  toolset: 'localization',
  effect: 'additive',
  idempotent: false,
  heedsFreeze: true,
  scopes: ['cms:read', 'cms:write'],
  needs: ['pages', 'assets', 'search', 'publishing'],
  input,
  output: receiptView.extend({
    dry_run: z.boolean(),
    copies: z.array(z.object({ source_id: z.string().optional(), copy: itemView })),
    planned: z
      .array(z.object({ id: z.string(), name: z.string(), path: z.string(), descendants: z.int() }))
      .optional()
      .describe('In a dry run: what would be copied'),
    next: z.object({ tool: z.string(), input: z.record(z.string(), z.unknown()) }).optional(),
  }),
  publishesOutputSchema: false,

  async execute(given, ports, call) {
    const { items, parent } = await plan(given, ports);
    const childrenBefore = await childrenOf(parent, ports);
    const warnings = warningsOf(items, parent, childrenBefore, given);
    if (given.dry_run) {
      const planned = await Promise.all(
        items.map(async (item) => ({
          id: item.id,
          name: item.name,
          path: await itemPath(item, ports),
          descendants: bringsDescendants(item, given) ? (await listDescendants(item, descendantsMax, ports)).length : 0,
        })),
      );
      return { dry_run: true, copies: [], planned, changed: [], undo: 'no' as const, warnings };
    }
    const copies = await copy(items, parent, childrenBefore, given, ports, call);
    const path = await itemPath(parent, ports);
    return {
      dry_run: false,
      copies: copies.map((made, index) => {
        const source = copies.length === items.length ? items[index] : undefined;
        return {
          ...(source === undefined || source.name !== made.name ? {} : { source_id: source.id }),
          copy: viewItem(made, `${path} / ${made.name}`),
        };
      }),
      changed: copies.map((made) => viewChanged(undefined, made)),
      undo: 'possible' as const,
      undo_hint: 'Delete the copies; they go to the recycle folder.',
      warnings: [
        ...warnings,
        ...(copies.length === items.length
          ? []
          : [
              `${items.length} items were to be copied, but ${copies.length} new ones are there. Look before repeating.`,
            ]),
      ],
      next: { tool: 'get_content', input: { items: copies.map(({ id }) => id), include: ['fields'] } },
    };
  },
});

async function plan(
  given: Input,
  ports: Needs,
): Promise<{ readonly items: readonly ContentItem[]; readonly parent: ContentItem }> {
  const items = await resolveItems(given.items, ports);
  const parent = await resolveItem(given.to, ports);
  if (new Set([...items, parent].map(({ id }) => isAssetId(id))).size > 1) {
    throw new DomainError('BAD_INPUT', 'Pages and assets live in trees of their own: copy each within its own.');
  }
  if (isAssetId(parent.id) && parent.kind !== 'asset_folder') {
    throw new DomainError('BAD_INPUT', `"${parent.name}" (${parent.id}) is no folder.`);
  }
  await refuseParent(parent, ports);
  const above = await (isAssetId(parent.id) ? ports.assets : ports.pages).ancestors(parent.id);
  const line = new Set([...above, parent].map(({ id }) => id));
  for (const item of items) await refuseSource(item, line, given, ports);
  return { items, parent };
}

async function refuseSource(item: ContentItem, line: ReadonlySet<string>, given: Input, ports: Needs): Promise<void> {
  if (item.kind === 'asset_folder') {
    await listDescendants(item, descendantsMax, ports);
    if (!line.has(item.id)) return;
    throw intoItself(item);
  }
  const context = await contextOf(item.id, ports);
  if (context.recycled) {
    throw new DomainError(
      'CONFLICT',
      `"${item.name}" (${item.id}) is in the recycle folder. Restore it first. Nothing was copied.`,
    );
  }
  if (!context.readAccess || (!isAssetId(item.id) && !context.canCopy)) {
    throw new DomainError('FORBIDDEN', `This user may not copy "${item.name}" (${item.id}). Nothing was copied.`);
  }
  if (!bringsDescendants(item, given)) return;
  if (line.has(item.id)) throw intoItself(item);
  await listDescendants(item, descendantsMax, ports);
}

/** The CMS tells no context of asset folders, only the access that the user has to them. */
async function refuseParent(parent: ContentItem, ports: Needs): Promise<void> {
  if (parent.kind === 'asset_folder') {
    if (parent.access === 'full') return;
    throw new DomainError('FORBIDDEN', `This user may not add to "${parent.name}" (${parent.id}). Nothing was copied.`);
  }
  const recycle = await ports.pages.recycleFolder();
  if (parent.id === recycle.id) {
    throw new DomainError('BAD_INPUT', 'Nothing can be copied into the recycle folder. Nothing was copied.');
  }
  await guardWrite(parent, ports);
}

const intoItself = (item: ContentItem): DomainError =>
  new DomainError(
    'BAD_INPUT',
    `"${item.name}" (${item.id}) cannot be copied with its descendants into itself. Nothing was copied.`,
  );

const bringsDescendants = (item: ContentItem, given: Input): boolean =>
  item.kind === 'asset_folder' || (given.with_descendants && item.kind !== 'asset');

function warningsOf(
  items: readonly ContentItem[],
  parent: ContentItem,
  siblings: readonly ContentItem[],
  given: Input,
): string[] {
  const twins = items.filter(({ name }) => siblings.some((child) => child.name.toLowerCase() === name.toLowerCase()));
  const sameLocale = given.locale !== undefined && items.some(({ locale }) => locale === given.locale);
  return [
    ...twins.map(({ name }) => `"${parent.name}" has a child called "${name}" already.`),
    ...(sameLocale ? [`Some items are in ${given.locale} already: their copies are no translations.`] : []),
  ];
}

/** Copies once, and looks among the children of the parent where the CMS does not say what the copies are. */
async function copy(
  items: readonly ContentItem[],
  parent: ContentItem,
  childrenBefore: readonly ContentItem[],
  given: Input,
  ports: Needs,
  call: Call,
): Promise<readonly ContentItem[]> {
  const ids = items.map(({ id }) => id);
  const locale = given.locale === undefined ? {} : { locale: given.locale };
  const changed = () =>
    call.emit({ type: 'content_changed', itemIds: [parent.id], change: 'structure', subject: call.principal.subject });
  let told: readonly ContentItem[] = [];
  try {
    told = isAssetId(parent.id)
      ? await ports.assets.copy(ids, parent.id, locale)
      : await ports.pages.copy(ids, parent.id, { withDescendants: given.with_descendants, ...locale });
    changed();
  } catch (error) {
    // Only the unknown outcome is looked into: the copies may be there although nobody said so.
    if (!(error instanceof DomainError) || error.code !== 'OUTCOME_UNKNOWN') throw error;
    changed();
    const made = await newChildren(parent, childrenBefore, ports);
    if (made.length < items.length) throw error;
    return made;
  }
  const made =
    told.length === items.length
      ? await Promise.all(told.map(({ id }) => reread(id, ports)))
      : await newChildren(parent, childrenBefore, ports);
  const strays = made.filter(({ parentId }) => parentId !== parent.id);
  if (made.length > 0 && strays.length === 0) return made;
  throw new DomainError(
    'WRITE_UNVERIFIED',
    `The CMS took the copy, but no copy is below "${parent.name}" (${parent.id}). Look before repeating.`,
    { next: { tool: 'browse_tree', input: { at: parent.id } } },
  );
}

async function newChildren(
  parent: ContentItem,
  before: readonly ContentItem[],
  ports: Needs,
): Promise<readonly ContentItem[]> {
  const known = new Set(before.map(({ id }) => id));
  return (await childrenOf(parent, ports)).filter(({ id }) => !known.has(id));
}

function childrenOf(parent: ContentItem, ports: Needs): Promise<readonly ContentItem[]> {
  const tree = isAssetId(parent.id) ? ports.assets : ports.pages;
  return allPages((page) => tree.children(parent.id, page));
}
