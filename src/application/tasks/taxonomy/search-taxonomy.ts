import { z } from 'zod';
import type { Page, PageRequest } from '../../../domain/model/paging.ts';
import type { Category } from '../../../domain/model/site.ts';
import type { CmsTaxonomy } from '../../../domain/ports/cms/taxonomy.ts';
import { defineTask } from '../../define-task.ts';
import { allPages } from '../../items/all-pages.ts';
import { decodeCursor, encodeCursor } from '../../items/cursor.ts';
import { readCategory } from '../../items/read-category.ts';
import { resolveSchema } from '../../items/resolve-schema.ts';
import { cursorParameter, limitParameter } from '../parameters.ts';

const categoryView = z.object({
  id: z.string(),
  name: z.string(),
  path: z.string().optional(),
  synonyms: z.array(z.string()).optional().describe('With their locale behind them where it is not that of the name'),
  children: z.int(),
  items: z.int().optional().describe('Pages and assets that carry it'),
});

/** Shows the categories that there are to tag with. */
export const searchTaxonomy = defineTask({
  name: 'search_taxonomy',
  title: 'Search taxonomy',
  summary:
    'Find categories (tags, topics) by name or synonym, or browse them from the top or below one; optionally only those meant for a content type. Shows paths, synonyms and how many items carry each.',
  toolset: 'taxonomy',
  effect: 'read',
  idempotent: true,
  heedsFreeze: false,
  scopes: ['cms:read'],
  needs: ['taxonomy', 'schemas', 'digest'],
  input: z
    .object({
      query: z.string().trim().min(1).max(200).optional().describe('Words; leave out to browse'),
      under: z.string().trim().min(1).max(300).optional().describe('Category id, path or name'),
      schema: z.string().trim().min(1).max(200).optional().describe('Allowed for this content type'),
      cursor: cursorParameter,
      limit: limitParameter,
    })
    .strict(),
  output: z.object({
    categories: z.array(categoryView),
    total: z.int(),
    next_cursor: z.string().optional(),
    hint: z.string().optional(),
  }),
  publishesOutputSchema: false,

  async execute(input, ports) {
    const { cursor, limit, ...question } = input;
    const queryDigest = ports.digest.sha256(JSON.stringify(question));
    const request = { startIndex: decodeCursor(cursor, queryDigest), pageSize: limit };
    const parent = input.under === undefined ? undefined : await readCategory(input.under, ports.taxonomy);
    const schemaId = input.schema === undefined ? undefined : (await resolveSchema(input.schema, ports.schemas)).id;
    const page =
      input.query === undefined
        ? await browse(parent, schemaId, request, ports.taxonomy)
        : await find(input.query, parent, schemaId, request, ports.taxonomy);
    return {
      categories: page.items.map(viewCategory),
      total: page.total,
      ...(page.nextIndex === undefined ? {} : { next_cursor: encodeCursor(page.nextIndex, queryDigest) }),
      ...(page.total > 0 ? {} : { hint: input.query === undefined ? nothingBelow : nothingFound }),
    };
  },
});

const nothingBelow = 'There are no categories here.';
const nothingFound = 'No name or synonym holds these words. Try one word, or leave query out to browse.';

/** The next level, with paths, which lists of the CMS leave out. */
async function browse(
  parent: Category | undefined,
  schemaId: string | undefined,
  request: PageRequest,
  taxonomy: CmsTaxonomy,
): Promise<Page<Category>> {
  if (parent !== undefined && !isMeantFor(parent, await allowedRoots(schemaId, taxonomy))) return emptyPage;
  const page =
    parent === undefined ? await taxonomy.roots(request, schemaId) : await taxonomy.children(parent.id, request);
  const prefix = parent === undefined ? '' : `${parent.path ?? parent.name}/`;
  return { ...page, items: page.items.map((category) => ({ ...category, path: `${prefix}${category.name}` })) };
}

/** The CMS narrows its search neither by place nor by schema: what it finds is narrowed here. */
async function find(
  query: string,
  parent: Category | undefined,
  schemaId: string | undefined,
  request: PageRequest,
  taxonomy: CmsTaxonomy,
): Promise<Page<Category>> {
  const roots = await allowedRoots(schemaId, taxonomy);
  const prefix = parent === undefined ? '' : `${parent.path ?? parent.name}/`;
  const found: Category[] = [];
  for (const category of await taxonomy.find(query)) {
    if ((category.path ?? '').startsWith(prefix) && isMeantFor(category, roots)) found.push(category);
  }
  found.sort((a, b) => rank(a, query) - rank(b, query) || (a.path ?? a.name).localeCompare(b.path ?? b.name));
  const end = request.startIndex + request.pageSize;
  return {
    items: found.slice(request.startIndex, end),
    total: found.length,
    ...(end < found.length ? { nextIndex: end } : {}),
  };
}

const emptyPage: Page<Category> = { items: [], total: 0 };

/** Names of the root categories that a schema allows; none at all means all of them. */
async function allowedRoots(schemaId: string | undefined, taxonomy: CmsTaxonomy): Promise<readonly string[]> {
  if (schemaId === undefined) return [];
  return (await allPages((page) => taxonomy.roots(page, schemaId))).map(({ name }) => name);
}

function isMeantFor(category: Category, roots: readonly string[]): boolean {
  return roots.length === 0 || roots.includes((category.path ?? category.name).split('/')[0] ?? '');
}

/** The category of that very name first, then names that hold the words, then synonyms. */
function rank({ name }: Category, query: string): number {
  if (name.toLowerCase() === query.toLowerCase()) return 0;
  return name.toLowerCase().includes(query.toLowerCase()) ? 1 : 2;
}

function viewCategory(category: Category): z.infer<typeof categoryView> {
  return {
    id: category.id,
    name: category.name,
    ...(category.path === undefined ? {} : { path: category.path }),
    ...(category.synonyms.length === 0
      ? {}
      : {
          synonyms: category.synonyms
            .slice(0, synonymsMax)
            .map(({ locale, value }) => (locale === category.locale ? value : `${value} (${locale})`)),
        }),
    children: category.childrenCount,
    ...(category.itemCount === undefined ? {} : { items: category.itemCount }),
  };
}

const synonymsMax = 20;
