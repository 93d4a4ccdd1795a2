import { z } from 'zod';
import { DomainError } from '../../../domain/errors.ts';
import type { ContentItem } from '../../../domain/model/content-item.ts';
import type { PublishingTarget } from '../../../domain/model/publishing.ts';
import type { Ports } from '../../../domain/ports/index.ts';
import { defineTask } from '../../define-task.ts';
import { checkInAndMark, refuseCheckIn } from '../../items/check-in-and-mark.ts';
import { eachItem } from '../../items/each-item.ts';
import { itemContexts } from '../../items/item-calls.ts';
import { itemPaths } from '../../items/item-path.ts';
import { listDescendants } from '../../items/list-descendants.ts';
import { resolveItems } from '../../items/resolve-item.ts';
import { resolveTarget } from '../../items/resolve-target.ts';
import { commentCharactersMax, signComment } from '../../items/sign-comment.ts';
import { dryRunParameter, itemsParameter, targetParameter } from '../parameters.ts';
import { nextCall, receiptView, viewChanged } from '../views.ts';

type Needs = Pick<Ports, 'pages' | 'assets' | 'search' | 'publishing'>;

/** More items below one would make a call that nobody can oversee, and that outlasts its deadline. */
const descendantsMax = 200;
const targetsMax = 10;

const checkedIn = z.object({
  id: z.string(),
  name: z.string(),
  path: z.string().optional(),
  outcome: z.enum(['checked_in', 'marked', 'unchanged', 'skipped', 'failed', 'planned']),
  does: z.array(z.string()).optional().describe('In a dry run: what would be done'),
  version: z.int().describe('Newest checked-in version now'),
  marked_for: z
    .array(z.object({ target: z.string(), version: z.int() }))
    .optional()
    .describe('Marks for the wanted targets, read back'),
  code: z.string().optional(),
  message: z.string().optional(),
});
type CheckedIn = z.infer<typeof checkedIn>;

/** Makes versions of checked-out items and marks them for publishing. */
export const checkInContent = defineTask({
  name: 'check_in_content',
  title: 'Check in',
  summary:
    'Save checked-out items as a new version and unlock them; optionally mark the newest version for targets, also of items checked in already. Reports empty required fields first. Publishes nothing: a mark says what the next publish takes.',
  toolset: 'authoring',
  effect: 'additive',
  idempotent: true,
  heedsFreeze: true,
  scopes: ['cms:read', 'cms:write'],
  needs: ['pages', 'assets', 'search', 'publishing'],
  input: z
    .object({
      items: itemsParameter,
      mark_for: z.array(targetParameter).max(targetsMax).default([]).describe('Targets'),
      comment: z.string().max(commentCharactersMax).optional().describe('For the version history'),
      with_descendants: z
        .boolean()
        .default(false)
        .describe(`Also all below, at most ${descendantsMax}; skips what others hold`),
      dry_run: dryRunParameter,
    })
    .strict(),
  output: receiptView.extend({
    dry_run: z.boolean(),
    items: z.array(checkedIn),
    left_out: z.string().optional().describe('Rows that this answer leaves out'),
    next: nextCall.optional(),
  }),
  publishesOutputSchema: false,

  async execute(input, ports, call) {
    const targets = await resolveTargets(input.mark_for, ports);
    const work = await planWork(input.items, input.with_descendants, targets, ports);
    const paths = await itemPaths(
      work.map(({ item }) => item),
      ports,
    );
    const pathOf = (item: ContentItem) => {
      const path = paths.get(item.id);
      return path === undefined ? {} : { path };
    };
    const facts = (item: ContentItem) => ({ id: item.id, name: item.name, ...pathOf(item), version: item.version });
    const still = work.filter(({ acts }) => acts.length === 0);
    const moving = work.filter(({ acts }) => acts.length > 0);
    const idle: CheckedIn[] = still.map(({ item, skipped }) =>
      skipped === undefined
        ? { ...facts(item), outcome: 'unchanged', message: 'It is checked in, and no target was given.' }
        : { ...facts(item), outcome: 'skipped', message: skipped },
    );
    if (input.dry_run) {
      const planned: CheckedIn[] = moving.map(({ item, acts }) => ({
        ...facts(item),
        outcome: 'planned',
        does: [...acts],
      }));
      return {
        dry_run: true,
        ...shown([...planned, ...idle]),
        changed: [],
        undo: undoOf(planned.length),
        warnings: [],
      };
    }

    const comment = signComment(input.comment, call.principal);
    const outcomes = await eachItem(
      moving.map(({ item }) => item),
      async (item, index) => {
        call.progress((100 * index) / moving.length, `Checking in ${item.name}`);
        return checkInAndMark(item, targets, comment, ports, call);
      },
    );
    const done: CheckedIn[] = outcomes.map((outcome) =>
      outcome.done
        ? {
            ...facts(outcome.value.after),
            ...pathOf(outcome.item),
            outcome: outcome.item.checkedOut ? 'checked_in' : 'marked',
            ...(targets.length === 0 ? {} : { marked_for: [...outcome.value.marks] }),
          }
        : { ...facts(outcome.item), outcome: 'failed', code: outcome.error.code, message: outcome.error.message },
    );
    const changed = outcomes.flatMap((outcome) =>
      outcome.done ? [viewChanged(outcome.item, outcome.value.after)] : [],
    );
    const markedIds = outcomes.flatMap((outcome) => (outcome.done ? [outcome.item.id] : []));
    const target = targets[0];
    return {
      dry_run: false,
      ...shown([...done, ...idle]),
      changed: changed.slice(0, rowsMax),
      undo: undoOf(changed.length),
      ...(changed.length === 0
        ? {}
        : {
            undo_hint:
              targets.length === 0
                ? versionsStay
                : `${versionsStay} A mark is taken off by a workflow transition that does so, or by a person in the CMS.`,
          }),
      warnings: outcomes.flatMap((outcome) => (outcome.done ? outcome.value.warnings : [])).slice(0, rowsMax),
      ...(target === undefined || markedIds.length === 0
        ? {}
        : { next: { tool: 'publish_content', input: { items: markedIds.slice(0, 10), target: target.name } } }),
    };
  },
});

const versionsStay = 'Versions stay; older ones can be read and compared, and their text edited in again.';

function undoOf(changes: number): 'possible' | 'partial' {
  return changes === 0 ? 'possible' : 'partial';
}

/** About 3,000 tokens of rows: what failed or was skipped comes first when there are more. */
const rowsMax = 60;

function shown(rows: readonly CheckedIn[]): { items: CheckedIn[]; left_out?: string } {
  const byUrgency = [...rows].sort((a, b) => urgency.indexOf(a.outcome) - urgency.indexOf(b.outcome));
  const rest = byUrgency.slice(rowsMax);
  if (rest.length === 0) return { items: [...rows] };
  return {
    items: byUrgency.slice(0, rowsMax),
    left_out: `${rest.length} more items (${[...new Set(rest.map(({ outcome }) => outcome))].join(', ')}).`,
  };
}

const urgency: readonly CheckedIn['outcome'][] = ['failed', 'skipped', 'planned', 'checked_in', 'marked', 'unchanged'];

async function resolveTargets(texts: readonly string[], ports: Needs): Promise<readonly PublishingTarget[]> {
  const found = await Promise.all(texts.map((text) => resolveTarget(text, ports.publishing)));
  return [...new Map(found.map((target) => [target.id, target])).values()];
}

/** One item and what is to be done to it, in words; nothing to do means that it stays as it is. */
interface Work {
  readonly item: ContentItem;
  readonly acts: readonly string[];
  readonly skipped?: string;
}

/**
 * Everything that can be refused of a named item is refused here, before anything changes. Items below are skipped
 * instead. The CMS's own recursion is not used: it would check in what other people hold, too.
 */
async function planWork(
  texts: readonly string[],
  withDescendants: boolean,
  targets: readonly PublishingTarget[],
  ports: Needs,
): Promise<readonly Work[]> {
  const named = (await resolveItems(texts, ports)).filter(
    (item) => item.kind !== 'asset_folder' || refuseFolderAlone(item, withDescendants),
  );
  const work = new Map<string, Work>();
  for (const item of named.filter(({ kind }) => kind !== 'asset_folder')) {
    await refuseCheckIn(item, targets, ports);
    work.set(item.id, { item, acts: actsOn(item, targets) });
  }
  if (!withDescendants) return [...work.values()];
  for (const root of named) {
    const below = (await listDescendants(root, descendantsMax - work.size, ports)).filter(
      ({ id, kind }) => kind !== 'asset_folder' && !work.has(id),
    );
    const contexts = await itemContexts(
      below.map(({ id }) => id),
      ports,
    );
    for (const item of below) {
      const context = contexts.get(item.id);
      const skipped =
        context === undefined || !context.fullAccess
          ? 'This user may not change it.'
          : item.checkedOut && !context.editable
            ? `It is checked out by ${item.assignedTo?.name ?? 'somebody else'}.`
            : undefined;
      work.set(item.id, skipped === undefined ? { item, acts: actsOn(item, targets) } : { item, acts: [], skipped });
    }
  }
  return [...work.values()];
}

function refuseFolderAlone(item: ContentItem, withDescendants: boolean): true {
  if (withDescendants) return true;
  throw new DomainError(
    'BAD_INPUT',
    `"${item.name}" (${item.id}) is an asset folder and has no versions. Name the assets, or set with_descendants. Nothing was changed.`,
  );
}

function actsOn(item: ContentItem, targets: readonly PublishingTarget[]): readonly string[] {
  return [
    ...(item.checkedOut ? [`check in as version ${item.version + 1}`] : []),
    ...targets.map((target) => `mark the newest version for ${target.name}`),
  ];
}
