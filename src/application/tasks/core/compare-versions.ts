import { z } from 'zod';
import { DomainError } from '../../../domain/errors.ts';
import type { ContentDetails, ContentItem, VersionInfo } from '../../../domain/model/content-item.ts';
import { type Page, pageSizeMax } from '../../../domain/model/paging.ts';
import type { PublishingTarget } from '../../../domain/model/publishing.ts';
import { cmsTimeIso } from '../../../domain/policy/cms-time.ts';
import { liveVersion } from '../../../domain/policy/live-version.ts';
import type { Ports } from '../../../domain/ports/index.ts';
import { defineTask } from '../../define-task.ts';
import { compareFields, type FieldDifference } from '../../items/compare-fields.ts';
import { fairCap } from '../../items/cut-text.ts';
import { diffLinks, type LinkDifference } from '../../items/diff-links.ts';
import { diffSentences } from '../../items/diff-sentences.ts';
import { diffText } from '../../items/diff-text.ts';
import { createItemNames, type ItemNames } from '../../items/item-names.ts';
import { isAssetId, itemPath } from '../../items/item-path.ts';
import { isMarkupField } from '../../items/list-fields.ts';
import { readPublishLogs } from '../../items/read-publish-logs.ts';
import { resolveItem } from '../../items/resolve-item.ts';
import { resolveTarget } from '../../items/resolve-target.ts';
import { linksOf, visibleText } from '../../items/visible-text.ts';
import { fieldsOf } from '../../snapshots/content-objects.ts';
import { openVisible } from '../../snapshots/visible-snapshot.ts';
import { itemParameter } from '../parameters.ts';

const needs = [
  'pages',
  'assets',
  'search',
  'publishing',
  'markup',
  'snapshots',
] as const satisfies readonly (keyof Ports)[];
type Needs = Pick<Ports, (typeof needs)[number]>;

const stateParameter = z
  .string()
  .trim()
  .regex(
    /^(?:\d{1,6}|current|checked_out|published:.{1,200}|snapshot:.{1,100})$/,
    'give a version number, current, checked_out, published:<target> or snapshot:<id>',
  )
  .describe('Version number, current (newest checked-in), checked_out, published:<target> or snapshot:<id>');

const sideView = z.object({
  id: z.string(),
  name: z.string(),
  path: z.string(),
  version: z.int().optional(),
  is: z.string().describe('Which state this is'),
  saved_at: z.string().optional(),
  user: z.string().optional(),
  comment: z.string().optional(),
});

const changeView = z.object({
  field: z.string(),
  label: z.string().optional(),
  change: z.enum(['added', 'removed', 'changed', 'moved']),
  moved_from: z.string().optional(),
  diff: z
    .string()
    .describe('[-removed-]{+added+}; rich text: a line per sentence, or Markdown where only markup differs'),
  words_added: z.int(),
  words_removed: z.int(),
  markup_only: z.boolean().optional().describe('Same words, same links; only the markup differs'),
  sentences: z
    .object({ added: z.int(), removed: z.int(), changed: z.int() })
    .optional()
    .describe('Rich text: sentences that differ'),
  links: z.array(z.string()).optional().describe('Links that came, went or lead elsewhere'),
  attributes: z.record(z.string(), z.string()).optional().describe('Changed attributes: before → after'),
  truncated: z.boolean().optional(),
});

/** Tells what changed. */
export const compareVersions = defineTask({
  name: 'compare_versions',
  title: 'Compare versions',
  summary:
    'Show what differs between two versions of an item, its saved and checked-out or its current and published state, or two items such as a page and its translation: field by field, text as [-removed-]{+added+}.',
  toolset: 'core',
  effect: 'read',
  idempotent: true,
  heedsFreeze: false,
  scopes: ['cms:read'],
  needs,
  input: z
    .object({
      item: itemParameter,
      from: stateParameter
        .optional()
        .describe('Older side: number, current, checked_out, published:<target> or snapshot:<id>'),
      to: stateParameter.optional().describe('Newer side, as from'),
      other_item: itemParameter.optional().describe('Compare with this item'),
    })
    .strict(),
  output: z.object({
    from: sideView,
    to: sideView,
    identical: z.boolean(),
    summary: z.string(),
    changes: z.array(changeView),
    changes_left_out: z.int().optional(),
    notes: z.array(z.string()).optional(),
    hint: z.string().optional(),
  }),
  publishesOutputSchema: false,
  async execute(input, ports) {
    const [item, other] = await Promise.all([
      resolveItem(input.item, ports),
      input.other_item === undefined ? undefined : resolveItem(input.other_item, ports),
    ]);
    const states = chooseStates(item, input.from, input.to, other !== undefined);
    const [from, to] = await Promise.all([
      readSide(item, states.from, ports),
      readSide(other ?? item, states.to, ports),
    ]);
    const differences = compareFields(from.details.fields, to.details.fields);
    const renamed = other === undefined && from.details.item.name !== to.details.item.name;
    const shown = differences.slice(0, changesMax);
    const cap = fairCap(
      shown.map(({ before, after }) => (before?.value.length ?? 0) + (after?.value.length ?? 0)),
      diffBudget,
    );
    const changes = [
      ...(renamed ? [nameChange(from.details.item.name, to.details.item.name)] : []),
      ...(await viewDifferences(shown, cap, ports)),
    ];
    const leftOut = differences.length - shown.length;
    const notes = [...from.notes, ...to.notes];
    const truncated = changes.some((change) => 'truncated' in change);
    return {
      from: from.view,
      to: to.view,
      identical: changes.length === 0,
      summary: summarise(changes, leftOut),
      changes,
      ...(leftOut === 0 ? {} : { changes_left_out: leftOut }),
      ...(notes.length === 0 ? {} : { notes: [...new Set(notes)] }),
      ...(leftOut > 0 || truncated
        ? {
            hint: 'Long differences are cut. Compare versions that are closer together, or read both states of a field.',
          }
        : {}),
    };
  },
});

/** Characters for all differences of an answer: about 3,000 tokens. */
const diffBudget = 12_000;
const changesMax = 40;

/** Pages of the history that are looked through for marks and dates. */
const historyPagesMax = 5;

type State =
  | { readonly kind: 'version'; readonly version: number }
  | { readonly kind: 'current' }
  | { readonly kind: 'checked_out' }
  | { readonly kind: 'published'; readonly target: string }
  | { readonly kind: 'snapshot'; readonly id: string };

/** A state that the CMS itself holds. */
type ReadableState = Exclude<State, { readonly kind: 'snapshot' }>;

/** What is compared when the caller does not say: what an editor would want to see next. */
function chooseStates(
  item: ContentItem,
  from: string | undefined,
  to: string | undefined,
  hasOther: boolean,
): { readonly from: State; readonly to: State } {
  if (hasOther) return { from: parseState(from ?? 'current'), to: parseState(to ?? 'current') };
  if (from !== undefined) {
    const after = from === 'current' && item.checkedOut ? 'checked_out' : 'current';
    return { from: parseState(from), to: parseState(to ?? after) };
  }
  if (to !== undefined) {
    const wanted = parseState(to);
    const before = wanted.kind === 'version' ? wanted.version - 1 : wanted.kind === 'current' ? item.version - 1 : 0;
    return { from: before > 0 ? { kind: 'version', version: before } : { kind: 'current' }, to: wanted };
  }
  if (item.checkedOut && item.version > 0) return { from: { kind: 'current' }, to: { kind: 'checked_out' } };
  if (item.version < 2) {
    throw new DomainError(
      'CONFLICT',
      `${item.name} (${item.id}) has ${item.version === 0 ? 'no checked-in version' : 'one version only'}: there is nothing to compare it with. Give other_item to compare it with another item.`,
      { next: { tool: 'get_content', input: { items: [item.id], include: ['versions'] } } },
    );
  }
  return { from: { kind: 'version', version: item.version - 1 }, to: { kind: 'current' } };
}

function parseState(text: string): State {
  if (text === 'current') return { kind: 'current' };
  if (text === 'checked_out') return { kind: 'checked_out' };
  if (text.startsWith('published:')) return { kind: 'published', target: text.slice('published:'.length) };
  if (text.startsWith('snapshot:')) return { kind: 'snapshot', id: text.slice('snapshot:'.length) };
  return { kind: 'version', version: Number.parseInt(text, 10) };
}

interface Side {
  readonly details: ContentDetails;
  readonly view: z.infer<typeof sideView>;
  readonly notes: readonly string[];
}

async function readSide(item: ContentItem, state: State, ports: Needs): Promise<Side> {
  return state.kind === 'snapshot' ? readKept(item, state.id, ports) : readVersion(item, state, ports);
}

/** The item as a snapshot keeps it. That the caller may read it now is known: the CMS has just shown it. */
async function readKept(item: ContentItem, snapshotId: string, ports: Needs): Promise<Side> {
  const snapshot = await openVisible(snapshotId, ports);
  const kept = snapshot.items.find(({ id }) => id === item.id);
  if (kept === undefined) {
    throw new DomainError('NOT_FOUND', `The snapshot ${snapshot.id} does not hold ${item.name} (${item.id}).`, {
      next: { tool: 'browse_snapshots', input: { snapshot: snapshot.id } },
    });
  }
  const fields = await fieldsOf(kept, ports.snapshots.store);
  return {
    details: { item: { ...item, name: kept.name, version: kept.version }, fields },
    view: {
      id: item.id,
      name: kept.name,
      path: kept.path,
      version: kept.version,
      is: `version ${kept.version} in the snapshot of ${new Date(snapshot.takenAtMs).toISOString()}`,
    },
    notes: kept.file === undefined ? [] : ['Fields are compared, not the file.'],
  };
}

async function readVersion(item: ContentItem, state: ReadableState, ports: Needs): Promise<Side> {
  const port = isAssetId(item.id) ? ports.assets : ports.pages;
  const chosen = await findVersion(item, state, ports);
  const [details, path, history] = await Promise.all([
    port.details(item.id, chosen.version ?? 0),
    itemPath(item, ports),
    port.history(item.id, { startIndex: 0, pageSize: pageSizeMax }),
  ]);
  if (details === undefined) {
    throw new DomainError(
      'NOT_FOUND',
      `${item.name} (${item.id}) has no version ${chosen.version ?? 0}. The newest checked-in version is ${item.version}; old ones may have been trimmed.`,
      { next: { tool: 'get_content', input: { items: [item.id], include: ['versions'] } } },
    );
  }
  const info = history.items.find((version) => version.version === chosen.version && !version.isCheckedOutCopy);
  return {
    details,
    view: {
      id: item.id,
      name: details.item.name,
      path,
      ...(chosen.version === undefined ? {} : { version: chosen.version }),
      is: chosen.is,
      ...(info === undefined ? {} : { saved_at: cmsTimeIso(info.date), user: info.user }),
      ...(info === undefined || info.comment === '' ? {} : { comment: info.comment.slice(0, 300) }),
    },
    notes: chosen.notes,
  };
}

interface ChosenVersion {
  readonly version: number | undefined;
  readonly is: string;
  readonly notes: readonly string[];
}

/** The version that a state means; without one it is the caller's checked-out copy. */
async function findVersion(item: ContentItem, state: ReadableState, ports: Needs): Promise<ChosenVersion> {
  switch (state.kind) {
    case 'version':
      if (state.version === 0)
        throw new DomainError('BAD_INPUT', 'Versions count from 1; the newest one is "current".');
      return { version: state.version, is: `version ${state.version}`, notes: [] };
    case 'current':
      if (item.version === 0) throw neverCheckedIn(item);
      return { version: item.version, is: 'newest checked-in version', notes: [] };
    case 'checked_out':
      await refuseForeignCopy(item, ports);
      return { version: undefined, is: 'your checked-out copy', notes: [] };
    case 'published':
      return findPublished(item, await resolveTarget(state.target, ports.publishing), ports);
  }
}

/** The live version where it can be told, else the likeliest one, else the one that is marked for the target. */
async function findPublished(item: ContentItem, target: PublishingTarget, ports: Needs): Promise<ChosenVersion> {
  const [versions, states, monitor] = await Promise.all([
    readVersions(item, ports),
    ports.publishing.states(target.id, [item.id]),
    ports.publishing.monitor(),
  ]);
  const published = states.some((state) => state.itemId === item.id && state.published);
  const logs = published ? await readPublishLogs(target.id, monitor.recent, ports.publishing) : [];
  const told = liveVersion({ itemId: item.id, targetId: target.id, published, versions, logs });
  const notes = told.note === undefined ? [] : [told.note];
  if (told.live !== undefined) return { version: told.live, is: `live on ${target.name}`, notes };
  if (told.likely !== undefined) return { version: told.likely, is: `likely live on ${target.name}`, notes };
  if (told.marked !== undefined) {
    const why = published ? notes : [`Nothing of the item is on ${target.name} yet.`];
    return { version: told.marked.version, is: `marked for ${target.name}`, notes: why };
  }
  throw new DomainError(
    'CONFLICT',
    `${item.name} (${item.id}) is ${published ? '' : 'not '}on ${target.name}, and no version of it is marked for that target.`,
    { next: { tool: 'get_publish_status', input: { items: [item.id], target: target.id } } },
  );
}

function neverCheckedIn(item: ContentItem): DomainError {
  return new DomainError('CONFLICT', `${item.name} (${item.id}) was never checked in; there is only its working copy.`);
}

/** The CMS shows the fields of a checked-out copy to its holder only. */
async function refuseForeignCopy(item: ContentItem, ports: Needs): Promise<void> {
  if (!item.checkedOut) {
    throw new DomainError(
      'CONFLICT',
      `${item.name} (${item.id}) is not checked out; compare numbered versions instead.`,
    );
  }
  const [context] = isAssetId(item.id) ? await ports.assets.contexts([item.id]) : await ports.pages.contexts([item.id]);
  if (context?.editable === true) return;
  const holder = item.assignedTo?.name ?? 'somebody else';
  throw new DomainError(
    'LOCKED',
    `${item.name} (${item.id}) is checked out by ${holder}; the CMS shows a working copy to its holder only.`,
    { details: { holder } },
  );
}

/** The history, newest first, as far back as marks are looked for. */
async function readVersions(item: ContentItem, ports: Needs): Promise<readonly VersionInfo[]> {
  const port = isAssetId(item.id) ? ports.assets : ports.pages;
  const versions: VersionInfo[] = [];
  let startIndex: number | undefined = 0;
  for (let pages = 0; startIndex !== undefined && pages < historyPagesMax; pages += 1) {
    const page: Page<VersionInfo> = await port.history(item.id, { startIndex, pageSize: pageSizeMax });
    versions.push(...page.items);
    startIndex = page.nextIndex;
  }
  return versions;
}

function nameChange(before: string, after: string) {
  const diff = diffText(before, after, 500);
  return {
    field: 'name of the item',
    change: 'changed' as const,
    diff: diff.text,
    words_added: diff.wordsAdded,
    words_removed: diff.wordsRemoved,
  };
}

type DifferenceView = z.input<typeof changeView>;

async function viewDifferences(
  differences: readonly FieldDifference[],
  cap: number,
  ports: Needs,
): Promise<readonly DifferenceView[]> {
  const names = createItemNames(ports);
  const views: DifferenceView[] = [];
  // One after the other, so that a name is asked for once.
  for (const difference of differences) views.push(await viewDifference(difference, cap, ports, names));
  return views;
}

async function viewDifference(
  difference: FieldDifference,
  cap: number,
  ports: Needs,
  names: ItemNames,
): Promise<DifferenceView> {
  const { before, after, change } = difference;
  const base = {
    field: difference.path,
    ...(difference.label === difference.path ? {} : { label: difference.label }),
    change,
  };
  if (change === 'moved') {
    const shown = await names.inText(after?.value ?? '');
    return {
      ...base,
      moved_from: difference.movedFrom ?? '',
      diff: diffText('', shown, cap).text,
      words_added: 0,
      words_removed: 0,
    };
  }
  const attributes = changedAttributes(before?.attributes ?? {}, after?.attributes ?? {});
  const facts = Object.keys(attributes).length === 0 ? {} : { attributes };
  const isMarkup = [before, after].some((field) => field !== undefined && isMarkupField(field));
  if (isMarkup)
    return { ...base, ...(await viewMarkup(before?.value ?? '', after?.value ?? '', cap, ports, names)), ...facts };
  const diff = diffText(await names.inText(before?.value ?? ''), await names.inText(after?.value ?? ''), cap);
  return {
    ...base,
    diff: diff.text,
    words_added: diff.wordsAdded,
    words_removed: diff.wordsRemoved,
    ...facts,
    ...(diff.truncated ? { truncated: true } : {}),
  };
}

/** Rich text: its words by sentence, its links by name; where neither words nor links differ, the markup itself. */
async function viewMarkup(before: string, after: string, cap: number, ports: Needs, names: ItemNames) {
  const sentences = diffSentences(visibleText(before), visibleText(after), cap);
  const links: string[] = [];
  for (const link of diffLinks(linksOf(before), linksOf(after)).slice(0, linksMax)) {
    links.push(await describeLink(link, names));
  }
  const isVisible = sentences.text !== '';
  const markdown = isVisible
    ? undefined
    : diffText(ports.markup.toMarkdown(before), ports.markup.toMarkdown(after), cap);
  // Some markup leaves no trace in Markdown; then it is shown as it is stored.
  const markup = markdown?.text === '' ? diffText(before, after, cap) : markdown;
  return {
    diff: markup?.text ?? sentences.text,
    words_added: sentences.wordsAdded,
    words_removed: sentences.wordsRemoved,
    ...(isVisible
      ? { sentences: { added: sentences.added, removed: sentences.removed, changed: sentences.changed } }
      : before === after || links.length > 0
        ? {}
        : { markup_only: true }),
    ...(links.length === 0 ? {} : { links }),
    ...(sentences.truncated || markup?.truncated === true ? { truncated: true } : {}),
  };
}

async function describeLink(link: LinkDifference, names: ItemNames): Promise<string> {
  const [from, to] = [link.before, link.after];
  const target = async (text: string): Promise<string> => names.inText(text);
  if (from === undefined || to === undefined) {
    const only = to ?? from;
    return only === undefined
      ? ''
      : `${to === undefined ? 'removed' : 'added'} "${only.text}" → ${await target(only.target)}`;
  }
  if (from.target === to.target) return `"${from.text}" is now "${to.text}" → ${await target(to.target)}`;
  return `"${to.text}" leads to ${await target(to.target)}, was ${await target(from.target)}`;
}

/** Links of one rich text that are told; more than that is a rewrite. */
const linksMax = 10;

function changedAttributes(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): Record<string, string> {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return Object.fromEntries(
    names
      .filter((name) => before[name] !== after[name])
      .map((name) => [name, `${before[name] ?? '(none)'} → ${after[name] ?? '(none)'}`]),
  );
}

function summarise(
  changes: readonly {
    readonly words_added: number;
    readonly words_removed: number;
    readonly markup_only?: boolean | undefined;
  }[],
  leftOut: number,
): string {
  if (changes.length === 0) return 'Nothing differs.';
  const added = changes.reduce((sum, change) => sum + change.words_added, 0);
  const removed = changes.reduce((sum, change) => sum + change.words_removed, 0);
  const places = changes.length + leftOut;
  const markupOnly = changes.filter((change) => change.markup_only === true).length;
  const inMarkup = markupOnly === 0 ? '' : `, ${markupOnly} only in markup`;
  return `${places === 1 ? '1 place differs' : `${places} places differ`}${inMarkup}; words added: ${added}, removed: ${removed}${leftOut === 0 ? '' : ' in those shown'}.`;
}
