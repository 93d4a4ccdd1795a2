import { DomainError } from '../../domain/errors.ts';
import type { ContentItem, ItemContext } from '../../domain/model/content-item.ts';
import type { Category } from '../../domain/model/site.ts';
import type { Ports } from '../../domain/ports/index.ts';
import type { Call } from '../call.ts';
import { readCategories } from './read-category.ts';
import { guardWrite } from './write-guard.ts';

/** What is to become of the categories of items: some added and removed, or exactly these. */
export type CategoryChange =
  | { readonly added: readonly Category[]; readonly removed: readonly Category[] }
  | { readonly exactly: readonly Category[] };

/** @throws DomainError BAD_INPUT for a change that is none or contradicts itself; NOT_FOUND, AMBIGUOUS of a category. */
export async function readCategoryChange(
  given: {
    readonly add?: readonly string[] | undefined;
    readonly remove?: readonly string[] | undefined;
    readonly exact?: readonly string[] | undefined;
  },
  ports: Pick<Ports, 'taxonomy'>,
): Promise<CategoryChange> {
  const { add = [], remove = [], exact } = given;
  if ((exact === undefined) === (add.length + remove.length === 0)) {
    throw new DomainError('BAD_INPUT', 'Give add or remove or both, or else replace_with alone. Nothing was changed.');
  }
  if (exact !== undefined) return { exactly: await readCategories(exact, ports.taxonomy) };
  const [added, removed] = await Promise.all([
    readCategories(add, ports.taxonomy),
    readCategories(remove, ports.taxonomy),
  ]);
  const both = added.find(({ id }) => removed.some((category) => category.id === id));
  if (both !== undefined) {
    throw new DomainError('BAD_INPUT', `"${both.name}" (${both.id}) is to be added and removed. Nothing was changed.`);
  }
  return { added, removed };
}

/** One item with its categories of now and those wanted. */
export interface CategoryPlan {
  readonly item: ContentItem;
  readonly before: readonly Category[];
  readonly after: readonly Category[];
  readonly changes: boolean;
}

/** @throws DomainError BAD_INPUT (an asset folder), NOT_FOUND, CONFLICT (recycled), FORBIDDEN. */
export async function refuseUncategorizable(
  item: ContentItem,
  ports: Pick<Ports, 'pages' | 'assets'>,
  known?: ItemContext,
): Promise<void> {
  if (item.kind === 'asset_folder') {
    throw new DomainError('BAD_INPUT', `"${item.name}" (${item.id}) is an asset folder and carries no categories.`);
  }
  await guardWrite(item, ports, known);
}

/** The categories that an item has, read now, and those that it is to have. */
export async function planCategories(
  item: ContentItem,
  change: CategoryChange,
  { taxonomy }: Pick<Ports, 'taxonomy'>,
): Promise<CategoryPlan> {
  const before = await taxonomy.ofItem(item.id);
  const after =
    'exactly' in change
      ? change.exactly
      : uniqueById([
          ...before.filter(({ id }) => !change.removed.some((category) => category.id === id)),
          ...change.added,
        ]);
  return { item, before, after, changes: !isSameSet(before, after) };
}

/**
 * Makes the changes and reads every item back.
 *
 * @returns each plan with the categories of now.
 * @throws DomainError WRITE_UNVERIFIED; what the CMS refuses, saying so when some of the changes were made before.
 */
export async function applyCategories<P extends CategoryPlan>(
  plans: readonly P[],
  change: CategoryChange,
  ports: Pick<Ports, 'taxonomy'>,
  call: Pick<Call, 'emit' | 'principal'>,
): Promise<readonly (P & { readonly now: readonly Category[] })[]> {
  const moving = plans.filter(({ changes }) => changes);
  const writes =
    'exactly' in change
      ? moving.map(
          ({ item, after }) =>
            () =>
              ports.taxonomy.setOfItem(item.id, idsOf(after)),
        )
      : changeWrites(change.added, change.removed, moving, ports);
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
  return rows;
}

const idsOf = (categories: readonly Category[]): readonly string[] => categories.map(({ id }) => id);

/** Adding and removing is one call for each category, with all the items that it concerns. */
function changeWrites(
  added: readonly Category[],
  removed: readonly Category[],
  plans: readonly CategoryPlan[],
  { taxonomy }: Pick<Ports, 'taxonomy'>,
): readonly (() => Promise<void>)[] {
  const carries = ({ before }: CategoryPlan, id: string) => before.some((category) => category.id === id);
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

function halfDone(error: DomainError, plans: readonly CategoryPlan[]): DomainError {
  return new DomainError(error.code, `${error.message} Some of the changes were made before that: read the items.`, {
    cause: error,
    ...(error.details === undefined ? {} : { details: error.details }),
    next: { tool: 'get_content', input: { items: itemIdsOf(plans), include: ['categories'] } },
  });
}

const itemIdsOf = (plans: readonly CategoryPlan[]): readonly string[] => plans.map(({ item }) => item.id);

function uniqueById(categories: readonly Category[]): readonly Category[] {
  return [...new Map(categories.map((category) => [category.id, category])).values()];
}

function isSameSet(one: readonly Category[], other: readonly Category[]): boolean {
  const wanted = new Set(idsOf(other));
  return one.length === wanted.size && one.every(({ id }) => wanted.has(id));
}
