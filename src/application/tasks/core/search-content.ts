import { z } from 'zod';
import { DomainError } from '../../../domain/errors.ts';
import type { ContentItem, ItemKind } from '../../../domain/model/content-item.ts';
import type { Page, PageRequest } from '../../../domain/model/paging.ts';
import type { Schema } from '../../../domain/model/schema.ts';
import type { Category, CmsUser } from '../../../domain/model/site.ts';
import { cmsTimeMs } from '../../../domain/policy/cms-time.ts';
import { parseItemReference } from '../../../domain/policy/item-reference.ts';
import type { Ports } from '../../../domain/ports/index.ts';
import type { Call } from '../../call.ts';
import { defineTask } from '../../define-task.ts';
import { type Ancestry, createAncestry } from '../../items/ancestry.ts';
import { decodeCursor, encodeCursor } from '../../items/cursor.ts';
import { isAssetId } from '../../items/item-path.ts';
import { readVisible } from '../../items/read-visible.ts';
import { resolveCategory } from '../../items/resolve-category.ts';
import { resolveItem } from '../../items/resolve-item.ts';
import { resolveSchema } from '../../items/resolve-schema.ts';
import { resolveUser } from '../../items/resolve-user.ts';
import { cursorParameter, itemParameter, limitParameter } from '../parameters.ts';
import { itemView, viewItem } from '../views.ts';

const needs = [
  'search',
  'pages',
  'assets',
  'publishing',
  'schemas',
  'taxonomy',
  'workflow',
  'site',
  'digest',
] as const satisfies readonly (keyof Ports)[];
type Needs = Pick<Ports, (typeof needs)[number]>;

const kinds = ['page', 'component', 'asset', 'folder'] as const;

const input = z
  .object({
    query: z.string().trim().max(500).optional().describe('Words, id, path or URL'),
    kinds: z.array(z.enum(kinds)).max(kinds.length).optional().describe('Default all'),
    schema: z.string().trim().min(1).max(200).optional().describe('Content type'),
    field: z.string().trim().min(1).max(200).optional().describe('In this field'),
    under: itemParameter.optional().describe('Below this item'),
    category: z.string().trim().min(1).max(200).optional().describe('Name or id'),
    locale: z.string().trim().min(1).max(50).optional().describe('E.g. en-US'),
    checked_out_by: z.string().trim().min(1).max(200).optional().describe('User or me'),
    modified_after: z
      .string()
      .regex(
        /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})?)?$/,
        'give an ISO date such as 2026-03-01 or 2026-03-01T09:00:00Z',
      )
      .optional()
      .describe('ISO date'),
    include_recycled: z.boolean().default(false).describe('Default false'),
    cursor: cursorParameter,
    limit: limitParameter,
  })
  .strict();
type Input = z.output<typeof input>;

/** Finds content. */
export const searchContent = defineTask({
  name: 'search_content',
  title: 'Search pages and assets',
  summary:
    'Find pages, components, assets and folders by words, id, path, type, category, place, check-out holder or date. Answers path, type and lock of each hit, and why it fits.',
  toolset: 'core',
  effect: 'read',
  idempotent: true,
  heedsFreeze: false,
  scopes: ['cms:read'],
  needs,
  input,
  output: z.object({
    hits: z.array(itemView.extend({ why: z.string(), recycled: z.boolean().optional() })),
    total: z.int().optional().describe('Absent when filters were applied here and not everything was looked at'),
    candidates: z.int().optional().describe('What the CMS found before the filters of filtered_after'),
    matched_by: z.enum(['reference', 'words', 'asset_name', 'schema', 'category', 'check_out', 'location']),
    filtered_after: z.array(z.string()).optional().describe('Filters that the CMS cannot combine, applied here'),
    next_cursor: z.string().optional(),
    hint: z.string().optional(),
  }),
  publishesOutputSchema: true,
  async execute(given, ports, call) {
    const filters = await resolveFilters(given, ports);
    const ancestry = createAncestry(ports);
    const source = await chooseSource(given, filters, ports);
    const after = filterTable.filter((row) => row.applies(given) && !source.covers.includes(row.name));
    const { cursor, limit, ...query } = given;
    const queryDigest = ports.digest.sha256(JSON.stringify(query));
    const start = decodeCursor(cursor, queryDigest);
    const scan = await scanSource(source, after, { given, filters, ancestry }, start, limit, call);
    const hits = await Promise.all(
      scan.hits.map(async (hit) => ({
        ...viewItem(hit.item, await ancestry.pathOf(hit.item)),
        why: hit.why,
        ...(hit.recycled === true ? { recycled: true } : {}),
      })),
    );
    const sawAll = start === 0 && scan.nextIndex === undefined;
    return {
      hits,
      ...(after.length === 0 ? { total: scan.total } : sawAll ? { total: hits.length } : {}),
      ...(after.length === 0 ? {} : { candidates: scan.total, filtered_after: after.map((row) => row.name) }),
      matched_by: source.name,
      ...(scan.nextIndex === undefined ? {} : { next_cursor: encodeCursor(scan.nextIndex, queryDigest) }),
      ...hintFor(source, given, hits.length, scan, after.length > 0),
    };
  },
});

/** What the filters' texts name. */
interface Filters {
  readonly schema: Schema | undefined;
  readonly under: ContentItem | undefined;
  readonly category: Pick<Category, 'id' | 'name'> | undefined;
  readonly holder: CmsUser | undefined;
}

async function resolveFilters(given: Input, ports: Needs): Promise<Filters> {
  const [schema, under, category, holder] = await Promise.all([
    given.schema === undefined ? undefined : resolveSchema(given.schema, ports.schemas),
    given.under === undefined ? undefined : resolveItem(given.under, ports),
    given.category === undefined ? undefined : resolveCategory(given.category, ports.taxonomy),
    given.checked_out_by === undefined ? undefined : resolveUser(given.checked_out_by, ports.site),
  ]);
  return { schema, under, category, holder };
}

type FilterName =
  | 'kinds'
  | 'schema'
  | 'under'
  | 'category'
  | 'locale'
  | 'checked_out_by'
  | 'modified_after'
  | 'include_recycled';

interface Found {
  readonly item: ContentItem;
  readonly why: string;
  /** Absent when the source does not tell. */
  readonly recycled?: boolean;
}

/** One way of the CMS to find items, with the filters that it applies itself. */
interface Source {
  readonly name: 'reference' | 'words' | 'asset_name' | 'schema' | 'category' | 'check_out' | 'location';
  readonly covers: readonly FilterName[];
  /** `undefined` stands for what is listed but not visible to this user any more, so that positions stay right. */
  page(request: PageRequest): Promise<Page<Found | undefined>>;
}

/** The CMS has no combined search: the narrowest of its ways is asked, and the other filters are applied after it. */
async function chooseSource(given: Input, filters: Filters, ports: Needs): Promise<Source> {
  const { query } = given;
  if (query !== undefined && query !== '') {
    // Names and trails of names are words too, and words find more.
    const namesOneItem = !['name', 'trail'].includes(parseItemReference(query).form);
    if (given.field === undefined && namesOneItem) return byReference(query, ports);
    if (filters.under?.kind === 'asset_folder') return byAssetName(query, given, filters, ports);
    return byWords(query, given, filters, ports);
  }
  if (given.field !== undefined) {
    throw new DomainError('BAD_INPUT', 'field says where to look for words: give query too.');
  }
  if (filters.holder !== undefined) return byHolder(filters.holder, given, ports);
  if (filters.category !== undefined) return byCategory(filters.category, given, ports);
  if (filters.schema !== undefined) return bySchema(filters.schema, given, ports);
  if (filters.under?.kind === 'asset_folder' || given.kinds?.every((kind) => kind === 'asset') === true) {
    return byAssetName('', given, filters, ports);
  }
  const narrows = [filters.under, given.kinds, given.locale, given.modified_after].some(
    (filter) => filter !== undefined,
  );
  if (!narrows) {
    throw new DomainError('BAD_INPUT', 'Give query, or at least one filter, so that there is something to look for.', {
      next: { tool: 'browse_tree', input: { at: 'site' } },
    });
  }
  return byLocation(filters.under ?? (await ports.pages.root()), given, ports);
}

function byReference(query: string, ports: Needs): Source {
  return {
    name: 'reference',
    covers: ['include_recycled'],
    async page({ startIndex }) {
      try {
        const item = await resolveItem(query, ports);
        return { items: startIndex === 0 ? [{ item, why: 'named by the query' }] : [], total: 1 };
      } catch (thrown) {
        // Nothing found, or nothing for this user to see, is an answer of a search and not an error.
        const isNothing = thrown instanceof DomainError && ['NOT_FOUND', 'FORBIDDEN'].includes(thrown.code);
        if (isNothing) return { items: [], total: 0 };
        throw thrown;
      }
    },
  };
}

function byWords(query: string, given: Input, filters: Filters, ports: Needs): Source {
  const wanted = given.kinds;
  const includeAssets = wanted === undefined || wanted.includes('asset');
  const includePages = wanted === undefined || wanted.some((kind) => kind !== 'asset');
  return {
    name: 'words',
    covers: [
      'schema',
      'locale',
      'include_recycled',
      // The CMS tells pages from assets, not components and folders from pages.
      ...(wanted === undefined || !includePages ? (['kinds'] as const) : []),
    ],
    async page(request) {
      const hits = await ports.search.ranked(
        {
          keywords: query,
          ...(filters.schema === undefined ? {} : { schemaName: filters.schema.name }),
          ...(given.field === undefined ? {} : { fieldName: given.field }),
          ...(given.locale === undefined ? {} : { locale: given.locale }),
          includePages,
          includeAssets,
          includeRecycled: given.include_recycled,
        },
        request,
      );
      return {
        ...hits,
        items: hits.items.map((hit) => ({ item: hit, why: whyOf(hit, query, given.field), recycled: hit.recycled })),
      };
    },
  };
}

/** The CMS tells a rank, not where the words are; whether the name holds them can be seen. */
function whyOf(item: ContentItem, query: string, field: string | undefined): string {
  if (field !== undefined) return `words in the field ${field}`;
  const inName = wordsOf(item.name);
  return wordsOf(query).some((word) => inName.some((own) => own.startsWith(word)))
    ? 'words in the name'
    : 'words in the content';
}

/** Without the short words that stand in every name. */
function wordsOf(text: string): readonly string[] {
  return text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word.length > 3 || /\d/.test(word) || !/^[a-z]+$/.test(word));
}

function byAssetName(query: string, given: Input, filters: Filters, ports: Needs): Source {
  const folder = filters.under?.kind === 'asset_folder' ? filters.under : undefined;
  return withRecycled(given, ports, {
    name: 'asset_name',
    covers: [
      'modified_after',
      ...(folder === undefined ? [] : (['under'] as const)),
      ...(given.kinds?.every((kind) => kind === 'asset') === true ? (['kinds'] as const) : []),
    ],
    async page(request) {
      const found = await ports.assets.search(
        {
          text: query,
          ...(folder === undefined ? {} : { folderId: folder.id }),
          includeFolders: given.kinds === undefined || given.kinds.includes('folder'),
          ...(given.modified_after === undefined ? {} : { modifiedAfter: given.modified_after }),
        },
        request,
      );
      const why = query === '' ? 'asset here' : 'words in the name';
      return { ...found, items: found.items.map((item) => ({ item, why })) };
    },
  });
}

function byHolder(holder: CmsUser, given: Input, ports: Needs): Source {
  return withRecycled(given, ports, {
    name: 'check_out',
    covers: ['checked_out_by'],
    async page(request) {
      const found = await ports.workflow.assignments(
        { userId: holder.id, includeGroups: false, includeCheckedOut: true, includeCheckedIn: false },
        request,
      );
      const ids = found.items.map((work) => work.itemId);
      return readEach(found, ids, `checked out by ${holder.name}`, ports);
    },
  });
}

function byCategory(category: Pick<Category, 'id' | 'name'>, given: Input, ports: Needs): Source {
  return withRecycled(given, ports, {
    name: 'category',
    covers: ['category'],
    async page(request) {
      const found = await ports.taxonomy.itemsOf(category.id, request);
      const ids = found.items.map(({ id }) => id);
      return readEach(found, ids, `carries the category ${category.name}`, ports);
    },
  });
}

function bySchema(schema: Schema, given: Input, ports: Needs): Source {
  return withRecycled(given, ports, {
    name: 'schema',
    covers: ['schema'],
    async page(request) {
      const found = await ports.search.bySchema(schema.id, request);
      // The CMS's usage list tells neither version nor place of an item.
      const ids = found.items.map(({ id }) => id);
      return readEach(found, ids, `is of type ${schema.name}`, ports);
    },
  });
}

function byLocation(under: ContentItem, given: Input, ports: Needs): Source {
  return withRecycled(given, ports, {
    name: 'location',
    covers: ['under'],
    async page(request) {
      const found = await ports.pages.descendants(under.id, request);
      return { ...found, items: found.items.map((item) => ({ item, why: `lies below ${under.name}` })) };
    },
  });
}

/** Completes a list of ids to items; what is not visible to this user any more is left out. */
async function readEach<T>(page: Page<T>, ids: readonly string[], why: string, ports: Needs): Promise<Page<Found>> {
  const items = await Promise.all(ids.map((id) => readVisible(id, ports)));
  return { ...page, items: items.filter((item) => item !== undefined).map((item) => ({ item, why })) };
}

/** For sources that do not tell what is recycled: the CMS's contexts do, for a whole page of items at once. */
function withRecycled(given: Input, ports: Needs, source: Source): Source {
  if (given.include_recycled) return source;
  return {
    ...source,
    async page(request) {
      const found = await source.page(request);
      const ids = found.items.flatMap((hit) => (hit === undefined ? [] : [hit.item.id]));
      const pageIds = ids.filter((id) => !isAssetId(id));
      const assetIds = ids.filter((id) => isAssetId(id));
      const contexts = await Promise.all([
        pageIds.length === 0 ? [] : ports.pages.contexts(pageIds),
        assetIds.length === 0 ? [] : ports.assets.contexts(assetIds),
      ]);
      const recycled = new Set(contexts.flat().flatMap((context) => (context.recycled ? [context.id] : [])));
      return {
        ...found,
        items: found.items.map((hit) => hit && { ...hit, recycled: recycled.has(hit.item.id) }),
      };
    },
  };
}

interface FilterFacts {
  readonly given: Input;
  readonly filters: Filters;
  readonly ancestry: Ancestry;
}

interface FilterRow {
  readonly name: FilterName;
  applies(given: Input): boolean;
  keeps(found: Found, facts: FilterFacts): boolean | Promise<boolean>;
}

/** Every filter, the cheap ones first: `under` costs a call per folder. */
const filterTable: readonly FilterRow[] = [
  {
    name: 'kinds',
    applies: (given) => given.kinds !== undefined,
    keeps: ({ item }, { given }) => given.kinds?.includes(groupOf(item.kind)) === true,
  },
  {
    name: 'schema',
    applies: (given) => given.schema !== undefined,
    keeps: ({ item }, { filters }) => item.schema?.id === filters.schema?.id,
  },
  {
    name: 'category',
    applies: (given) => given.category !== undefined,
    keeps: ({ item }, { filters }) => filters.category !== undefined && item.categoryIds.includes(filters.category.id),
  },
  {
    name: 'locale',
    applies: (given) => given.locale !== undefined,
    keeps: ({ item }, { given }) => item.locale?.toLowerCase() === given.locale?.toLowerCase(),
  },
  {
    name: 'checked_out_by',
    applies: (given) => given.checked_out_by !== undefined,
    keeps: ({ item }, { filters }) => item.checkedOut && item.assignedTo?.id === filters.holder?.id,
  },
  {
    name: 'modified_after',
    applies: (given) => given.modified_after !== undefined,
    keeps: ({ item }, { given }) => {
      const modifiedMs = cmsTimeMs(item.modifiedAt);
      const afterMs = cmsTimeMs(given.modified_after);
      return modifiedMs !== undefined && afterMs !== undefined && modifiedMs > afterMs;
    },
  },
  {
    name: 'include_recycled',
    applies: (given) => !given.include_recycled,
    keeps: ({ recycled }) => recycled !== true,
  },
  {
    name: 'under',
    applies: (given) => given.under !== undefined,
    keeps: async ({ item }, { filters, ancestry }) =>
      (await ancestry.of(item)).some((above) => above.id === filters.under?.id),
  },
];

function groupOf(kind: ItemKind): (typeof kinds)[number] {
  return kind === 'asset_folder' ? 'folder' : kind;
}

/** Items looked at for one answer while filters are applied here; the cursor goes on from there. */
const scanMax = 400;
const scanPageSize = 50;

interface Scan {
  readonly hits: readonly Found[];
  readonly total: number;
  /** Where the next page begins, counted in the source's own list. */
  readonly nextIndex?: number;
}

async function scanSource(
  source: Source,
  after: readonly FilterRow[],
  facts: FilterFacts,
  start: number,
  limit: number,
  call: Call,
): Promise<Scan> {
  const hits: Found[] = [];
  const pageSize = after.every((row) => row.name === 'include_recycled') ? limit : scanPageSize;
  for (let at = start; ; ) {
    call.signal.throwIfAborted();
    const page = await source.page({ startIndex: at, pageSize });
    const kept = await Promise.all(page.items.map((found) => found !== undefined && keeps(found, after, facts)));
    for (const [index, found] of page.items.entries()) {
      if (found === undefined || kept[index] !== true) continue;
      hits.push(found);
      if (hits.length < limit) continue;
      const next = at + index + 1;
      return { hits, total: page.total, ...(next < page.total ? { nextIndex: next } : {}) };
    }
    if (page.nextIndex === undefined) return { hits, total: page.total };
    if (page.nextIndex - start >= scanMax) return { hits, total: page.total, nextIndex: page.nextIndex };
    at = page.nextIndex;
  }
}

/** One filter after the other, so that the dear ones are asked only for what the cheap ones kept. */
async function keeps(found: Found, after: readonly FilterRow[], facts: FilterFacts): Promise<boolean> {
  for (const row of after) {
    if (!(await row.keeps(found, facts))) return false;
  }
  return true;
}

function hintFor(
  source: Source,
  given: Input,
  shown: number,
  scan: Scan,
  filtered: boolean,
): { readonly hint?: string } {
  if (filtered && scan.nextIndex !== undefined && shown < given.limit) {
    return {
      hint: `Looked at ${scanMax} of ${scan.total} candidates; next_cursor goes on. A narrower query or place is faster.`,
    };
  }
  if (scan.nextIndex !== undefined)
    return { hint: 'There is more: next_cursor, or narrow with schema, under or kinds.' };
  return shown > 0 ? {} : { hint: emptyHints[source.name] };
}

/** Why a search may have found nothing, and what to try next. */
const emptyHints: Readonly<Record<Source['name'], string>> = {
  reference: 'Nothing with this id or address is visible to this user.',
  words:
    'Nothing fits. Try fewer or other words, or leave out filters; content changed a moment ago may not be in the index yet.',
  asset_name: 'No asset fits. Only names of assets are looked at here; leave out under to search in their fields too.',
  schema: 'No item of this type fits.',
  category: 'No item that carries this very category fits; items of the categories below it do not count.',
  check_out: 'Nothing is checked out by this user, as far as the CMS tells. Search with words too, or under a place.',
  location: 'Nothing here fits.',
};
