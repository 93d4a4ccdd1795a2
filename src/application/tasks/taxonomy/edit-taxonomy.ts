import { z } from 'zod';
import { DomainError } from '../../../domain/errors.ts';
import type { Category } from '../../../domain/model/site.ts';
import type { Ports } from '../../../domain/ports/index.ts';
import type { Call } from '../../call.ts';
import { defineTask, type Impact } from '../../define-task.ts';
import { allPages } from '../../items/all-pages.ts';
import { readCategory } from '../../items/read-category.ts';
import { confirmParameter } from '../parameters.ts';
import { receiptView } from '../views.ts';

type Needs = Pick<Ports, 'taxonomy'>;

const input = z
  .object({
    action: z
      .enum(['create', 'rename', 'move', 'merge', 'delete', 'set_synonyms'])
      .describe('merge: tag the items of category with "to", then delete category'),
    category: z.string().trim().min(1).max(300).optional().describe('Id, path or name; not for create'),
    name: z.string().trim().min(1).max(200).optional().describe('For create and rename'),
    to: z
      .string()
      .trim()
      .min(1)
      .max(300)
      .optional()
      .describe('Parent for create and move (default top), or merge target'),
    locale: z
      .string()
      .trim()
      .regex(/^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/)
      .optional()
      .describe('Default en-us'),
    synonyms: z.array(z.string().trim().min(1).max(200)).max(100).optional().describe('The whole set for the locale'),
    confirm: confirmParameter,
  })
  .strict();
type Input = z.output<typeof input>;

const categoryView = z.object({
  id: z.string(),
  name: z.string(),
  path: z.string().optional(),
  synonyms: z.array(z.string()),
});

/** Changes the vocabulary itself. What items carry changes with a merge or a deletion only. */
export const editTaxonomy = defineTask({
  name: 'edit_taxonomy',
  title: 'Edit taxonomy',
  summary:
    'Create, rename, move, merge or delete categories, or set their synonyms. Merging and deleting first answer the impact (tagged items, categories below) and a confirm token: they cannot be undone.',
  toolset: 'taxonomy',
  effect: 'destructive',
  idempotent: false,
  heedsFreeze: true,
  scopes: ['cms:read', 'cms:write'],
  needs: ['taxonomy'],
  input,
  output: receiptView.omit({ changed: true }).extend({
    before: categoryView.optional(),
    after: categoryView.optional().describe('Absent after delete; the target after merge'),
    items_changed: z.int().describe('Items that carry other categories now'),
  }),
  publishesOutputSchema: false,

  async impact(given, ports): Promise<Impact | undefined> {
    if (given.action !== 'delete' && given.action !== 'merge') return undefined;
    const category = await subjectOf(given, ports);
    const into = given.action === 'merge' ? await mergeTarget(given, category, ports) : undefined;
    const used = await ports.taxonomy.usedBelow(category.id);
    const below = used.reduce((sum, { itemCount }) => sum + (itemCount ?? 0), 0);
    const own = category.itemCount ?? 0;
    return {
      summary:
        into === undefined
          ? `"${category.name}" is deleted for good with the ${category.childrenCount} categories directly below it; ${own} item(s) lose it and ${below} tagging(s) below it go.`
          : `The ${own} item(s) of "${category.name}" get "${into.name}", then "${category.name}" is deleted for good.`,
      facts: {
        category: viewCategory(category),
        tagged_items: own,
        children: category.childrenCount,
        used_categories_below: used
          .slice(0, shownMax)
          .map(({ id, name, itemCount }) => ({ id, name, items: itemCount })),
        ...(into === undefined ? {} : { into: viewCategory(into) }),
      },
      warnings: [
        'The CMS keeps no recycle folder for categories: this cannot be undone.',
        'Navigation, listings and search on the site may be built on this category.',
      ],
      fingerprint: JSON.stringify([category, into?.id, used.map(({ id, itemCount }) => [id, itemCount])]),
    };
  },

  execute: (given, ports, call) => actions[given.action](given, ports, call),
});

const shownMax = 20;
const defaultLocale = 'en-us';

interface Receipt {
  readonly before?: z.infer<typeof categoryView>;
  readonly after?: z.infer<typeof categoryView>;
  readonly items_changed: number;
  readonly undo: 'possible' | 'partial' | 'no';
  readonly undo_hint?: string;
  readonly warnings: string[];
}

type Act = (given: Input, ports: Needs, call: Call) => Promise<Receipt>;

const actions: Readonly<Record<Input['action'], Act>> = {
  create: async (given, ports, call) => {
    const name = wanted(given.name, 'name', given);
    if (given.category !== undefined) {
      throw new DomainError('BAD_INPUT', 'create takes "to" for the parent and no category. Nothing was created.');
    }
    const parent = given.to === undefined ? undefined : await readCategory(given.to, ports.taxonomy);
    await refuseTwin(name, parent?.id, ports);
    const made = await create(name, parent, given.locale ?? defaultLocale, ports, call);
    const after = await verified(made.id, ports, (now) => now.name === name && now.parentId === parent?.id);
    return {
      after: viewCategory(after),
      items_changed: 0,
      undo: 'possible',
      undo_hint: 'Delete the category.',
      warnings: [],
    };
  },

  rename: async (given, ports, call) => {
    const name = wanted(given.name, 'name', given);
    const before = await subjectOf(given, ports);
    if (before.name !== name) {
      await refuseTwin(name, before.parentId, ports, before.id);
      await ports.taxonomy.rename(before.id, name);
      changed(call, before);
    }
    const after = await verified(before.id, ports, (now) => now.name === name);
    return reversible(before, after, 'Rename it back.');
  },

  move: async (given, ports, call) => {
    const before = await subjectOf(given, ports);
    const parent = given.to === undefined ? undefined : await readCategory(given.to, ports.taxonomy);
    if (parent !== undefined && isWithin(parent, before)) {
      throw new DomainError(
        'BAD_INPUT',
        `"${before.name}" cannot move into itself or below itself. Nothing was moved.`,
      );
    }
    if (before.parentId !== parent?.id) {
      await refuseTwin(before.name, parent?.id, ports, before.id);
      await ports.taxonomy.move(before.id, parent === undefined ? await besideTop(before, ports) : child(parent));
      changed(call, before, parent);
    }
    const after = await verified(before.id, ports, (now) => now.parentId === parent?.id);
    return reversible(before, after, 'Move it back.');
  },

  set_synonyms: async (given, ports, call) => {
    const synonyms = [...new Set(wanted(given.synonyms, 'synonyms', given))];
    const before = await subjectOf(given, ports);
    const locale = given.locale ?? before.locale ?? defaultLocale;
    await ports.taxonomy.setSynonyms(before.id, locale, synonyms);
    changed(call, before);
    const after = await verified(
      before.id,
      ports,
      (now) =>
        JSON.stringify(synonymsIn(now, locale).sort()) === JSON.stringify([...synonyms].sort()) &&
        before.synonyms
          .filter((synonym) => synonym.locale !== locale)
          .every(({ value }) => now.synonyms.some((synonym) => synonym.value === value)),
    );
    return reversible(before, after, 'Set the synonyms under before again.');
  },

  merge: async (given, ports, call) => {
    const before = await subjectOf(given, ports);
    const into = await mergeTarget(given, before, ports);
    const added = await ports.taxonomy.copyItems(before.id, into.id);
    changed(call, before, into, added);
    await finishMerge(before, into, ports, call);
    const after = await verified(into.id, ports, () => true);
    return {
      before: viewCategory(before),
      after: viewCategory(after),
      items_changed: before.itemCount ?? added.length,
      undo: 'no',
      warnings: [],
    };
  },

  delete: async (given, ports, call) => {
    const before = await subjectOf(given, ports);
    const below = (await ports.taxonomy.usedBelow(before.id)).reduce((sum, { itemCount }) => sum + (itemCount ?? 0), 0);
    await remove(before, ports, call);
    return {
      before: viewCategory(before),
      items_changed: (before.itemCount ?? 0) + below,
      undo: 'no',
      warnings: [],
    };
  },
};

function wanted<T>(value: T | undefined, name: keyof Input, given: Input): T {
  if (value !== undefined) return value;
  throw new DomainError('BAD_INPUT', `${given.action} needs "${name}". Nothing was changed.`);
}

const subjectOf = async (given: Input, ports: Needs): Promise<Category> =>
  readCategory(wanted(given.category, 'category', given), ports.taxonomy);

async function mergeTarget(given: Input, category: Category, ports: Needs): Promise<Category> {
  const into = await readCategory(wanted(given.to, 'to', given), ports.taxonomy);
  if (into.id === category.id) {
    throw new DomainError('BAD_INPUT', `"${category.name}" cannot be merged into itself. Nothing was changed.`);
  }
  if (category.childrenCount === 0) return into;
  throw new DomainError(
    'CONFLICT',
    `"${category.name}" (${category.id}) has ${category.childrenCount} categories below it, which a merge would delete. Move them first. Nothing was changed.`,
    { next: { tool: 'search_taxonomy', input: { under: category.id } } },
  );
}

async function refuseTwin(name: string, parentId: string | undefined, ports: Needs, self?: string): Promise<void> {
  const twin = (await siblings(parentId, ports)).find(
    (category) => category.id !== self && category.name.toLowerCase() === name.toLowerCase(),
  );
  if (twin === undefined) return;
  throw new DomainError(
    'CONFLICT',
    `There is a category "${twin.name}" (${twin.id}) in that place already. Nothing was changed.`,
    { candidates: [{ id: twin.id, name: twin.name }] },
  );
}

const siblings = (parentId: string | undefined, ports: Needs): Promise<readonly Category[]> =>
  allPages((page) => (parentId === undefined ? ports.taxonomy.roots(page) : ports.taxonomy.children(parentId, page)));

/** Creates once. When no answer came, the parent's children tell whether the category is there. */
async function create(
  name: string,
  parent: Category | undefined,
  locale: string,
  ports: Needs,
  call: Call,
): Promise<Category> {
  try {
    const made = await ports.taxonomy.create({
      name,
      locale,
      ...(parent === undefined ? {} : { parentId: parent.id }),
    });
    changed(call, made, parent);
    return made;
  } catch (error) {
    // Only the unknown outcome is looked into: the category may be there although nobody said so.
    if (!(error instanceof DomainError) || error.code !== 'OUTCOME_UNKNOWN') throw error;
    const made = (await ports.taxonomy.find(name)).find(
      (category) => category.name === name && category.parentId === parent?.id,
    );
    if (made === undefined) throw error;
    changed(call, made, parent);
    return made;
  }
}

/** The second half of a merge: the target takes the names as synonyms, then the source goes. */
async function finishMerge(source: Category, into: Category, ports: Needs, call: Call): Promise<void> {
  try {
    const grown = await verified(
      into.id,
      ports,
      (now) => now.itemCount === undefined || now.itemCount >= (source.itemCount ?? 0),
    );
    // The old name stays findable: it becomes a synonym of the category that took its items.
    const locale = into.locale ?? defaultLocale;
    const synonyms = [...synonymsIn(grown, locale), source.name, ...synonymsIn(source, locale)];
    const unique = [...new Set(synonyms)].filter((value) => value.toLowerCase() !== into.name.toLowerCase());
    await ports.taxonomy.setSynonyms(into.id, locale, unique);
    await remove(source, ports, call);
  } catch (error) {
    // What was done before stays, because the CMS has no transaction: the caller must know it.
    if (!(error instanceof DomainError)) throw error;
    throw new DomainError(
      error.code,
      `${error.message} The items of "${source.name}" carry "${into.name}" as well by now; the merge can be asked for again.`,
      { cause: error, next: { tool: 'search_taxonomy', input: { query: source.name } } },
    );
  }
}

const child = ({ id }: Category) => ({ id, position: 'child' as const });

/** The CMS moves to the top by way of a neighbour there. */
async function besideTop(category: Category, ports: Needs) {
  const neighbour = (await siblings(undefined, ports)).find(({ id }) => id !== category.id);
  if (neighbour !== undefined) return { id: neighbour.id, position: 'sibling' as const };
  throw new DomainError('CONFLICT', 'There is no category at the top to move beside. Nothing was moved.');
}

async function remove(category: Category, ports: Needs, call: Call): Promise<void> {
  await ports.taxonomy.delete(category.id);
  changed(call, category);
  if ((await ports.taxonomy.get(category.id)) === undefined) return;
  throw new DomainError(
    'WRITE_UNVERIFIED',
    `The CMS took the deletion, but "${category.name}" (${category.id}) is still there.`,
    { next: { tool: 'search_taxonomy', input: { query: category.name } } },
  );
}

/** Reads the category again, past every cache of ours. @throws DomainError WRITE_UNVERIFIED. */
async function verified(id: string, ports: Needs, isAsWanted: (now: Category) => boolean): Promise<Category> {
  const [now] = await ports.taxonomy.withPaths([id]);
  if (now !== undefined && isAsWanted(now)) return now;
  throw new DomainError('WRITE_UNVERIFIED', `The CMS took the change, but reading ${id} back shows something else.`, {
    next: { tool: 'search_taxonomy', input: {} },
  });
}

/** Lists of categories, and lists of what carries them, are stale; so are the items that were tagged by it. */
function changed(call: Call, category: Category, other?: Category, itemIds: readonly string[] = []): void {
  const ids = [category.id, ...(other === undefined ? [] : [other.id]), ...itemIds];
  call.emit({ type: 'content_changed', itemIds: ids, change: 'structure', subject: call.principal.subject });
}

function reversible(before: Category, after: Category, hint: string): Receipt {
  return {
    before: viewCategory(before),
    after: viewCategory(after),
    items_changed: 0,
    undo: 'possible',
    undo_hint: hint,
    warnings: JSON.stringify(before) === JSON.stringify(after) ? ['It was so already.'] : [],
  };
}

const synonymsIn = (category: Category, locale: string): string[] =>
  category.synonyms
    .filter((synonym) => synonym.locale.toLowerCase() === locale.toLowerCase())
    .map(({ value }) => value);

function isWithin(category: Category, top: Category): boolean {
  const path = top.path ?? top.name;
  return category.id === top.id || (category.path ?? category.name).startsWith(`${path}/`);
}

function viewCategory(category: Category): z.infer<typeof categoryView> {
  return {
    id: category.id,
    name: category.name,
    ...(category.path === undefined ? {} : { path: category.path }),
    synonyms: category.synonyms.map(({ locale, value }) => `${value} (${locale})`),
  };
}
