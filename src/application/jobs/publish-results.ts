import { z } from 'zod';
import type { PublishingTarget, PublishLog } from '../../domain/model/publishing.ts';
import { cmsTimeIso, cmsTimeMs } from '../../domain/policy/cms-time.ts';
import { publishesAhead } from '../../domain/policy/find-publish-log.ts';
import type { PublicBefore } from '../../domain/policy/public-view.ts';
import type { Ports } from '../../domain/ports/index.ts';
import type { Call } from '../call.ts';
import type { Work } from '../define-job.ts';
import { copyProblem, followCopies, isCopying } from '../items/follow-copies.ts';
import {
  describeView,
  lookUntilSeen,
  newSentences,
  type PublicQuestion,
  type SeenPublicly,
} from '../items/public-looks.ts';

/** Where the reading of the results stands on the job's scale of 100. */
export const readPercent = 95;

/** How long the copies to the web servers are followed, and then the public site, which may be behind caches. */
const copyMsMax = 5 * 60_000;
const publicMsMax = 45_000;

const publishedItem = z.object({
  id: z.string(),
  name: z.string(),
  outcome: z
    .enum(['live', 'submitted', 'replicating', 'unseen', 'marked_only', 'failed', 'skipped'])
    .describe(
      'submitted: in the queue of the CMS, its end was not seen; replicating: published, and on its way to the web servers; unseen: published, but not what visitors get; marked_only: no way to start the publish',
    ),
  since: z.string().optional().describe('When the publish of that version ended, copies to web servers included'),
  evidence: z.string().optional().describe('What tells that it is live: log, copies, public address'),
  version: z.int().optional().describe('The version on the target once it is published; else the one that is marked'),
  transition: z.string().optional().describe('The workflow transition that was taken'),
  code: z.string().optional(),
  message: z.string().optional(),
});

/** What a publish came to. */
export const publishResult = z.object({
  target: z.object({ id: z.string(), name: z.string() }),
  items: z.array(publishedItem),
  live: z.int().describe('How many items are live in the version shown'),
  summary: z.string(),
  log_ids: z.array(z.string()).describe('Publish logs of the CMS'),
});
export type PublishedItem = z.infer<typeof publishedItem>;

/** What the item, its public address and the queue looked like before a publish was submitted. Plain JSON: jobs keep it. */
export type Before = {
  readonly stateId: string;
  readonly workflowId: string;
  readonly comment: string;
  readonly queue: { readonly knownLogIds: readonly string[]; readonly aheadCount: number };
  /** What visitors got until then, where their address is known. */
  readonly site?: { readonly address: string; readonly showed: PublicBefore };
};

/** An item whose publish the CMS has accepted. */
export interface Submitted {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly transition: string;
  /** The version that was marked before, and so most likely live. */
  readonly formerVersion?: number;
  readonly before: Before;
}

interface Context {
  readonly target: PublishingTarget;
  readonly ports: Pick<Ports, 'pages' | 'publishing' | 'health' | 'publicSite' | 'clock'>;
  readonly run: Work;
  readonly call: Call;
}

/** Reads back what became of each item: in the log, in the states of the target, on the web servers, for visitors. */
export async function readResults(
  submitted: readonly Submitted[],
  found: ReadonlyMap<string, PublishLog>,
  context: Context,
): Promise<ReadonlyMap<string, PublishedItem>> {
  const { ports, target, call } = context;
  const ids = submitted.filter(({ id }) => found.has(id)).map(({ id }) => id);
  if (ids.length > 0) {
    call.emit({ type: 'publish_finished', targetId: target.id, itemIds: ids, subject: call.principal.subject });
  }
  const states = new Map((await ports.publishing.states(target.id, ids)).map((state) => [state.itemId, state]));
  const results = new Map<string, PublishedItem>();
  const published: Published[] = [];
  for (const item of submitted) {
    const { id, name, transition, version } = item;
    const base = { id, name, transition, version };
    const log = found.get(id);
    const entry = log?.entries.find(({ itemId }) => itemId === id);
    if (log === undefined) {
      results.set(id, { ...base, outcome: 'submitted', message: await whyWaiting(item, context) });
    } else if (entry?.success !== true) {
      const reason = entry?.message ?? log.error ?? 'The log names no reason.';
      const message = `The publish failed: ${reason.slice(0, reasonMax)}`;
      results.set(id, { ...base, outcome: 'failed', code: 'CMS_REFUSED', message });
    } else if (states.get(id)?.published !== true) {
      const words = entry.message === '' ? '' : ` (${entry.message.slice(0, reasonMax)})`;
      const message = `The log says that it was published, but the CMS does not show it on ${target.name}${words}.`;
      results.set(id, { ...base, outcome: 'failed', code: 'WRITE_UNVERIFIED', message });
    } else {
      published.push({ item, log });
    }
  }
  for (const [id, outcome] of await followToVisitors(published, context)) results.set(id, outcome);
  return results;
}

interface Published {
  readonly item: Submitted;
  readonly log: PublishLog;
}

/** Why a submitted item has no log yet: the CMS lists no waiting publish, but order tells how many come first. */
async function whyWaiting({ before }: Submitted, { ports, target }: Context): Promise<string> {
  const monitor = await ports.publishing.monitor();
  const ahead = publishesAhead(monitor, before.queue);
  if (ahead > 0) return `The transition was taken. In the queue of the CMS ${ahead} publish(es) come before it.`;
  const { running } = monitor;
  const now =
    running === undefined
      ? ''
      : ` The CMS publishes to ${running.targetName} now, ${running.percent} % of it are done.`;
  return `The transition was taken, but no log of ${target.name} has shown this item so far.${now} The CMS may still be at it: look at the publishing status later.`;
}

/** From the target of the CMS to the web servers, and on to what visitors get. */
async function followToVisitors(
  published: readonly Published[],
  context: Context,
): Promise<readonly (readonly [string, PublishedItem])[]> {
  const { ports, run, target } = context;
  const onProgress = (message: string) => run.progress({ percent: readPercent, message });
  const logs = [...new Map(published.map(({ log }) => [log.id, log])).values()];
  const copied = await followCopies(logs, copyMsMax, ports, { signal: run.signal, onProgress });
  const logById = new Map(copied.map((log) => [log.id, log]));
  const whole = published.map(({ item, log }) => ({ item, log: logById.get(log.id) ?? log }));
  const problem = copied.some(({ replication }) => replication?.isStopped === true)
    ? await copyProblem(target.id, ports)
    : undefined;
  const questions = (await Promise.all(whole.map((one) => publicQuestion(one, ports)))).flat();
  if (questions.length > 0) await onProgress(`Looking at ${questions.length} public address(es)`);
  // What is not on the web servers yet is looked at once: some are reached by other ways.
  const waitMs = copied.some((log) => isCopying(log) || log.replication?.isStopped === true) ? 0 : publicMsMax;
  const seen = await lookUntilSeen(questions, waitMs, ports, run.signal);
  return whole.map((one) => [one.item.id, publishedOutcome(one, seen.get(one.item.id), problem)]);
}

async function publicQuestion({ item, log }: Published, ports: Context['ports']): Promise<readonly PublicQuestion[]> {
  const { id, version, formerVersion, before } = item;
  if (before.site === undefined) return [];
  const publishedFromMs = cmsTimeMs(log.startedAt ?? log.submittedAt);
  const facts = {
    published: true,
    before: before.site.showed,
    sameVersion: formerVersion === version,
    newSentences: formerVersion === version ? [] : await newSentences(id, version, formerVersion, ports.pages),
    ...(publishedFromMs === undefined ? {} : { publishedFromMs }),
  };
  return [{ itemId: id, address: before.site.address, facts }];
}

function publishedOutcome(
  { item, log }: Published,
  view: SeenPublicly | undefined,
  problem: string | undefined,
): PublishedItem {
  const { id, name, transition, version, before } = item;
  const { replication } = log;
  const endedAt = replication?.completedAt ?? log.completedAt;
  const since = endedAt === undefined ? {} : { since: cmsTimeIso(endedAt) };
  const base = { id, name, transition, version, ...since };
  const says = view === undefined ? [] : [describeView(view)];
  const publishedAs = `The CMS has published version ${version} (${log.id})`;
  if (view?.seen !== 'yes') {
    if (replication?.isStopped === true) {
      const why = problem === undefined ? 'an error' : problem.slice(0, reasonMax);
      const message = `${publishedAs}, but the copy to the web servers stopped: ${why}. ${says.join('')}`.trim();
      return { ...base, outcome: 'unseen', message };
    }
    if (isCopying(log)) {
      const message = `${publishedAs}; the copy to ${replication?.destinationCount} web server(s) has not ended. ${says.join('')}`;
      return { ...base, outcome: 'replicating', message: message.trim() };
    }
    const isUnseen = view?.seen === 'no' || (view === undefined && before.site !== undefined);
    if (isUnseen) {
      const what = view === undefined ? `${before.site?.address} was not looked at: the site is down` : says.join('');
      return { ...base, outcome: 'unseen', message: `${publishedAs}, but visitors do not get it yet. ${what}.` };
    }
  }
  const copies =
    replication?.completedAt === undefined ? [] : [`copied to ${replication.destinationCount} web server(s)`];
  return { ...base, outcome: 'live', evidence: [log.id, ...copies, ...says].join('; ') };
}

/** Of the CMS's own words. */
const reasonMax = 300;

/** A line for people. */
export function summarise(items: readonly PublishedItem[], live: number, target: PublishingTarget): string {
  const count = (outcome: PublishedItem['outcome']) => items.filter((item) => item.outcome === outcome).length;
  const others = (['submitted', 'replicating', 'unseen', 'marked_only', 'failed', 'skipped'] as const)
    .filter((outcome) => count(outcome) > 0)
    .map((outcome) => `${count(outcome)} ${outcome.replace('_', ' ')}`);
  return `${live} of ${items.length} live on ${target.name}${others.length === 0 ? '' : `; ${others.join(', ')}`}.`;
}
