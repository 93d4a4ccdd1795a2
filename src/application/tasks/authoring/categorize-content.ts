import { z } from 'zod';
import type { Category } from '../../../domain/model/site.ts';
import type { Ports } from '../../../domain/ports/index.ts';
import { defineTask } from '../../define-task.ts';
import { allPages } from '../../items/all-pages.ts';
import {
  applyCategories,
  type CategoryPlan,
  planCategories,
  readCategoryChange,
  refuseUncategorizable,
} from '../../items/categorize-items.ts';
import { resolveItems } from '../../items/resolve-item.ts';
import { reread } from '../../items/write-guard.ts';
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
    const { add, remove, replace_with: exact } = input;
    const change = await readCategoryChange({ add, remove, exact }, ports);
    const items = await resolveItems(input.items, ports);
    for (const item of items) await refuseUncategorizable(item, ports);
    const plans = await Promise.all(items.map((item) => planCategories(item, change, ports)));
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

    const rows = await applyCategories(plans, change, ports, call);
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

const view = ({ id, name }: Category) => ({ id, name });
const viewPlan = ({ item, before, after }: Pick<CategoryPlan, 'item' | 'before' | 'after'>) => ({
  id: item.id,
  name: item.name,
  before: before.map(view),
  after: after.map(view),
});
const idsOf = (categories: readonly Category[]): readonly string[] => categories.map(({ id }) => id);

/** A schema may allow some root categories only. The CMS's own form heeds that, its API may not: so it is said. */
async function foreignCategories(plans: readonly CategoryPlan[], ports: Pick<Ports, 'taxonomy'>): Promise<string[]> {
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
