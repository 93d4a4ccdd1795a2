import { DomainError, errorTable } from '../../domain/errors.ts';
import type { PublishLog, PublishMonitor } from '../../domain/model/publishing.ts';
import { candidateLogs, isIdle, type QueueBaseline } from '../../domain/policy/find-publish-log.ts';
import { whosePublish } from '../../domain/policy/whose-publish.ts';
import type { Ports } from '../../domain/ports/index.ts';
import type { Work } from '../define-job.ts';
import { pause } from './pause.ts';

type Needs = Pick<Ports, 'publishing' | 'site' | 'clock'>;

/** A publish of a map that a job is about. */
export interface MapPublish {
  readonly mapId: string;
  readonly name: string;
  readonly targets: readonly { readonly id: string; readonly name: string }[];
}

/** The queue just before a submission, and when that was. Plain JSON: kept as a step. */
export type Try = { readonly atMs: number; readonly queue: QueueBaseline };

/** How long the queue of the CMS is followed. */
const watchMsMax = 30 * 60_000;
const pollMs = 500;

/**
 * What a former run of a job has submitted. What runs or waits shows no map, so the queue is followed until it is empty,
 * or a log is that of the own publish; `claimedLogIds` are those of other jobs. Where a log may be the own one or
 * somebody else's, a person decides.
 *
 * @throws DomainError OUTCOME_UNKNOWN when the queue stays busy, HELD, CONFLICT when it was given up.
 */
export async function findSubmitted(
  { mapId, name, targets }: MapPublish,
  tries: readonly Try[],
  ports: Needs,
  run: Work,
  claimedLogIds: () => Promise<readonly string[]>,
): Promise<QueueBaseline | undefined> {
  const [first] = tries;
  if (first === undefined) return undefined;
  const claims = { claimedLogIds: await claimedLogIds(), ...(await ownUser(ports.site)) };
  for (let waitedMs = 0; waitedMs < watchMsMax; waitedMs += pollMs) {
    const monitor = await ports.publishing.monitor();
    const facts = { ...claims, triedAtMs: tries.map(({ atMs }) => atMs), nowMs: ports.clock.nowMs() };
    const logs = await logsOfMap(mapId, monitor, first.queue, targets, ports);
    const own = logs.filter((log) => whosePublish(log, facts) === 'own');
    if (own.length > 0) return onlyThese(own, monitor);
    if (isIdle(monitor)) {
      const unclear = logs.filter((log) => whosePublish(log, facts) === 'unclear');
      if (unclear.length === 0 && !hasTurnedOver(monitor, first.queue)) return undefined;
      const isDone = await askWhetherDone(`publish:${tries.length}`, name, unclear, run);
      return isDone ? onlyThese(unclear, monitor) : undefined;
    }
    await pause(pollMs, run.signal);
  }
  throw new DomainError(
    'OUTCOME_UNKNOWN',
    `The publish of "${name}" may have been submitted before this server lost its worker, and the queue of the CMS does not end. Look at the publish status before you publish again.`,
    { next: { tool: 'get_publish_status', input: { target: targets[0]?.name ?? '' } } },
  );
}

const onlyThese = (logs: readonly PublishLog[], { recent }: PublishMonitor): QueueBaseline => ({
  knownLogIds: recent.map(({ id }) => id).filter((id) => !logs.some((log) => log.id === id)),
  aheadCount: 0,
});

/** Who is asking, as logs name users; where the CMS does not tell, time alone decides. */
async function ownUser(site: Ports['site']): Promise<{ readonly userName?: string }> {
  try {
    const user = await site.currentUser();
    return user === undefined ? {} : { userName: user.name };
  } catch (error) {
    // What may pass is for the queue to judge; a refusal leaves the user unknown.
    if (!(error instanceof DomainError) || errorTable[error.code].retry === 'later') throw error;
    return {};
  }
}

/** True when the CMS lists none of the publishes that it listed then: the own one may have been among those in between. */
function hasTurnedOver({ recent }: PublishMonitor, { knownLogIds }: QueueBaseline): boolean {
  return knownLogIds.length > 0 && !recent.some(({ id }) => knownLogIds.includes(id));
}

async function askWhetherDone(
  question: string,
  name: string,
  unclear: readonly PublishLog[],
  run: Work,
): Promise<boolean> {
  const [log] = unclear;
  const seen =
    log === undefined
      ? 'The CMS lists no publishes from that time any more.'
      : `The CMS shows one to ${log.targetName} by ${log.userName}, submitted ${log.submittedAt ?? 'at a time that it does not tell'}, which may be this one or another.`;
  const { [question]: answer } = await run.ask({
    [question]: {
      message: `The worker was lost while it submitted the publish of "${name}", and the CMS does not tell whether it has it. ${seen}`,
      fields: { decision: { kind: 'choice', title: 'What now?', options: ['publish_again', 'it_is_done', 'give_up'] } },
    },
  });
  const decision = answer?.accepted === true ? answer.values['decision'] : 'give_up';
  if (decision === 'publish_again') return false;
  if (decision === 'it_is_done') return true;
  throw new DomainError(
    'CONFLICT',
    `The publish of "${name}" was given up. It may have been submitted before the worker was lost: look at the publish status before you publish it again.`,
    { next: { tool: 'get_publish_status', input: {} } },
  );
}

/** The logs, oldest first for each target, that may be of a publish of this map after `queue`. */
export async function logsOfMap(
  mapId: string,
  monitor: PublishMonitor,
  queue: QueueBaseline,
  targets: MapPublish['targets'],
  { publishing }: Pick<Needs, 'publishing'>,
): Promise<readonly PublishLog[]> {
  const logs: PublishLog[] = [];
  for (const candidate of targets.flatMap(({ id }) => candidateLogs(monitor, queue, id))) {
    const log = (await publishing.log(candidate.id)) ?? candidate;
    if (speaksOf(log, mapId)) logs.push(log);
  }
  return logs;
}

/** A log that names nothing can be of any publish: then its place in the queue has told. */
function speaksOf({ entries }: PublishLog, mapId: string): boolean {
  return entries.length === 0 || entries.some(({ itemId }) => assetNumber(itemId) === assetNumber(mapId));
}

/** Operations of DITA call an asset by its number alone (`101`), all others `a/101`. */
const assetNumber = (id: string): string => id.replace(/^a\//, '');
