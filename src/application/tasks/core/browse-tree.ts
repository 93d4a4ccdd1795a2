import { z } from 'zod';
import type { ContentItem, OutlineNode } from '../../../domain/model/content-item.ts';
import { type Page, type PageRequest, pageSizeMax } from '../../../domain/model/paging.ts';
import type { Category } from '../../../domain/model/site.ts';
import type { Ports } from '../../../domain/ports/index.ts';
import type { Call } from '../../call.ts';
import { defineTask } from '../../define-task.ts';
import { decodeCursor, encodeCursor } from '../../items/cursor.ts';
import { isAssetId, itemPath } from '../../items/item-path.ts';
import { resolveCategory } from '../../items/resolve-category.ts';
import { resolveItem } from '../../items/resolve-item.ts';
import { cursorParameter, limitParameter } from '../parameters.ts';
import { viewItem } from '../views.ts';

const needs = [
  'pages',
  'assets',
  'taxonomy',
  'search',
  'publishing',
  'digest',
] as const satisfies readonly (keyof Ports)[];
type Needs = Pick<Ports, (typeof needs)[number]>;

const nodeView = z.object({
  id: z.string(),
  kind: z.enum(['page', 'component', 'folder', 'asset', 'asset_folder', 'category']).optional(),
  name: z.string(),
  level: z.int().optional().describe('1 = directly below'),
  parent_id: z.string().optional(),
  children_count: z.int().optional(),
  schema: z.string().optional(),
  version: z.int().optional(),
  checked_out: z.boolean().optional(),
  assigned_to: z.string().optional(),
});
type NodeView = z.infer<typeof nodeView>;

/** Shows what lies where. */
export const browseTree = defineTask({
  name: 'browse_tree',
  title: 'Browse the site tree',
  summary:
    'List children, an outline of descendants, or the ancestors of a page, folder, asset folder or category; also from the site root, asset folders, taxonomy or recycle folder.',
  toolset: 'core',
  effect: 'read',
  idempotent: true,
  heedsFreeze: false,
  scopes: ['cms:read'],
  needs,
  input: z
    .object({
      at: z
        .string()
        .trim()
        .min(1)
        .max(2000)
        .default('site')
        .describe('site, assets, taxonomy, recycled, a category id, or an item'),
      direction: z.enum(['children', 'descendants', 'ancestors']).default('children').describe('Default children'),
      depth: z.int().min(1).max(5).optional().describe('Levels; default 1, descendants 3'),
      cursor: cursorParameter,
      limit: limitParameter,
    })
    .strict(),
  output: z.object({
    at: z.object({ id: z.string().optional(), name: z.string(), path: z.string().optional() }),
    nodes: z.array(nodeView),
    total: z.int(),
    truncated: z.boolean().optional(),
    next_cursor: z.string().optional(),
    hint: z.string().optional(),
  }),
  publishesOutputSchema: false,
  async execute(input, ports, call) {
    const place = await findPlace(input.at, ports);
    const at = {
      ...(place.id === undefined ? {} : { id: place.id }),
      name: place.name,
      ...(place.path === undefined ? {} : { path: await place.path() }),
    };
    if (input.direction === 'ancestors') {
      const nodes = await place.ancestors();
      return {
        at,
        nodes: nodes.map((node) => ({ ...node })),
        total: nodes.length,
        ...(nodes.length === 0 ? { hint: 'Nothing lies above this.' } : {}),
      };
    }
    const { cursor, limit, ...query } = input;
    const queryDigest = ports.digest.sha256(JSON.stringify(query));
    const startIndex = decodeCursor(cursor, queryDigest);
    const depth = input.depth ?? depthDefaults[input.direction];
    if (depth === 1) {
      const page = await place.children({ startIndex, pageSize: limit });
      return {
        at,
        nodes: [...page.items],
        total: page.total,
        ...(page.nextIndex === undefined ? {} : { next_cursor: encodeCursor(page.nextIndex, queryDigest) }),
        ...(page.total === 0 ? { hint: 'Nothing lies below this.' } : {}),
      };
    }
    const outline = await place.outline(depth, call);
    const end = startIndex + limit;
    return {
      at,
      nodes: outline.nodes.slice(startIndex, end).map((node) => ({ ...node })),
      total: outline.nodes.length,
      ...(end < outline.nodes.length ? { next_cursor: encodeCursor(end, queryDigest) } : {}),
      ...(outline.complete
        ? {}
        : { truncated: true, hint: 'The outline is cut. Start further down, or take fewer levels, to see the rest.' }),
    };
  },
});

/** All descendants of a wide site are rarely meant; levels beyond these are one more call away. */
const depthDefaults = { children: 1, descendants: 3 } as const;

/** Nodes of one outline, and calls that an outline without a cheap operation may take. */
const outlineNodesMax = 500;
const outlineCallsMax = 40;

/** A place in one of the trees, and how the CMS lists around it. */
interface Place {
  readonly id: string | undefined;
  readonly name: string;
  path?(): Promise<string>;
  ancestors(): Promise<readonly NodeView[]>;
  children(page: PageRequest): Promise<Page<NodeView>>;
  outline(depth: number, call: Call): Promise<Outline>;
}

interface Outline {
  /** Parents before their children, siblings in their order. */
  readonly nodes: readonly NodeView[];
  readonly complete: boolean;
}

async function findPlace(at: string, ports: Needs): Promise<Place> {
  switch (at.toLowerCase()) {
    case 'site':
      return pagePlace(await ports.pages.root(), ports);
    case 'recycled':
      return pagePlace(await ports.pages.recycleFolder(), ports);
    case 'assets':
      return topPlace(
        'Assets',
        async (page) => viewPage(await ports.assets.rootFolders(page), viewNode),
        (id, page) => listAssets(id, page, ports),
      );
    case 'taxonomy':
      return topPlace(
        'Taxonomy',
        async (page) => viewPage(await ports.taxonomy.roots(page), viewCategory),
        (id, page) => listCategories(id, page, ports),
      );
  }
  if (/^CategoryNodes\/\d+$/.test(at)) return categoryPlace(at, ports);
  const item = await resolveItem(at, ports);
  return isAssetId(item.id) ? assetPlace(item, ports) : pagePlace(item, ports);
}

function pagePlace(item: ContentItem, ports: Needs): Place {
  return {
    id: item.id,
    name: item.name,
    path: () => itemPath(item, ports),
    ancestors: async () => (await ports.pages.ancestors(item.id)).map(viewNode),
    children: async (page) => viewPage(await ports.pages.children(item.id, page), viewNode),
    async outline(depth) {
      const nodes = await ports.pages.outline(item.id, { depth, countMax: outlineNodesMax });
      return { nodes: preorder(item.id, nodes, depth), complete: nodes.length < outlineNodesMax };
    },
  };
}

function assetPlace(item: ContentItem, ports: Needs): Place {
  const children: Lister = (id, page) => listAssets(id, page, ports);
  return {
    id: item.id,
    name: item.name,
    path: () => itemPath(item, ports),
    ancestors: async () => (await ports.assets.ancestors(item.id)).map(viewNode),
    children: (page) => children(item.id, page),
    outline: (depth, call) => walk((page) => children(item.id, page), children, depth, call),
  };
}

async function categoryPlace(id: string, ports: Needs): Promise<Place> {
  const { name } = await resolveCategory(id, ports.taxonomy);
  const children: Lister = (parentId, page) => listCategories(parentId, page, ports);
  return {
    id,
    name,
    ancestors: async () => (await ports.taxonomy.ancestors(id)).map(viewCategory),
    children: (page) => children(id, page),
    outline: (depth, call) => walk((page) => children(id, page), children, depth, call),
  };
}

/** The top of a tree that has no single root node. */
function topPlace(name: string, first: (page: PageRequest) => Promise<Page<NodeView>>, children: Lister): Place {
  return {
    id: undefined,
    name,
    ancestors: async () => [],
    children: first,
    outline: (depth, call) => walk(first, children, depth, call),
  };
}

type Lister = (id: string, page: PageRequest) => Promise<Page<NodeView>>;

async function listAssets(id: string, page: PageRequest, ports: Needs): Promise<Page<NodeView>> {
  if (!id.startsWith('af/')) return { items: [], total: 0 };
  return viewPage(await ports.assets.children(id, page), viewNode);
}

async function listCategories(id: string, page: PageRequest, ports: Needs): Promise<Page<NodeView>> {
  return viewPage(await ports.taxonomy.children(id, page), viewCategory);
}

/** An outline from lists of children, level by level, for trees without a cheap outline of their own. */
async function walk(
  first: (page: PageRequest) => Promise<Page<NodeView>>,
  children: Lister,
  depth: number,
  call: Call,
): Promise<Outline> {
  let calls = 1;
  const top = await first({ startIndex: 0, pageSize: pageSizeMax });
  let complete = top.nextIndex === undefined;
  const expand = async (nodes: readonly NodeView[], level: number): Promise<NodeView[]> => {
    const listed: NodeView[] = [];
    for (const node of nodes) {
      call.signal.throwIfAborted();
      listed.push({ ...node, level });
      if ((node.children_count ?? 0) === 0) continue;
      if (level >= depth) continue;
      if (calls >= outlineCallsMax) {
        complete = false;
        continue;
      }
      calls += 1;
      const below = await children(node.id, { startIndex: 0, pageSize: pageSizeMax });
      if (below.nextIndex !== undefined) complete = false;
      listed.push(...(await expand(below.items, level + 1)));
    }
    return listed;
  };
  return { nodes: await expand(top.items, 1), complete };
}

/** The CMS gives an outline in no promised order: parents come first here, siblings stay as they came. */
function preorder(rootId: string, nodes: readonly OutlineNode[], depth: number): NodeView[] {
  const below = new Map<string, OutlineNode[]>();
  for (const node of nodes) {
    if (node.id === rootId || node.parentId === undefined) continue;
    below.set(node.parentId, [...(below.get(node.parentId) ?? []), node]);
  }
  const list = (parentId: string, level: number): NodeView[] =>
    (below.get(parentId) ?? []).flatMap((node) => [
      {
        id: node.id,
        name: node.name,
        level,
        parent_id: parentId,
        // What lies below the last level was not asked for.
        ...(level < depth ? { children_count: below.get(node.id)?.length ?? 0 } : {}),
      },
      ...list(node.id, level + 1),
    ]);
  return list(rootId, 1);
}

function viewPage<T>(page: Page<T>, view: (item: T) => NodeView): Page<NodeView> {
  return { ...page, items: page.items.map(view) };
}

function viewNode(item: ContentItem): NodeView {
  const { id, kind, name, schema, version, checked_out, assigned_to } = viewItem(item);
  return {
    id,
    kind,
    name,
    ...(schema === undefined ? {} : { schema }),
    ...(kind === 'asset_folder' ? {} : { version }),
    ...(assigned_to === undefined ? {} : { assigned_to }),
    ...(checked_out ? { checked_out } : {}),
    ...(item.kind === 'asset' ? {} : { children_count: item.childrenCount }),
  };
}

function viewCategory(category: Category): NodeView {
  return { id: category.id, kind: 'category', name: category.name, children_count: category.childrenCount };
}
