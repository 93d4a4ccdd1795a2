import { z } from 'zod';
import { DomainError } from '../../domain/errors.ts';
import type { PublishLog } from '../../domain/model/publishing.ts';
import { baselineOf, candidateLogs, isIdle } from '../../domain/policy/find-publish-log.ts';
import type { Ports } from '../../domain/ports/index.ts';
import type { JobRun } from '../../domain/ports/job-queue.ts';
import { defineJob } from '../define-job.ts';
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
  needs: ['dita', 'publishing'],
  lanes: ({ targets }) => targets.map(({ id }) => publishingLane(id)),
  input,
  output: ditaPublishResult,

  async execute(given, ports, run, call) {
    const { mapId, targets } = given;
    const details = await ports.dita.details(mapId);
    if (details === undefined) throw new DomainError('NOT_FOUND', 'The DITA map is not there any more.');
    refuseCheckedOut(details);
    await run.progress({ percent: 5, message: 'Checking in and marking' });
    if (details.checkedOut) await run.step('check_in', () => ports.dita.checkIn(mapId));
    await run.step('mark', () => ports.dita.mark(mapId, targets));
    call.emit({ type: 'content_changed', itemIds: [mapId], change: 'marking', subject: call.principal.subject });
    let isFirstTry = false;
    const before = await run.step('before', async () => {
      isFirstTry = true;
      return baselineOf(await ports.publishing.monitor());
    });
    await run.step('submit', async () => {
      // A run that lost its worker here may have submitted already: then the queue shows it.
      if (!isFirstTry && (await wasSubmitted(mapId, before, targets, ports, run))) return true;
      if (await ports.dita.publish({ ...given, targetIds: targets.map(({ id }) => id) })) return true;
      throw new DomainError('CMS_REFUSED', `The CMS did not start the publish of "${details.name}".`);
    });
    const logs = await watch(mapId, before, targets, ports, run);
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

type Needs = Pick<Ports, 'dita' | 'publishing'>;
type Targets = z.infer<typeof input>['targets'];
type Baseline = ReturnType<typeof baselineOf>;

/** The CMS publishes no map of which others hold a part (domain section 13). */
export function refuseCheckedOut(details: { readonly name: string; readonly checkedOutToOthers: number }): void {
  if (details.checkedOutToOthers === 0) return;
  throw new DomainError(
    'LOCKED',
    `Others have ${details.checkedOutToOthers} parts of "${details.name}" checked out. They have to check them in first; nothing was changed.`,
  );
}

/**
 * Whether a publish of this map was submitted after `before`. What runs or waits shows no map, so the queue is followed
 * until it is empty, or a log speaks of the map: a publish of somebody else to the same target is not taken for ours.
 *
 * @throws DomainError OUTCOME_UNKNOWN when the queue stays busy.
 */
async function wasSubmitted(
  mapId: string,
  before: Baseline,
  targets: Targets,
  { publishing }: Needs,
  run: JobRun,
): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < watchMsMax; waitedMs += pollMsMin) {
    const monitor = await publishing.monitor();
    for (const { id } of targets) {
      for (const log of candidateLogs(monitor, before, id)) {
        if (speaksOf((await publishing.log(log.id)) ?? log, mapId)) return true;
      }
    }
    if (isIdle(monitor)) return false;
    await pause(pollMsMin, run.signal);
  }
  throw new DomainError(
    'OUTCOME_UNKNOWN',
    'The publish may have been submitted before this server lost its worker, and the queue of the CMS does not end. Look at the publish status.',
  );
}

/** A log that names nothing can be of any publish: then its place in the queue has told. */
function speaksOf({ entries }: PublishLog, mapId: string): boolean {
  return entries.length === 0 || entries.some(({ itemId }) => assetNumber(itemId) === assetNumber(mapId));
}

/** Operations of DITA call an asset by its number alone (`101`), all others `a/101`. */
const assetNumber = (id: string): string => id.replace(/^a\//, '');

/** Follows the CMS's queue until every target has its log, or the time is up. */
async function watch(
  mapId: string,
  before: Baseline,
  targets: Targets,
  { publishing }: Needs,
  run: JobRun,
): Promise<ReadonlyMap<string, PublishLog>> {
  const found = new Map<string, PublishLog>();
  let pollMs = pollMsMin;
  let waitedMs = 0;
  let idleMs = 0;
  while (waitedMs < watchMsMax && idleMs < idleMsMax) {
    const monitor = await publishing.monitor();
    for (const { id } of targets) {
      for (const candidate of found.has(id) ? [] : candidateLogs(monitor, before, id)) {
        const log = (await publishing.log(candidate.id)) ?? candidate;
        if (!found.has(id) && speaksOf(log, mapId)) found.set(id, log);
      }
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
  };
}

const messageCharactersMax = 300;
