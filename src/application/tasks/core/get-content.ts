import { z } from 'zod';
import { DomainError, toDomainError } from '../../../domain/errors.ts';
import type { ContentDetails, ContentItem, ItemContext, VersionInfo } from '../../../domain/model/content-item.ts';
import type { PublishingTarget, PublishState } from '../../../domain/model/publishing.ts';
import { cmsTimeIso } from '../../../domain/policy/cms-time.ts';
import { versionToken } from '../../../domain/policy/version-token.ts';
import type { Ports } from '../../../domain/ports/index.ts';
import { defineTask } from '../../define-task.ts';
import { cutText } from '../../items/cut-text.ts';
import { isAssetId, itemPaths } from '../../items/item-path.ts';
import { listFields } from '../../items/list-fields.ts';
import { createPartReader, type PartReader, type UnavailablePart } from '../../items/part-reader.ts';
import { resolveItem } from '../../items/resolve-item.ts';
import { untold } from '../../items/untold.ts';
import { fieldsAsMarkdown, fieldView, viewFields } from '../../items/view-fields.ts';
import { readWorkflow, type WorkflowView } from '../../items/view-workflow.ts';
import { itemsParameter } from '../parameters.ts';
import { itemView, viewItem } from '../views.ts';

const parts = [
  'fields',
  'markdown',
  'xml',
  'workflow',
  'references',
  'categories',
  'versions',
  'publish_state',
  'permissions',
  'url',
] as const;
type Part = (typeof parts)[number];

const needs = [
  'pages',
  'assets',
  'search',
  'publishing',
  'workflow',
  'taxonomy',
  'site',
  'digest',
  'markup',
] as const satisfies readonly (keyof Ports)[];
type Needs = Pick<Ports, (typeof needs)[number]>;

const contentView = itemView.extend({
  shows: z.string().describe('Which state of the content this is'),
  version_token: z.string().optional().describe('Pass as version when editing'),
  fields: z.array(fieldView).optional(),
  empty_fields: z.array(z.string()).optional(),
  markdown: z.string().optional(),
  xml: z.string().optional(),
  workflow: untold<WorkflowView>().optional(),
  references: untold<ReferencesView>().optional(),
  categories: untold<readonly CategoryView[]>().optional(),
  versions: untold<VersionsView>().optional(),
  publish_state: untold<readonly PublishStateView[]>().optional(),
  permissions: untold<PermissionsView>().optional(),
  url: untold<readonly UrlView[]>().optional(),
  unavailable: untold<readonly UnavailablePart[]>().optional().describe('Parts that could not be read'),
  notes: z.array(z.string()).optional(),
});
type ContentView = z.infer<typeof contentView>;

interface ReferencesView {
  readonly used_by_total: number;
  readonly used_by: readonly { readonly id: string; readonly name: string; readonly field: string }[];
  readonly points_to: readonly { readonly field: string; readonly id: string }[];
}

interface CategoryView {
  readonly id: string;
  readonly name: string;
  readonly path?: string;
}

interface VersionsView {
  readonly total: number;
  readonly newest: readonly VersionView[];
}

interface VersionView {
  readonly version: number;
  readonly saved_at: string;
  readonly user: string;
  readonly comment?: string;
  readonly current?: boolean;
  readonly checked_out_copy?: boolean;
  readonly marked_for?: readonly { readonly id: string; readonly name: string }[];
}

interface PublishStateView {
  readonly target_id: string;
  readonly target: string;
  /** Something of the item is on the target; the CMS does not tell which version. */
  readonly published: boolean;
  readonly marked: boolean;
  /** What the next publish takes. */
  readonly marked_version?: number;
}

interface PermissionsView {
  readonly read: boolean;
  readonly full_access: boolean;
  /** Whether the caller holds the check-out, so that fields can change. */
  readonly holds_check_out: boolean;
  readonly can_copy: boolean;
  readonly can_mark: boolean;
  readonly recycled: boolean;
}

interface UrlView {
  readonly target: string;
  readonly path: string;
  readonly url?: string;
  readonly former_paths?: readonly string[];
}

/** Reads content. */
export const getContent = defineTask({
  name: 'get_content',
  title: 'Read content',
  summary:
    'Read up to 10 pages, components or assets: fields, Markdown, XML, workflow, references, categories, versions, publish state, permissions, URLs. Answers the version_token that edits need.',
  toolset: 'core',
  effect: 'read',
  idempotent: true,
  heedsFreeze: false,
  scopes: ['cms:read'],
  needs,
  input: z
    .object({
      items: itemsParameter,
      include: z.array(z.enum(parts)).max(parts.length).default(['fields']).describe('Default fields'),
      fields: z.array(z.string().trim().min(1).max(200)).max(50).optional().describe('These fields only'),
      version: z.int().min(0).default(0).describe('0 = current'),
      checked_out_copy: z.boolean().default(true).describe('Your copy, of version 0'),
      format: z.enum(['concise', 'detailed']).default('concise').describe('detailed: also labels, types'),
    })
    .strict(),
  output: z.object({
    items: z.array(contentView),
    failed: z
      .array(z.object({ item: z.string(), error: untold<Record<string, unknown>>() }))
      .optional()
      .describe('Items that could not be read, each with its reason'),
    hint: z.string().optional(),
  }),
  publishesOutputSchema: true,
  async execute(input, ports, call) {
    const failed: { item: string; error: DomainError }[] = [];
    const found = await Promise.all(
      input.items.map(async (text) => {
        try {
          return await resolveItem(text, ports);
        } catch (thrown) {
          // One bad name must not cost the answer about the others; a call that is over ends here.
          call.signal.throwIfAborted();
          failed.push({ item: text, error: toDomainError(thrown) });
          return undefined;
        }
      }),
    );
    // What was named twice comes once, in the order of the first mention.
    const items = [...new Map(found.filter((item) => item !== undefined).map((item) => [item.id, item])).values()];
    const shared = await readShared(items, new Set(input.include), ports);
    const textParts = input.include.filter((part) => part === 'fields' || part === 'markdown' || part === 'xml').length;
    const budget = textBudgets[input.format] / Math.max(1, items.length * textParts);
    const views: ContentView[] = [];
    for (const item of items) {
      try {
        views.push(await viewContent(item, input, budget, shared, ports));
      } catch (thrown) {
        // As above: the others are still answered.
        call.signal.throwIfAborted();
        failed.push({ item: item.id, error: toDomainError(thrown) });
      }
    }
    if (views.length === 0 && failed[0] !== undefined) throw failed[0].error;
    return {
      items: views,
      ...(failed.length === 0 ? {} : { failed: failed.map(({ item, error }) => ({ item, error: viewError(error) })) }),
      ...(views.length > 1 && views.some((view) => view.notes?.some((note) => note.startsWith(cutNote)))
        ? { hint: 'Long values were cut to fit all items into one answer. Read fewer items at once to see more.' }
        : {}),
    };
  },
});

/** What an agent needs of a refusal beside others. */
function viewError(error: DomainError): Record<string, unknown> {
  const { code, message, blocked, candidates, next } = error.toJSON();
  return {
    code,
    message,
    ...(blocked ? { blocked } : {}),
    ...(candidates === undefined || candidates.length === 0 ? {} : { candidates }),
    ...(next === undefined ? {} : { next }),
  };
}

interface Input {
  readonly include: readonly Part[];
  readonly fields?: readonly string[] | undefined;
  readonly version: number;
  readonly checked_out_copy: boolean;
  readonly format: 'concise' | 'detailed';
}

/** Characters for all texts of an answer: about 3,000 and 15,000 tokens. */
const textBudgets = { concise: 12_000, detailed: 60_000 } as const;

const versionsShown = { concise: 5, detailed: 50 } as const;
const usagesShown = { concise: 10, detailed: 50 } as const;
const categoriesMax = 50;
const pointsToMax = 50;

const cutNote = 'Cut:';

/** What is asked once for all items. */
interface Shared {
  readonly paths: ReadonlyMap<string, string>;
  readonly contexts: ReadonlyMap<string, ItemContext>;
  readonly targets: readonly PublishingTarget[];
  /** Target id to item id to state. */
  readonly states: ReadonlyMap<string, ReadonlyMap<string, PublishState>>;
  readonly reader: PartReader;
}

async function readShared(items: readonly ContentItem[], include: ReadonlySet<Part>, ports: Needs): Promise<Shared> {
  const reader = createPartReader();
  const wantsContext = items.filter((item) => include.has('permissions') || include.has('workflow') || item.checkedOut);
  const wantsTargets = include.has('publish_state') || include.has('url');
  const [paths, pageContexts, assetContexts, targets] = await Promise.all([
    reader.read('paths', () => itemPaths(items, ports)),
    reader.read('permissions', () =>
      contextsOf(
        ports.pages,
        wantsContext.filter((item) => !isAssetId(item.id)),
      ),
    ),
    reader.read('permissions', () =>
      contextsOf(
        ports.assets,
        wantsContext.filter((item) => isAssetId(item.id)),
      ),
    ),
    wantsTargets ? reader.read('targets', () => ports.publishing.targets()) : undefined,
  ]);
  const publishable = items.filter((item) => item.kind !== 'asset_folder').map((item) => item.id);
  const states = include.has('publish_state')
    ? await Promise.all(
        (targets ?? []).map(async (target) => {
          const found = await reader.read(`publish_state on ${target.name}`, () =>
            ports.publishing.states(target.id, publishable),
          );
          return [target.id, new Map((found ?? []).map((state) => [state.itemId, state]))] as const;
        }),
      )
    : [];
  return {
    paths: paths ?? new Map(),
    contexts: new Map([...(pageContexts ?? []), ...(assetContexts ?? [])].map((context) => [context.id, context])),
    targets: targets ?? [],
    states: new Map(states),
    reader,
  };
}

async function contextsOf(
  port: { contexts(ids: readonly string[]): Promise<readonly ItemContext[]> },
  items: readonly ContentItem[],
): Promise<readonly ItemContext[]> {
  return items.length === 0 ? [] : port.contexts(items.map((item) => item.id));
}

async function viewContent(
  item: ContentItem,
  input: Input,
  budget: number,
  shared: Shared,
  ports: Needs,
): Promise<ContentView> {
  const include = new Set(input.include);
  const reader = createPartReader();
  const part = <T>(name: Part, load: () => Promise<T>): Promise<T | undefined> =>
    include.has(name) ? reader.read(name, load) : Promise.resolve(undefined);
  const context = shared.contexts.get(item.id);
  const chosen = await readDetails(item, input, context, ports);
  const notes = [...chosen.notes];
  const details = chosen.details;

  const fields =
    details === undefined || !include.has('fields')
      ? undefined
      : viewFields(details.fields, { only: input.fields, detailed: input.format === 'detailed', budget });
  if (fields !== undefined) {
    if (fields.cutFields.length > 0) notes.push(`${cutNote} ${fields.cutFields.join(', ')}. ${howToSeeMore(input)}`);
    if (fields.leftOutCount > 0) notes.push(`${fields.leftOutCount} hidden or layout fields are left out.`);
    if (fields.unknownFields.length > 0) notes.push(`No such field here: ${fields.unknownFields.join(', ')}.`);
  }
  const markdown =
    details === undefined || !include.has('markdown')
      ? undefined
      : cutText(fieldsAsMarkdown(details.item.name, details.fields, input.fields, ports.markup), budget);
  if (markdown?.truncated) notes.push(`${cutNote} Markdown, of ${markdown.length} characters. ${howToSeeMore(input)}`);

  const [xml, workflow, references, categories, history, url] = await Promise.all([
    part('xml', () => readXml(item, input, ports)),
    part('workflow', () => readWorkflow(item.id, context, ports.workflow)),
    part('references', () => readReferences(item, details, input.format, ports)),
    part('categories', () => ports.taxonomy.ofItem(item.id)),
    include.has('versions') || include.has('publish_state')
      ? reader.read('versions', () => historyOf(item, input.format, ports))
      : undefined,
    part('url', () => readUrls(item, shared.targets, ports)),
  ]);
  const cutXml = xml === undefined ? undefined : cutText(xml, budget);
  if (cutXml?.truncated) notes.push(`${cutNote} XML, of ${cutXml.length} characters. ${howToSeeMore(input)}`);
  const unavailable = [...shared.reader.unavailable, ...reader.unavailable];

  return {
    ...viewItem(item, shared.paths.get(item.id)),
    shows: chosen.shows,
    ...(chosen.isCurrent && details !== undefined ? { version_token: versionToken(details, ports.digest.sha256) } : {}),
    ...(fields === undefined ? {} : { fields: [...fields.fields] }),
    ...(fields === undefined || fields.emptyFields.length === 0 ? {} : { empty_fields: [...fields.emptyFields] }),
    ...(markdown === undefined ? {} : { markdown: markdown.text }),
    ...(cutXml === undefined ? {} : { xml: cutXml.text }),
    ...(workflow === undefined ? {} : { workflow }),
    ...(references === undefined ? {} : { references }),
    ...(categories === undefined
      ? {}
      : {
          categories: categories.slice(0, categoriesMax).map(({ id, name, path }) => ({
            id,
            name,
            ...(path === undefined ? {} : { path }),
          })),
        }),
    ...(history === undefined || !include.has('versions')
      ? {}
      : {
          versions: {
            total: history.total,
            newest: history.items.slice(0, versionsShown[input.format]).map(viewVersion),
          },
        }),
    ...(include.has('publish_state') ? { publish_state: viewPublishState(item, shared, history?.items ?? []) } : {}),
    ...(include.has('permissions') && context !== undefined ? { permissions: viewPermissions(context) } : {}),
    ...(url === undefined ? {} : { url }),
    ...(unavailable.length === 0 ? {} : { unavailable }),
    ...(notes.length === 0 ? {} : { notes }),
  };
}

interface ChosenDetails {
  readonly details: ContentDetails | undefined;
  /** True for the state that an edit starts from. */
  readonly isCurrent: boolean;
  readonly shows: string;
  readonly notes: readonly string[];
}

/** The state of the content that was asked for, with what it is in words. */
async function readDetails(
  item: ContentItem,
  input: Input,
  context: ItemContext | undefined,
  ports: Needs,
): Promise<ChosenDetails> {
  if (item.kind === 'asset_folder') {
    return { details: undefined, isCurrent: false, shows: 'asset folder', notes: ['Asset folders have no fields.'] };
  }
  const port = isAssetId(item.id) ? ports.assets : ports.pages;
  const checkedIn = input.version === 0 && item.checkedOut && !input.checked_out_copy;
  if (checkedIn && item.version === 0) {
    throw new DomainError(
      'NOT_FOUND',
      `${item.name} (${item.id}) was never checked in; there is only the working copy.`,
      {
        next: { tool: 'get_content', input: { items: [item.id], checked_out_copy: true } },
      },
    );
  }
  const version = checkedIn ? item.version : input.version;
  const details = await port.details(item.id, version);
  if (details === undefined && version > 0) {
    throw new DomainError(
      'NOT_FOUND',
      `${item.name} (${item.id}) has no version ${version}. The newest checked-in version is ${item.version}; old ones may have been trimmed.`,
      { next: { tool: 'get_content', input: { items: [item.id], include: ['versions'] } } },
    );
  }
  if (version > 0) return { details, isCurrent: false, shows: `version ${version}`, notes: [] };
  if (!item.checkedOut) return { details, isCurrent: true, shows: `version ${item.version}, checked in`, notes: [] };
  if (context?.editable === true) {
    return { details, isCurrent: true, shows: 'your checked-out copy, not checked in yet', notes: [] };
  }
  return {
    details,
    isCurrent: true,
    shows: item.version === 0 ? 'working copy, never checked in' : `version ${item.version}, checked in`,
    notes: [
      `Checked out by ${item.assignedTo?.name ?? 'somebody else'}, whose working copy may differ and is not shown.`,
    ],
  };
}

function howToSeeMore(input: Input): string {
  return input.format === 'detailed'
    ? 'Name fewer items or fields to see more.'
    : 'Name the field in fields, or use format detailed, to see more.';
}

async function readXml(item: ContentItem, input: Input, ports: Needs): Promise<string> {
  if (isAssetId(item.id)) {
    throw new DomainError('CAPABILITY_MISSING', 'Assets have no XML document; their metadata is in fields.');
  }
  const xml = await ports.pages.xml(item.id, { version: input.version, checkedOut: input.checked_out_copy });
  if (xml === undefined) throw new DomainError('NOT_FOUND', `The CMS has no XML of ${item.id} in that version.`);
  return xml;
}

async function readReferences(
  item: ContentItem,
  details: ContentDetails | undefined,
  format: Input['format'],
  ports: Needs,
): Promise<ReferencesView> {
  const usages = await ports.site.usages(item.id, { startIndex: 0, pageSize: usagesShown[format] });
  return {
    used_by_total: usages.total,
    used_by: usages.items.map((usage) => ({ id: usage.itemId, name: usage.name, field: usage.elementName })),
    points_to: pointsTo(details).slice(0, pointsToMax),
  };
}

/** Ids that stand alone in a value or an attribute: that is how fields refer to items. */
function pointsTo(details: ContentDetails | undefined): { field: string; id: string }[] {
  return listFields(details?.fields ?? []).flatMap(({ path, field }) => {
    const ids = [field.value, ...Object.values(field.attributes)].filter((text) => /^(?:x\d+|af?\/\d+)$/.test(text));
    return [...new Set(ids)].map((id) => ({ field: path, id }));
  });
}

async function historyOf(item: ContentItem, format: Input['format'], ports: Needs) {
  if (item.kind === 'asset_folder') return { items: [], total: 0 };
  const port = isAssetId(item.id) ? ports.assets : ports.pages;
  // Marks point to versions that may be older than those shown.
  return port.history(item.id, { startIndex: 0, pageSize: Math.max(versionsShown[format], 50) });
}

function viewVersion(info: VersionInfo): VersionView {
  return {
    version: info.version,
    saved_at: cmsTimeIso(info.date),
    user: info.user,
    ...(info.comment === '' ? {} : { comment: cutText(info.comment, 300).text }),
    ...(info.isCurrent ? { current: true } : {}),
    ...(info.isCheckedOutCopy ? { checked_out_copy: true } : {}),
    ...(info.targets.length === 0 ? {} : { marked_for: info.targets.map(({ id, name }) => ({ id, name })) }),
  };
}

function viewPublishState(
  item: ContentItem,
  shared: Shared,
  history: readonly VersionInfo[],
): readonly PublishStateView[] {
  return shared.targets.flatMap((target) => {
    const state = shared.states.get(target.id)?.get(item.id);
    if (state === undefined) return [];
    const marked = history.find((info) => info.targets.some(({ id }) => id === target.id));
    return [
      {
        target_id: target.id,
        target: target.name,
        published: state.published,
        marked: state.marked,
        ...(marked === undefined ? {} : { marked_version: marked.version }),
      },
    ];
  });
}

function viewPermissions(context: ItemContext): PermissionsView {
  return {
    read: context.readAccess,
    full_access: context.fullAccess,
    holds_check_out: context.editable,
    can_copy: context.canCopy,
    can_mark: context.canMark,
    recycled: context.recycled,
  };
}

async function readUrls(
  item: ContentItem,
  targets: readonly PublishingTarget[],
  ports: Needs,
): Promise<readonly UrlView[]> {
  if (isAssetId(item.id)) return item.file?.path === undefined ? [] : [{ target: 'all', path: item.file.path }];
  const found = await Promise.all(
    targets.map(async (target) => {
      const entry = await ports.pages.pathOf(item.id, target.id);
      return entry === undefined ? [] : [{ target, entry }];
    }),
  );
  return found.flat().map(({ target, entry }) => ({
    target: target.name,
    path: entry.path,
    ...(target.baseUrl === undefined ? {} : { url: joinUrl(target.baseUrl, entry.path) }),
    ...(entry.formerPaths.length === 0 ? {} : { former_paths: [...entry.formerPaths] }),
  }));
}

function joinUrl(baseUrl: string, path: string): string {
  return `${baseUrl.replace(/\/+$/, '')}/${path.replace(/^\/+/, '')}`;
}
