import { z } from 'zod';
import { DomainError } from '../../../domain/errors.ts';
import type { ContentItem } from '../../../domain/model/content-item.ts';
import type { Category } from '../../../domain/model/site.ts';
import type { Ports } from '../../../domain/ports/index.ts';
import { defineTask } from '../../define-task.ts';
import { allPages } from '../../items/all-pages.ts';
import { readCategories } from '../../items/read-category.ts';
import { resolveItems } from '../../items/resolve-item.ts';
import { guardWrite, reread } from '../../items/write-guard.ts';
import { dryRunParameter, itemsParameter } from '../parameters.ts';
import { receiptView, viewChanged } from '../views.ts';

const categories = z.array(z.string().trim().min(1).max(300)).max(50);
const categoryView = z.object({ id: z.string(), name: z.string() });

/** Adds, removes or sets the categories of items. Associations need no check-out. */
export const categorizeContent = defineTask({
  name: 'categorize_content',
  title: 'Tag with categories',
  summary:
    'Tag or untag pages and assets: add, remove or exactly replace their taxonomy categories. Other categories stay unless replaced. Answers before and after.',
  toolset: 'authoring',
  effect: 'additive',
  idempotent: true,
  heedsFreeze: true,
  scopes: ['cms:read', 'cms:write'],
  needs: ['pages', 'assets', 'search', 'publishing', 'taxonomy'],
  input: z
    .object({
      items: itemsParameter,
      add: categories.optional().describe('Category ids, paths (Topics/Research) or names'),
      remove: categories.optional().describe('Categories to take off'),
      replace_with: categories.optional().describe('The exact new set; not with add or remove'),
      dry_run: dryRunParameter,
    })
    .strict(),
  output: receiptView.extend({
    dry_run: z.boolean(),
    items: z.array(
      z.object({ id: z.string(), name: z.string(), before: z.array(categoryView), after: z.array(categoryView) }),
    ),
  }),
  publishesOutputSchema: false,

  async execute(input, ports, call) {
    const { add = [], remove = [], replace_with: exact } = input;
    if ((exact === undefined) === (add.length + remove.length === 0)) {
      throw new DomainError(
        'BAD_INPUT',
        'Give add or remove or both, or else replace_with alone. Nothing was changed.',
      );
    }
    const [added, removed, exactly] = await Promise.all([
      readCategories(add, ports.taxonomy),
      readCategories(remove, ports.taxonomy),
      readCategories(exact ?? [], ports.taxonomy),
    ]);
    const both = added.find(({ id }) => removed.some((category) => category.id === id));
    if (both !== undefined) {
      throw new DomainError(
        'BAD_INPUT',
        `"${both.name}" (${both.id}) is to be added and removed. Nothing was changed.`,
      );
    }
    const items = await resolveItems(input.items, ports);
    for (const item of items) await refuseUncategorizable(item, ports);
    const plans = await Promise.all(
      items.map(async (item) => {
        const before = await ports.taxonomy.ofItem(item.id);
        const kept = before.filter(({ id }) => !removed.some((category) => category.id === id));
        const after = exact === undefined ? uniqueById([...kept, ...added]) : exactly;
        return { item, before, after, changes: !isSameSet(before, after) };
      }),
    );
    const warnings = await foreignCategories(plans, ports);
    const moving = plans.filter(({ changes }) => changes);
    if (input.dry_run || moving.length === 0) {
      return {
        dry_run: input.dry_run,
        items: plans.map(viewPlan),
        changed: [],
        undo: 'no' as const,
        warnings: [...warnings, ...(moving.length === 0 ? ['Every item carries just these categories already.'] : [])],
      };
    }

    const writes =
      exact === undefined
        ? changeWrites(added, removed, moving, ports)
        : moving.map(
            ({ item, after }) =>
              () =>
                ports.taxonomy.setOfItem(item.id, idsOf(after)),
          );
    let made = 0;
    try {
      for (const write of writes) {
        await write();
        made += 1;
      }
    } catch (error) {
      // What was changed before stays, because the CMS has no transaction: the caller must know it.
      throw made === 0 || !(error instanceof DomainError) ? error : halfDone(error, moving);
    } finally {
      // One call may have succeeded before another failed: what was read before counts no more either way.
      call.emit({
        type: 'content_changed',
        itemIds: [...itemIdsOf(moving)],
        change: 'fields',
        subject: call.principal.subject,
      });
    }
    const rows = await Promise.all(
      plans.map(async (plan) => ({ ...plan, now: await ports.taxonomy.ofItem(plan.item.id) })),
    );
    const wrong = rows.filter(({ now, after }) => !isSameSet(now, after));
    if (wrong.length > 0) {
      throw new DomainError(
        'WRITE_UNVERIFIED',
        `The CMS took the call, but ${wrong.map(({ item }) => item.id).join(', ')} carries other categories than wanted.`,
        {
          details: { items: wrong.map(({ item, now }) => ({ id: item.id, categories: idsOf(now) })) },
          next: { tool: 'get_content', input: { items: wrong.map(({ item }) => item.id), include: ['categories'] } },
        },
      );
    }
    return {
      dry_run: false,
      items: rows.map(({ item, before, now }) => viewPlan({ item, before, after: now })),
      changed: await Promise.all(moving.map(async ({ item }) => viewChanged(item, await reread(item.id, ports)))),
      undo: 'possible' as const,
      undo_hint: 'Replace the categories by those under before.',
      warnings,
    };
  },
});

interface Plan {
  readonly item: ContentItem;
  readonly before: readonly Category[];
  readonly after: readonly Category[];
}

const view = ({ id, name }: Category) => ({ id, name });
const viewPlan = ({ item, before, after }: Plan) => ({
  id: item.id,
  name: item.name,
  before: before.map(view),
  after: after.map(view),
});
const idsOf = (categories: readonly Category[]): readonly string[] => categories.map(({ id }) => id);

/** Adding and removing is one call for each category, with all the items that it concerns. */
function changeWrites(
  added: readonly Category[],
  removed: readonly Category[],
  plans: readonly Plan[],
  { taxonomy }: Pick<Ports, 'taxonomy'>,
): readonly (() => Promise<void>)[] {
  const carries = ({ before }: Plan, id: string) => before.some((category) => category.id === id);
  const adds = added.map(({ id }) => ({
    id,
    items: plans.filter((plan) => !carries(plan, id)),
    act: taxonomy.addItems,
  }));
  const removes = removed.map(({ id }) => ({
    id,
    items: plans.filter((plan) => carries(plan, id)),
    act: taxonomy.removeItems,
  }));
  return [...adds, ...removes]
    .filter(({ items }) => items.length > 0)
    .map(
      ({ id, items, act }) =>
        () =>
          act(id, itemIdsOf(items)),
    );
}

function halfDone(error: DomainError, plans: readonly Plan[]): DomainError {
  return new DomainError(error.code, `${error.message} Some of the changes were made before that: read the items.`, {
    cause: error,
    ...(error.details === undefined ? {} : { details: error.details }),
    next: { tool: 'get_content', input: { items: itemIdsOf(plans), include: ['categories'] } },
  });
}

const itemIdsOf = (plans: readonly Plan[]): readonly string[] => plans.map(({ item }) => item.id);

function uniqueById(categories: readonly Category[]): readonly Category[] {
  return [...new Map(categories.map((category) => [category.id, category])).values()];
}

function isSameSet(one: readonly Category[], other: readonly Category[]): boolean {
  const wanted = new Set(idsOf(other));
  return one.length === wanted.size && one.every(({ id }) => wanted.has(id));
}

async function refuseUncategorizable(item: ContentItem, ports: Pick<Ports, 'pages' | 'assets'>): Promise<void> {
  if (item.kind === 'asset_folder') {
    throw new DomainError('BAD_INPUT', `"${item.name}" (${item.id}) is an asset folder and carries no categories.`);
  }
  await guardWrite(item, ports);
}

/** A schema may allow some root categories only. The CMS's own form heeds that, its API may not: so it is said. */
async function foreignCategories(plans: readonly Plan[], ports: Pick<Ports, 'taxonomy'>): Promise<string[]> {
  const warnings: string[] = [];
  const rootOf = new Map<string, string>();
  for (const { item, before, after } of plans) {
    const fresh = after.filter(({ id }) => before.every((category) => category.id !== id));
    const { schema } = item;
    if (fresh.length === 0 || schema === undefined) continue;
    const allowed = idsOf(await allPages((page) => ports.taxonomy.roots(page, schema.id)));
    for (const category of fresh) {
      const root = rootOf.get(category.id) ?? (await ports.taxonomy.ancestors(category.id))[0]?.id ?? category.id;
      rootOf.set(category.id, root);
      if (allowed.length > 0 && !allowed.includes(root)) {
        warnings.push(`"${category.name}" is not among the categories meant for ${schema.name} (${item.id}).`);
      }
    }
  }
  return warnings;
}
