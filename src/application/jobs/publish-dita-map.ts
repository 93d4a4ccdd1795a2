import { z } from 'zod';
import { DomainError } from '../../domain/errors.ts';
import type { PublishLog } from '../../domain/model/publishing.ts';
import { baselineOf, isIdle, type QueueBaseline } from '../../domain/policy/find-publish-log.ts';
import type { Ports } from '../../domain/ports/index.ts';
import type { JobRun } from '../../domain/ports/job-queue.ts';
import type { Call } from '../call.ts';
import { defineJob, type Work } from '../define-job.ts';
import { findSubmitted, logsOfMap, type Try } from '../items/find-dita-publish.ts';
import { pause } from '../items/pause.ts';
import { publishingLane } from './publish-content.ts';

const outcomeOfTarget = z.object({
  id: z.string(),
  name: z.string(),
  outcome: z.enum(['published', 'failed', 'submitted']).describe('submitted: its end was not seen'),
  pages: z.int().optional(),
  assets: z.int().optional(),
  failed: z.int().optional(),
  message: z.string().optional(),
  log_id: z.string().optional(),
});

export const ditaPublishResult = z.object({
  map: z.object({ id: z.string(), name: z.string() }),
  targets: z.array(outcomeOfTarget),
  summary: z.string(),
});

const input = z.object({
  mapId: z.string(),
  targets: z.array(z.object({ id: z.string(), name: z.string() })).min(1),
  formats: z.array(z.string()),
  ditavals: z.array(z.string()),
  replicate: z.boolean(),
});

/** How long a submitted publish is followed: a map with many topics takes long to build. */
const watchMsMax = 30 * 60_000;
/** A queue that stays empty this long without a log of ours will not bring one. */
const idleMsMax = 15_000;
const pollMsMin = 500;
const pollMsMax = 5_000;

/** Checks in, marks and publishes a DITA map: the one kind of publish that REST v1 can start itself. */
export const publishDitaMapJob = defineJob({
  kind: 'publish_dita_map',
  queue: 'publishing',
  attemptsMax: 5,
  backoffMs: 2_000,
  needs: ['dita', 'publishing', 'site', 'jobs', 'clock'],
  lanes: ({ targets }) => targets.map(({ id }) => publishingLane(id)),
  input,
  output: ditaPublishResult,

  async execute(given, ports, run, call) {
    const { mapId, targets } = given;
    const details = await ports.dita.details(mapId);
    if (details === undefined) {
      throw new DomainError(
        'NOT_FOUND',
        `The DITA map ${mapId} is not there any more, or this user may not see it. Nothing was submitted.`,
        { next: { tool: 'get_dita_map', input: {} } },
      );
    }
    refuseCheckedOut(details);
    await run.progress({ percent: 5, message: 'Checking in and marking' });
    if (details.checkedOut) await run.step('check_in', () => ports.dita.checkIn(mapId));
    await run.step('mark', () => ports.dita.mark(mapId, targets));
    call.emit({ type: 'content_changed', itemIds: [mapId], change: 'marking', subject: call.principal.subject });
    const queue = await run.step('submit', () => submit(details.name, given, ports, run, call));
    const logs = await watch(mapId, queue, targets, ports, run);
    const outcomes = targets.map((target) => outcomeOf(target, logs.get(target.id)));
    for (const { id: targetId } of targets) {
      call.emit({ type: 'publish_finished', targetId, itemIds: [mapId], subject: call.principal.subject });
    }
    const published = outcomes.filter(({ outcome }) => outcome === 'published').length;
    const summary = `"${details.name}" published to ${published} of ${targets.length} targets.`;
    await run.progress({ percent: 100, message: summary });
    return { map: { id: mapId, name: details.name }, targets: outcomes, summary };
  },
});

type Needs = Pick<Ports, 'dita' | 'publishing' | 'site' | 'jobs' | 'clock'>;
type Given = z.infer<typeof input>;
type Targets = Given['targets'];

/** The CMS publishes no map of which others hold a part (domain section 13). */
export function refuseCheckedOut(details: { readonly name: string; readonly checkedOutToOthers: number }): void {
  if (details.checkedOutToOthers === 0) return;
  throw new DomainError(
    'LOCKED',
    `Others have ${details.checkedOutToOthers} parts of "${details.name}" checked out. They have to check them in first; nothing was changed. Tell the user, and publish it again after that.`,
  );
}

/** What a run found of a submission of a former run: the queue as if nothing but that was in it. */
type Found = { readonly found: QueueBaseline };

/**
 * Submits the publish, once: a run that comes after a lost worker looks first whether a former one has.
 *
 * @returns the queue as it was just before.
 */
async function submit(name: string, given: Given, ports: Needs, run: Work, call: Call): Promise<QueueBaseline> {
  const tries: Try[] = [];
  const former = () =>
    findSubmitted({ ...given, name }, tries, ports, run, () => claimedLogIds(run.job.id, ports.jobs));
  for (let isNew = false; !isNew; ) {
    const next = await run.step<Try | Found>(`try:${tries.length + 1}`, async () => {
      isNew = true;
      const found = await former();
      if (found !== undefined) return { found };
      return { queue: baselineOf(await ports.publishing.monitor()), atMs: ports.clock.nowMs() };
    });
    if ('found' in next) return next.found;
    tries.push(next);
  }
  const queue = tries.at(-1)?.queue ?? { knownLogIds: [], aheadCount: 0 };
  try {
    if (await ports.dita.publish({ ...given, targetIds: given.targets.map(({ id }) => id) })) return queue;
  } catch (error) {
    // Only the unknown outcome is looked into: the queue may show what nobody said.
    if (!(error instanceof DomainError) || error.code !== 'OUTCOME_UNKNOWN' || call.signal.aborted) throw error;
    const found = await former();
    if (found === undefined) throw error;
    return found;
  }
  throw new DomainError(
    'CMS_REFUSED',
    `The CMS did not start the publish of "${name}" and gave no reason. The map is marked, and nothing was submitted. Look at it with get_dita_map: what is checked out, broken or never checked in stops a publish. Publish it again after that.`,
    { next: { tool: 'get_dita_map', input: { map: given.mapId } } },
  );
}

/** The logs of other jobs' publishes of maps: while a job was set aside, its turn at the targets was theirs. */
async function claimedLogIds(ownJobId: string, jobs: Ports['jobs']): Promise<readonly string[]> {
  const others = await jobs.list({ queue: 'publishing', states: ['succeeded'], limit: claimsMax });
  return others
    .filter(({ id, kind }) => id !== ownJobId && kind === publishDitaMapJob.kind)
    .flatMap(({ result }) => ditaPublishResult.safeParse(result).data?.targets ?? [])
    .flatMap(({ log_id: logId }) => logId ?? []);
}

/** Far more publishes than the CMS lists. */
const claimsMax = 200;

/** Follows the CMS's queue until every target has its log, or the time is up. */
async function watch(
  mapId: string,
  queue: QueueBaseline,
  targets: Targets,
  ports: Pick<Needs, 'publishing'>,
  run: JobRun,
): Promise<ReadonlyMap<string, PublishLog>> {
  const found = new Map<string, PublishLog>();
  let pollMs = pollMsMin;
  let waitedMs = 0;
  let idleMs = 0;
  while (waitedMs < watchMsMax && idleMs < idleMsMax) {
    const monitor = await ports.publishing.monitor();
    const open = targets.filter(({ id }) => !found.has(id));
    for (const log of await logsOfMap(mapId, monitor, queue, open, ports)) {
      if (!found.has(log.targetId)) found.set(log.targetId, log);
    }
    if (found.size === targets.length) break;
    const { running } = monitor;
    const doing = running === undefined ? 'waiting for the queue' : `${running.targetName} ${running.percent} %`;
    await run.progress({
      percent: 20 + Math.round((70 * found.size) / targets.length),
      message: `Publishing: ${doing}`,
    });
    await pause(pollMs, run.signal);
    waitedMs += pollMs;
    idleMs = isIdle(monitor) ? idleMs + pollMs : 0;
    pollMs = Math.min(pollMs * 1.3, pollMsMax);
  }
  return found;
}

function outcomeOf(target: Targets[number], log: PublishLog | undefined): z.infer<typeof outcomeOfTarget> {
  if (log === undefined) return { ...target, outcome: 'submitted', message: 'Look at the publish status later.' };
  const message = log.error ?? log.entries.find(({ success }) => !success)?.message;
  return {
    ...target,
    outcome: log.error === undefined && log.failedCount === 0 ? 'published' : 'failed',
    pages: log.pagesPublished,
    assets: log.assetsPublished,
    ...(log.failedCount === 0 ? {} : { failed: log.failedCount }),
    ...(message === undefined ? {} : { message: message.slice(0, messageCharactersMax) }),
    log_id: log.id,
  };
}

const messageCharactersMax = 300;
