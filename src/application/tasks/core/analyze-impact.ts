import { z } from 'zod';
import { DomainError } from '../../../domain/errors.ts';
import type { ContentItem, ItemContext } from '../../../domain/model/content-item.ts';
import { pageSizeMax } from '../../../domain/model/paging.ts';
import type { PublishingTarget, Redirect } from '../../../domain/model/publishing.ts';
import type { Category } from '../../../domain/model/site.ts';
import type { Ports } from '../../../domain/ports/index.ts';
import { defineTask } from '../../define-task.ts';
import { allPages } from '../../items/all-pages.ts';
import { itemContexts, itemDetails } from '../../items/item-calls.ts';
import { isAssetId, itemPath } from '../../items/item-path.ts';
import { isEmptyField, listFields } from '../../items/list-fields.ts';
import { readCategories } from '../../items/read-category.ts';
import { resolveItem, resolveItems } from '../../items/resolve-item.ts';
import { resolveTarget } from '../../items/resolve-target.ts';
import { forbiddenNameCharacters } from '../authoring/create-page.ts';
import { itemsParameter, targetParameter } from '../parameters.ts';

const needs = [
  'pages',
  'assets',
  'search',
  'publishing',
  'site',
  'workflow',
  'taxonomy',
] as const satisfies readonly (keyof Ports)[];
type Needs = Pick<Ports, (typeof needs)[number]>;

const input = z
  .object({
    action: z
      .enum(['delete', 'move', 'rename', 'publish', 'replace_asset', 'delete_category'])
      .describe('What is about to happen'),
    items: itemsParameter.describe('Content references; for delete_category ids, paths or names of categories'),
    to: z.string().trim().min(1).max(2000).optional().describe('New parent for move, new name for rename'),
    target: targetParameter.optional().describe('Publishing target; for publish required'),
  })
  .strict();
type Input = z.output<typeof input>;
type ItemAction = Exclude<Input['action'], 'delete_category'>;

const risks = ['low', 'medium', 'high'] as const;
type Risk = (typeof risks)[number];

const impactView = z.object({
  id: z.string(),
  name: z.string(),
  path: z.string().optional(),
  risk: z.enum(risks),
  blockers: z.array(z.string()).describe('While one of these stands, the CMS or this server refuses'),
  warnings: z.array(z.string()),
  descendants: z.int(),
  references: z
    .object({ total: z.int(), from: z.array(z.object({ id: z.string(), name: z.string(), field: z.string() })) })
    .optional()
    .describe('What points to it'),
  addresses: z.array(z.object({ target: z.string(), path: z.string() })).optional(),
  redirects: z.array(z.object({ id: z.string(), from: z.string(), to: z.string() })).optional(),
  locks: z.array(z.object({ id: z.string(), name: z.string(), holder: z.string() })).optional(),
  workflow: z.string().optional(),
  live_on: z.array(z.string()).optional(),
});
type ImpactView = z.infer<typeof impactView>;

/** Rows of each list in an answer about ten items. */
const shownMax = 10;

/** Looks before others leap: what an action would break, and whether it can be done at all. */
export const analyzeImpact = defineTask({
  name: 'analyze_impact',
  title: 'Analyze impact',
  summary:
    'Show what breaks before a delete, move, rename, publish, file replacement or category deletion: links that point there, descendants, redirects, locks, workflow, live targets; with a risk level and blockers.',
  toolset: 'core',
  effect: 'read',
  idempotent: true,
  heedsFreeze: false,
  scopes: ['cms:read'],
  needs,
  input,
  output: z.object({
    action: input.shape.action,
    risk: z.enum(risks).describe('The highest of the items'),
    possible: z.boolean().describe('False when an item has a blocker'),
    items: z.array(impactView),
    next: z.object({ tool: z.string(), input: z.record(z.string(), z.unknown()) }).optional(),
  }),
  publishesOutputSchema: false,

  async execute(given, ports) {
    const items =
      given.action === 'delete_category'
        ? await Promise.all(
            (await readCategories(given.items, ports.taxonomy)).map((category) => categoryImpact(category, ports)),
          )
        : await itemImpacts(given, given.action, ports);
    const possible = items.every(({ blockers }) => blockers.length === 0);
    const next = nextCall(
      given,
      items.map(({ id }) => id),
    );
    return {
      action: given.action,
      risk: highest(items.map(({ risk }) => risk)),
      possible,
      items,
      ...(possible && next !== undefined ? { next } : {}),
    };
  },
});

/** What all items of one question share; read once. */
interface Situation {
  readonly action: ItemAction;
  readonly targets: readonly PublishingTarget[];
  /** The one to publish to. */
  readonly target: PublishingTarget | undefined;
  readonly destination: ContentItem | undefined;
  /** Ids from the root of the tree down to the destination. */
  readonly line: ReadonlySet<string>;
  readonly newName: string | undefined;
  readonly redirects: readonly Redirect[];
  readonly contexts: ReadonlyMap<string, ItemContext>;
  /** Things that can neither move nor go. */
  readonly fixedIds: ReadonlySet<string>;
}

async function itemImpacts(given: Input, action: ItemAction, ports: Needs): Promise<ImpactView[]> {
  const items = await resolveItems(given.items, ports);
  const situation = await readSituation(given, action, items, ports);
  return Promise.all(items.map((item) => itemImpact(item, situation, ports)));
}

async function readSituation(
  given: Input,
  action: ItemAction,
  items: readonly ContentItem[],
  ports: Needs,
): Promise<Situation> {
  const wanted = { move: 'to', rename: 'to', publish: 'target', delete: undefined, replace_asset: undefined }[action];
  if ((wanted === 'to' && given.to === undefined) || (wanted === 'target' && given.target === undefined)) {
    throw new DomainError('BAD_INPUT', `To analyze a ${action}, give "${wanted}".`);
  }
  if (action === 'rename' && items.length > 1) throw new DomainError('BAD_INPUT', 'One item is renamed at a time.');
  const destination = action === 'move' ? await resolveItem(given.to ?? '', ports) : undefined;
  const [targets, target, above, redirects, contexts, root, recycle] = await Promise.all([
    ports.publishing.targets(),
    given.target === undefined ? undefined : resolveTarget(given.target, ports.publishing),
    destination === undefined ? [] : treeOf(destination.id, ports).ancestors(destination.id),
    action === 'publish' || action === 'replace_asset' ? [] : readRedirects(ports),
    itemContexts(
      [...items, ...(destination === undefined ? [] : [destination])].map(({ id }) => id),
      ports,
    ),
    ports.pages.root(),
    ports.pages.recycleFolder(),
  ]);
  return {
    action,
    targets,
    target,
    destination,
    line: new Set([...above, ...(destination === undefined ? [] : [destination])].map(({ id }) => id)),
    newName: action === 'rename' ? given.to : undefined,
    redirects,
    contexts,
    fixedIds: new Set([root.id, recycle.id]),
  };
}

const treeOf = (id: string, ports: Needs) => (isAssetId(id) ? ports.assets : ports.pages);

/** A user who may not see the redirects can still ask about everything else. */
async function readRedirects(ports: Needs): Promise<readonly Redirect[]> {
  try {
    return await allPages((page) => ports.publishing.redirects(page));
  } catch (error) {
    // Only a missing permission leaves the redirects out.
    if (!(error instanceof DomainError) || error.code !== 'FORBIDDEN') throw error;
    return [];
  }
}

async function itemImpact(item: ContentItem, situation: Situation, ports: Needs): Promise<ImpactView> {
  const [path, below, references, addresses, workflow, liveOn] = await Promise.all([
    itemPath(item, ports),
    descendantsOf(item, ports),
    referencesTo(item, ports),
    addressesOf(item, situation.targets, ports),
    ports.workflow.ofItem(item.id),
    liveTargets(item, situation.targets, ports),
  ]);
  const locks = await foreignLocks([item, ...below.seen], situation, ports);
  const redirects = situation.redirects.filter((redirect) =>
    addresses.some(({ targetId, path: address }) => redirect.targetIds.includes(targetId) && redirect.to === address),
  );
  const [blockers, more] = await Promise.all([
    blockersOf(item, locks, references.total, situation, ports),
    warningsOf[situation.action](item, situation, ports),
  ]);
  const facts = { references: references.total, descendants: below.total, isLive: liveOn.length > 0 };
  return {
    id: item.id,
    name: item.name,
    path,
    risk: blockers.length > 0 ? 'high' : riskOf(situation.action, facts),
    blockers,
    warnings: [
      ...more,
      ...(below.total > below.seen.length
        ? [`Locks were looked for in ${below.seen.length} of those below only.`]
        : []),
    ],
    descendants: below.total,
    references,
    ...(addresses.length === 0
      ? {}
      : { addresses: addresses.map(({ target, path: address }) => ({ target, path: address })) }),
    ...(redirects.length === 0
      ? {}
      : { redirects: redirects.slice(0, shownMax).map(({ id, from, to }) => ({ id, from, to })) }),
    ...(locks.length === 0 ? {} : { locks: locks.slice(0, shownMax) }),
    ...(workflow === undefined ? {} : { workflow: `${workflow.definitionName}: ${workflow.stateName}` }),
    ...(liveOn.length === 0 ? {} : { live_on: [...liveOn] }),
  };
}

interface Facts {
  readonly references: number;
  readonly descendants: number;
  readonly isLive: boolean;
}

/** From here on a subtree is more than anybody has in mind. */
const manyDescendants = 20;

/** Links survive moves and renames, because they name ids; addresses on live sites do not. */
const riskOf = (action: ItemAction, { references, descendants, isLive }: Facts): Risk => {
  switch (action) {
    case 'delete':
      if (descendants > manyDescendants || (isLive && references > 0)) return 'high';
      return references > 0 || descendants > 0 || isLive ? 'medium' : 'low';
    case 'move':
    case 'rename':
      if (isLive && descendants > manyDescendants) return 'high';
      return isLive ? 'medium' : 'low';
    case 'replace_asset':
      return isLive || references > 0 ? 'medium' : 'low';
    case 'publish':
      return 'low';
  }
};

function highest(all: readonly Risk[]): Risk {
  return risks[Math.max(0, ...all.map((risk) => risks.indexOf(risk)))] ?? 'low';
}

async function descendantsOf(
  item: ContentItem,
  ports: Needs,
): Promise<{ readonly total: number; readonly seen: readonly ContentItem[] }> {
  if (item.kind === 'asset') return { total: 0, seen: [] };
  const first = { startIndex: 0, pageSize: pageSizeMax };
  const page = await (isAssetId(item.id)
    ? ports.assets.children(item.id, first)
    : ports.pages.descendants(item.id, first));
  return { total: page.total, seen: page.items };
}

async function referencesTo(item: ContentItem, ports: Needs) {
  const [{ total }, usages] = await Promise.all([
    ports.site.usageSummary(item.id),
    ports.site.usages(item.id, { startIndex: 0, pageSize: shownMax }),
  ]);
  return {
    total: Math.max(total, usages.total),
    from: usages.items.map(({ itemId, name, elementName }) => ({ id: itemId, name, field: elementName })),
  };
}

async function addressesOf(item: ContentItem, targets: readonly PublishingTarget[], ports: Needs) {
  if (item.kind !== 'page') return [];
  const found = await Promise.all(
    targets.map(async (target) => {
      const address = await ports.pages.pathOf(item.id, target.id);
      return address === undefined ? [] : [{ targetId: target.id, target: target.name, path: address.path }];
    }),
  );
  return found.flat();
}

async function liveTargets(
  item: ContentItem,
  targets: readonly PublishingTarget[],
  ports: Needs,
): Promise<readonly string[]> {
  if (item.kind === 'asset_folder') return [];
  const found = await Promise.all(
    targets.map(async ({ id, name }) =>
      (await ports.publishing.states(id, [item.id])).some(({ published }) => published) ? [name] : [],
    ),
  );
  return found.flat();
}

/** What other people have checked out: an item's own lock refuses, one below loses somebody's work its place. */
async function foreignLocks(items: readonly ContentItem[], situation: Situation, ports: Needs) {
  const locked = items.filter(({ checkedOut }) => checkedOut);
  const unknown = locked.map(({ id }) => id).filter((id) => !situation.contexts.has(id));
  const contexts = new Map([...situation.contexts, ...(await itemContexts(unknown, ports))]);
  return locked
    .filter(({ id }) => contexts.get(id)?.editable !== true)
    .map(({ id, name, assignedTo }) => ({ id, name, holder: assignedTo?.name ?? 'somebody else' }));
}

async function blockersOf(
  item: ContentItem,
  locks: readonly { readonly id: string; readonly holder: string }[],
  references: number,
  situation: Situation,
  ports: Needs,
): Promise<string[]> {
  const { action, destination, line, newName } = situation;
  const context = situation.contexts.get(item.id);
  const lock = locks.find(({ id }) => id === item.id);
  const mayChange = item.kind === 'asset_folder' ? item.access === 'full' : context?.fullAccess === true;
  const isRestore = action === 'move' && context?.recycled === true;
  return [
    ...(mayChange ? [] : ['This user may not change it.']),
    ...(context?.recycled === true && !isRestore ? ['It is in the recycle folder.'] : []),
    ...(situation.fixedIds.has(item.id) && action !== 'publish' ? ['It is the root or the recycle folder.'] : []),
    ...(lock === undefined || action === 'move' ? [] : [`It is checked out by ${lock.holder}.`]),
    ...(destination === undefined ? [] : destinationBlockers(item, destination, line, situation)),
    ...(newName === undefined ? [] : await nameBlockers(item, newName, ports)),
    ...(action === 'replace_asset' && item.kind !== 'asset' ? ['It is no asset: it has no file to replace.'] : []),
    ...(action === 'delete' && item.kind === 'asset' && references > 0
      ? ['The CMS keeps assets that are in use.']
      : []),
    ...(action === 'publish' ? await publishBlockers(item, context, ports) : []),
  ];
}

function destinationBlockers(
  item: ContentItem,
  destination: ContentItem,
  line: ReadonlySet<string>,
  situation: Situation,
): string[] {
  const context = situation.contexts.get(destination.id);
  const mayAdd = destination.kind === 'asset_folder' ? destination.access === 'full' : context?.fullAccess === true;
  return [
    ...(isAssetId(item.id) === isAssetId(destination.id) ? [] : ['Pages and assets live in trees of their own.']),
    ...(destination.kind === 'asset' ? [`"${destination.name}" is no folder.`] : []),
    ...(line.has(item.id) ? ['It cannot move into itself or below itself.'] : []),
    ...(context?.recycled === true ? [`"${destination.name}" is in the recycle folder.`] : []),
    ...(mayAdd ? [] : [`This user may not add to "${destination.name}".`]),
  ];
}

async function nameBlockers(item: ContentItem, name: string, ports: Needs): Promise<string[]> {
  const { parentId } = item;
  const siblings =
    parentId === undefined ? [] : await allPages((page) => treeOf(item.id, ports).children(parentId, page));
  const twin = siblings.find(({ id, name: other }) => id !== item.id && other.toLowerCase() === name.toLowerCase());
  return [
    ...(forbiddenNameCharacters.test(name) ? [`The name must not contain any of , / \\ ? ! @ # $ % ^ & * ; ' ".`] : []),
    ...(twin === undefined ? [] : [`"${twin.name}" (${twin.id}) in the same place has that name.`]),
  ];
}

async function publishBlockers(item: ContentItem, context: ItemContext | undefined, ports: Needs): Promise<string[]> {
  const details = item.checkedOut ? await itemDetails(item.id, 0, ports) : undefined;
  const empty = listFields(details?.fields ?? []).filter(({ field }) => field.required && isEmptyField(field));
  return [
    ...(context?.canMark === false ? ['This user may not mark it for publishing.'] : []),
    ...(empty.length === 0 ? [] : [`Required fields are empty: ${empty.map(({ path }) => path).join(', ')}.`]),
  ];
}

type Warn = (item: ContentItem, situation: Situation, ports: Needs) => Promise<string[]> | string[];

const warningsOf: Readonly<Record<ItemAction, Warn>> = {
  delete: () => ['Live copies stay until the next publish of their target.'],
  move: async (item, { targets }, ports) => addressWarnings(item, targets, ports),
  rename: async (item, { targets }, ports) => addressWarnings(item, targets, ports),
  replace_asset: () => ['The address of the file stays; every place that uses it shows the new one after a publish.'],
  publish: async (item, { target }, ports) => {
    if (target === undefined || item.kind !== 'page') return [];
    const ids = (await ports.pages.referencesOf([item.id])).filter((id) => id !== item.id).slice(0, pageSizeMax);
    const states = await ports.publishing.states(target.id, ids);
    const missing = states.filter(({ published, marked }) => !published && !marked).map(({ itemId }) => itemId);
    return [
      ...(item.checkedOut ? ['It is checked out: what is not checked in is not published.'] : []),
      ...(missing.length === 0
        ? []
        : [
            `It refers to what is neither live on ${target.name} nor marked for it: ${missing.slice(0, shownMax).join(', ')}.`,
          ]),
    ];
  },
};

async function addressWarnings(
  item: ContentItem,
  targets: readonly PublishingTarget[],
  ports: Needs,
): Promise<string[]> {
  const addresses = await addressesOf(item, targets, ports);
  return addresses.length === 0
    ? []
    : ['Its addresses change, and those of pages below it; links from outside break unless they are redirected.'];
}

async function categoryImpact(category: Category, ports: Needs): Promise<ImpactView> {
  const [used, tagged] = await Promise.all([
    ports.taxonomy.usedBelow(category.id),
    ports.taxonomy.itemsOf(category.id, { startIndex: 0, pageSize: shownMax }),
  ]);
  const below = used.reduce((sum, { itemCount }) => sum + (itemCount ?? 0), 0);
  return {
    id: category.id,
    name: category.name,
    ...(category.path === undefined ? {} : { path: category.path }),
    risk: tagged.total + below > 0 ? 'high' : category.childrenCount > 0 ? 'medium' : 'low',
    blockers: [],
    warnings: [
      'Categories are deleted for good: the CMS keeps no recycle folder for them.',
      ...(below > 0 ? [`${below} tagging(s) with categories below it go as well.`] : []),
    ],
    descendants: category.childrenCount,
    references: {
      total: tagged.total,
      from: tagged.items.map(({ id, name }) => ({ id, name, field: 'categories' })),
    },
  };
}

/** The call that does what was asked about. */
function nextCall(
  { action, to, target }: Input,
  ids: readonly string[],
): { tool: string; input: Record<string, unknown> } | undefined {
  switch (action) {
    case 'delete':
      return { tool: 'delete_content', input: { items: ids } };
    case 'move':
      return { tool: 'move_content', input: { items: ids, to } };
    case 'rename':
      return { tool: 'move_content', input: { items: ids, new_name: to } };
    case 'publish':
      return { tool: 'publish_content', input: { items: ids, target } };
    case 'replace_asset':
      return ids.length === 1 ? { tool: 'upload_asset', input: { replace: ids[0] } } : undefined;
    case 'delete_category':
      return ids.length === 1 ? { tool: 'edit_taxonomy', input: { action: 'delete', category: ids[0] } } : undefined;
  }
}
