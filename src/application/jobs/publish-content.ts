import { z } from 'zod';
import { DomainError } from '../../domain/errors.ts';
import type { ContentItem } from '../../domain/model/content-item.ts';
import type { PublishingTarget, PublishLog, PublishMonitor } from '../../domain/model/publishing.ts';
import type { WorkflowStatus } from '../../domain/model/workflow.ts';
import { baselineOf, candidateLogs, isIdle, logOfItem } from '../../domain/policy/find-publish-log.ts';
import type { PublicBefore } from '../../domain/policy/public-view.ts';
import type { Ports } from '../../domain/ports/index.ts';
import type { Call } from '../call.ts';
import { defineJob, type Work } from '../define-job.ts';
import { checkInItem } from '../items/item-calls.ts';
import { isAssetId } from '../items/item-path.ts';
import { readVersionMarks } from '../items/marked-versions.ts';
import { pause } from '../items/pause.ts';
import { planPublish } from '../items/plan-publish.ts';
import { lookBeforePublish, publicAddress } from '../items/public-looks.ts';
import {
  approvalStamp,
  findHindrances,
  hindranceQuestion,
  type PublishGuards,
  publishGuards,
} from '../items/publish-guards.ts';
import { readVisible } from '../items/read-visible.ts';
import { refusalOfItem } from '../items/refusal-of-item.ts';
import { commentCharactersMax, signComment } from '../items/sign-comment.ts';
import {
  type Before,
  type PublishedItem,
  publishResult,
  readPercent,
  readResults,
  type Submitted,
  summarise,
} from './publish-results.ts';

/** Items of one job: what a publish that somebody looks at can hold. */
export const publishItemsMax = 200;

/** How long a submitted publish is followed. The CMS goes on with it afterwards. */
const watchMsMax = 10 * 60_000;
/** A queue that stays empty this long without a log of ours will not bring one. */
const idleMsMax = 15_000;
const pollMsMin = 500;
const pollMsMax = 3_000;

/**
 * Publishes items to one target with what REST v1 offers: marks by check-in, submits by a workflow transition that
 * publishes, watches the CMS's own queue, reads the completion log. Whatever changes the CMS is a step of its own that
 * first looks whether it has happened already, so that a job that lost its worker goes on without doing it twice.
 */
export const publishContentJob = defineJob({
  kind: 'publish_content',
  queue: 'publishing',
  // With the doubled waits that is more than four minutes of an unreachable CMS.
  attemptsMax: 8,
  backoffMs: 2_000,
  needs: ['pages', 'assets', 'publishing', 'workflow', 'site', 'reports', 'health', 'publicSite', 'clock'],
  lanes: ({ targetId }) => [publishingLane(targetId)],
  input: z.object({
    targetId: z.string(),
    items: z
      // An item that was only found below a named one is skipped where a named one fails.
      .array(z.object({ id: z.string(), name: z.string(), isNamed: z.boolean() }))
      .min(1)
      .max(publishItemsMax),
    comment: z.string().max(commentCharactersMax).optional(),
    /** Of a scheduled publish. */
    guards: publishGuards.optional(),
  }),
  output: publishResult,

  async execute(input, ports, run, call) {
    const target = await findTarget(input.targetId, ports);
    if (input.guards !== undefined) await passGuards(input.guards, ports, run);
    const context: PublishContext = { target, comment: input.comment, ports, run, call, site: { isDown: false } };
    const stamps = new Map(input.guards?.approved.map(({ id, stamp }) => [id, stamp]));
    const asked = input.items.map((item) => {
      const approvedStamp = stamps.get(item.id);
      return approvedStamp === undefined ? item : { ...item, approvedStamp };
    });
    const { items, logIds } = await publishItems(asked, context);
    const live = items.filter(({ outcome }) => outcome === 'live').length;
    const summary = summarise(items, live, target);
    await run.progress({ percent: 100, message: summary });
    return {
      target: { id: target.id, name: target.name },
      items,
      live,
      summary,
      log_ids: [...logIds],
    };
  },
});

/**
 * Marks, submits and follows these items, and reads back what became of each. What changes the CMS is a step of the run,
 * named by the item: of one item there is one publish in a job.
 *
 * @param hears - told of each item as soon as something is known of it.
 * @throws DomainError what concerns all items, or may pass.
 */
export async function publishItems(
  asked: readonly AskedItem[],
  context: PublishContext,
  hears?: (item: PublishedItem) => Promise<void>,
): Promise<{ readonly items: PublishedItem[]; readonly logIds: readonly string[] }> {
  const { run } = context;
  const submitted: Submitted[] = [];
  const ended = new Map<string, PublishedItem>();
  for (const [index, item] of asked.entries()) {
    await run.safePoint();
    const share = Math.round((submitPercent * index) / asked.length);
    await run.progress({ percent: share, message: `Marking and submitting ${item.name}` });
    const outcome = await markAndSubmit(item, context);
    if ('ended' in outcome) ended.set(item.id, outcome.ended);
    else submitted.push(outcome.submitted);
    await hears?.('ended' in outcome ? outcome.ended : notYetSeen(outcome.submitted));
  }
  const found = await watch(submitted, context);
  await run.progress({ percent: readPercent, message: 'Reading the result' });
  for (const [id, outcome] of await readResults(submitted, found, context)) ended.set(id, outcome);
  return {
    items: asked.flatMap(({ id }) => ended.get(id) ?? []),
    logIds: [...new Set([...found.values()].map(({ id }) => id))],
  };
}

function notYetSeen({ id, name, version, transition }: Submitted): PublishedItem {
  return { id, name, version, transition, outcome: 'submitted', message: 'The transition was taken.' };
}

/** Ends when nothing stands against a scheduled publish; until then the job holds and says what does. */
async function passGuards(
  guards: PublishGuards,
  ports: Pick<Ports, 'pages' | 'assets' | 'site' | 'reports' | 'clock'>,
  run: Work,
): Promise<void> {
  // Each look is a step: when marking has begun, the job's own check-in is no edit that was not approved.
  for (let round = 1; ; round += 1) {
    const hindrances = await run.step(`guards:${round}`, async () => [...(await findHindrances(guards, ports))]);
    if (hindrances.length === 0) return;
    const name = `guards:${round}`;
    const { [name]: answer } = await run.ask({ [name]: hindranceQuestion(hindrances) });
    if (answer?.accepted !== true || answer.values['decision'] !== 'check_again') {
      throw new DomainError(
        'CONFLICT',
        `The scheduled publish was given up, and nothing was published. ${hindrances.join(' ')} Mend that and schedule it anew, if it is still wanted.`,
      );
    }
  }
}

/** The CMS publishes to one target one after the other; two jobs of ours would only watch each other's publishes. */
export function publishingLane(targetId: string): string {
  return `publish:${targetId}`;
}

type Needs = Pick<Ports, 'pages' | 'assets' | 'publishing' | 'workflow' | 'health' | 'publicSite' | 'clock'>;

/** What publishing some items takes. */
export interface PublishContext {
  readonly target: PublishingTarget;
  readonly comment: string | undefined;
  readonly ports: Needs;
  readonly run: Work;
  readonly call: Call;
  /** Whether a look at the public site has failed in this run. */
  readonly site: { isDown: boolean };
}

/** Where the stages of the job stand on its scale of 100. */
const submitPercent = 40;

/** An item of a publish. What was only found below a named one is skipped where that cannot be published. */
export interface AskedItem {
  readonly id: string;
  readonly name: string;
  readonly isNamed: boolean;
  /** What it was like when it was approved, where nothing else may go out. */
  readonly approvedStamp?: string;
}

/** Results of steps: plain JSON, kept with the job. */
type Marked =
  | { readonly version: number; readonly isMarked: boolean; readonly way: Way; readonly formerVersion?: number }
  | { readonly refused: Refused };
type Way =
  | {
      readonly possible: true;
      readonly transitionId: string;
      readonly transitionName: string;
      readonly marks: boolean;
    }
  | { readonly possible: false; readonly reason: string };
type Taken = { readonly taken: true } | { readonly refused: Refused };
type Refused = { readonly code: string; readonly message: string };

/** @throws DomainError NOT_FOUND. */
export async function findTarget(id: string, { publishing }: Pick<Ports, 'publishing'>): Promise<PublishingTarget> {
  const target = (await publishing.targets()).find((candidate) => candidate.id === id);
  if (target !== undefined) return target;
  throw new DomainError(
    'NOT_FOUND',
    `The publishing target ${id} is not there any more, or this user may not see it. Nothing was changed; get_context names those there are.`,
    { next: { tool: 'get_context', input: {} } },
  );
}

/** Marks one item and submits its publish, as far as the CMS lets us. */
async function markAndSubmit(
  item: AskedItem,
  context: PublishContext,
): Promise<{ readonly submitted: Submitted } | { readonly ended: PublishedItem }> {
  const { run, target } = context;
  const { id, name } = item;
  if (item.approvedStamp !== undefined) {
    // The guards may have looked long ago: before other items, or in a run whose job was set aside since. A step of its
    // own: when marking has begun, the job's own check-in is no edit that was not approved.
    const isApproved = await run.step(`approved:${item.id}`, () => isAsApproved(item, context.ports));
    if (!isApproved) return { ended: { id, name, outcome: 'failed', code: 'VERSION_CONFLICT', message: unapproved } };
  }
  const marked = await run.step(`mark:${item.id}`, () => mark(item, context));
  if ('refused' in marked)
    return { ended: { id, name, outcome: item.isNamed ? 'failed' : 'skipped', ...marked.refused } };
  const { version, way, formerVersion } = marked;
  if (!way.possible) {
    return {
      ended: marked.isMarked
        ? {
            id,
            name,
            outcome: 'marked_only',
            version,
            message: `Version ${version} is marked for ${target.name}, not published. ${way.reason} A publisher has to start the publish in the CMS.`,
          }
        : { id, name, outcome: 'failed', code: 'WRITE_UNVERIFIED', message: unmarked(version, target) },
    };
  }
  if (!marked.isMarked && !way.marks) {
    return { ended: { id, name, outcome: 'failed', code: 'WRITE_UNVERIFIED', message: unmarked(version, target) } };
  }
  let isFirstTry = false;
  const before = await run.step(`before:${item.id}`, () => {
    isFirstTry = true;
    return lookBefore(item, context);
  });
  const taken = await run.step(`submit:${item.id}`, () => submit(item, way, before, isFirstTry, context));
  if ('refused' in taken) {
    return { ended: { id, name, outcome: 'failed', version, transition: way.transitionName, ...taken.refused } };
  }
  return {
    submitted: {
      ...{ id, name, version, transition: way.transitionName, before },
      ...(formerVersion === undefined ? {} : { formerVersion }),
    },
  };
}

async function isAsApproved({ id, approvedStamp }: AskedItem, ports: Needs): Promise<boolean> {
  const now = await readVisible(id, ports);
  return now !== undefined && approvalStamp(now) === approvedStamp;
}

const unapproved =
  'It was edited or removed after it was scheduled, and was left as it is. Look at it, and schedule it anew.';

const unmarked = (version: number, target: PublishingTarget): string =>
  `The CMS took the check-in but did not mark version ${version} for ${target.name}. Nothing was submitted. A person can mark it in the CMS; publish it again after that.`;

/** Checks in what the caller holds, marks the newest version unless it is marked, and finds the way to publish it. */
function mark(item: AskedItem, context: PublishContext): Promise<Marked> {
  const { ports, target, call } = context;
  return refusable<Marked>(context, async () => {
    const before = await readItem(item.id, ports);
    const plan = await planPublish(before, target, await ports.publishing.targets(), ports);
    // A mark says what the next publish of anybody takes: what nobody named is not marked beside its workflow.
    if (!plan.way.possible && !item.isNamed) throw new DomainError('CAPABILITY_MISSING', plan.way.reason);
    const marks = await readVersionMarks(item.id, ports);
    const formerVersion = marks.markedFor.get(target.id);
    const former = formerVersion === undefined ? {} : { formerVersion };
    const isMarked = marks.newest > 0 && formerVersion === marks.newest;
    if (!plan.checksIn && isMarked) return { version: marks.newest, isMarked: true, way: wayOf(plan.way), ...former };
    const comment = signComment(context.comment, call.principal);
    await checkInItem(item.id, { recursive: false, markTargetIds: [target.id], comment }, ports);
    const change = plan.checksIn ? 'version' : 'marking';
    call.emit({ type: 'content_changed', itemIds: [item.id], change, subject: call.principal.subject });
    const [after, read] = await Promise.all([readVersionMarks(item.id, ports), readItem(item.id, ports)]);
    // Whose turn it is, and so which transitions are open, can change with the check-in.
    const { way } = await planPublish(read, target, await ports.publishing.targets(), ports);
    return {
      version: Math.max(after.newest, read.version),
      isMarked: after.newest > 0 && after.markedFor.get(target.id) === after.newest,
      way: wayOf(way),
      ...former,
    };
  });
}

/** Only what the next steps need: step results are kept with the job. */
function wayOf(way: Awaited<ReturnType<typeof planPublish>>['way']): Way {
  if (!way.possible) return { possible: false, reason: way.reason };
  const { transitionId, transitionName, marks } = way;
  return { possible: true, transitionId, transitionName, marks };
}

/**
 * Notes what the item, its public address and the queue look like before the transition: later runs tell by it whether
 * it was taken, and what it came to.
 */
async function lookBefore(item: AskedItem, context: PublishContext): Promise<Before> {
  const { ports } = context;
  const [status, site] = await Promise.all([ports.workflow.ofItem(item.id), lookAtSite(item.id, context)]);
  const monitor = await ports.publishing.monitor();
  return {
    ...(site === undefined ? {} : { site }),
    stateId: status?.stateId ?? '',
    workflowId: status?.workflowId ?? '',
    comment: status?.comment ?? '',
    queue: baselineOf(monitor),
  };
}

/** One look at a site that is down is enough for all items of a run. */
async function lookAtSite(itemId: string, context: PublishContext): Promise<Before['site'] | undefined> {
  const { ports, run, target, site } = context;
  const address = await publicAddress(itemId, target, ports);
  if (address === undefined) return undefined;
  const showed: PublicBefore = site.isDown
    ? { status: 'unreached' }
    : await lookBeforePublish(address, ports.publicSite, run.signal);
  if (showed.status === 'unreached') site.isDown = true;
  return { address, showed };
}

/**
 * Takes the transition, once. The comment carries the job's id, which is how a later run, or this one after a lost
 * answer, knows its own transition even where it leads from a state to itself.
 */
function submit(
  item: AskedItem,
  way: Way & { readonly possible: true },
  before: Before,
  isFirstTry: boolean,
  context: PublishContext,
): Promise<Taken> {
  const { ports, run, call } = context;
  const jobMark = `job ${run.job.id}`;
  const changed = () =>
    call.emit({ type: 'content_changed', itemIds: [item.id], change: 'workflow', subject: call.principal.subject });
  return refusable<Taken>(context, async () => {
    if (!isFirstTry && hasMoved(before, await ports.workflow.ofItem(item.id), jobMark)) {
      changed();
      return { taken: true };
    }
    try {
      const comment = signComment(context.comment, call.principal, jobMark);
      const taken = await ports.workflow.advance({ itemId: item.id, transitionId: way.transitionId, comment });
      if (!taken) {
        throw new DomainError(
          'CONFLICT',
          `The CMS did not take the transition "${way.transitionName}": the item may have moved meanwhile. It is marked, and nothing was submitted. Look at its workflow with get_content, then publish it again.`,
        );
      }
    } catch (error) {
      // Only the unknown outcome is looked into: the item may have moved although nobody said so.
      if (!(error instanceof DomainError) || error.code !== 'OUTCOME_UNKNOWN' || call.signal.aborted) throw error;
      if (!hasMoved(before, await ports.workflow.ofItem(item.id), jobMark)) throw error;
    }
    changed();
    return { taken: true };
  });
}

function hasMoved(before: Before, now: WorkflowStatus | undefined, jobMark: string): boolean {
  return (
    now === undefined ||
    now.stateId !== before.stateId ||
    now.workflowId !== before.workflowId ||
    now.comment.includes(jobMark)
  );
}

/**
 * Follows the CMS's queue until every submitted item has its log, or the time is up.
 *
 * @returns item id to the log, with its entries.
 */
async function watch(
  submitted: readonly Submitted[],
  context: PublishContext,
): Promise<ReadonlyMap<string, PublishLog>> {
  const { ports, run, target } = context;
  const found = new Map<string, PublishLog>();
  const details = new Map<string, PublishLog>();
  let pollMs = pollMsMin;
  let waitedMs = 0;
  let idleMs = 0;
  while (found.size < submitted.length && waitedMs < watchMsMax && idleMs < idleMsMax) {
    const monitor = await ports.publishing.monitor();
    for (const item of submitted.filter(({ id }) => !found.has(id))) {
      const logs = await withEntries(candidateLogs(monitor, item.before.queue, target.id), details, ports);
      const log = logOfItem(logs, item.id);
      if (log !== undefined) found.set(item.id, log);
    }
    if (found.size === submitted.length) break;
    await run.progress(watchProgress(monitor, found.size, submitted.length));
    await pause(pollMs, run.signal);
    waitedMs += pollMs;
    idleMs = isIdle(monitor) ? idleMs + pollMs : 0;
    pollMs = Math.min(pollMs * 1.3, pollMsMax);
  }
  return found;
}

/** The monitor may list logs without their entries; each is read once. */
async function withEntries(
  logs: readonly PublishLog[],
  details: Map<string, PublishLog>,
  { publishing }: Pick<Ports, 'publishing'>,
): Promise<readonly PublishLog[]> {
  const whole: PublishLog[] = [];
  for (const log of logs) {
    const known = details.get(log.id) ?? (await publishing.log(log.id)) ?? log;
    details.set(log.id, known);
    whole.push(known);
  }
  return whole;
}

function watchProgress(monitor: PublishMonitor, done: number, total: number): { percent: number; message: string } {
  const own = monitor.running === undefined ? 0 : monitor.running.percent / 100;
  const share = Math.min(1, (done + own) / total);
  const percent = Math.round(submitPercent + (readPercent - submitPercent) * share);
  const queue =
    monitor.running === undefined
      ? 'the publishing queue is empty'
      : `${monitor.running.targetName} ${monitor.running.percent} %, ${monitor.pendingCount} waiting`;
  return { percent, message: `Publishing: ${done} of ${total} items done; ${queue}` };
}

async function readItem(id: string, ports: Needs): Promise<ContentItem> {
  const item = isAssetId(id) ? await ports.assets.get(id) : await ports.pages.get(id);
  if (item === undefined)
    throw new DomainError(
      'NOT_FOUND',
      `The item ${id} is not there any more, or this user may not see it. Leave it out.`,
    );
  return item;
}

/** A refusal of the CMS is the final outcome of one item and kept as such. */
async function refusable<T>(
  { run }: PublishContext,
  act: () => Promise<T>,
): Promise<T | { readonly refused: Refused }> {
  try {
    return await act();
  } catch (thrown) {
    // Only a refusal of this item is turned into a result.
    const refusal = refusalOfItem(thrown, run.signal);
    if (refusal === undefined) throw thrown;
    return { refused: { code: refusal.code, message: refusal.message } };
  }
}
