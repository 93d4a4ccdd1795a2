import { DomainError } from '../../domain/errors.ts';
import type { PublishLog } from '../../domain/model/publishing.ts';
import type { Ports } from '../../domain/ports/index.ts';
import { pause } from './pause.ts';

/** True while web servers still get what the publish has made. */
export function isCopying({ replication }: PublishLog): boolean {
  return replication !== undefined && replication.completedAt === undefined && !replication.isStopped;
}

/**
 * Follows the copies to the web servers until those of all logs have ended, or the time is up.
 *
 * @returns the logs as they are then, in their order.
 */
export async function followCopies(
  logs: readonly PublishLog[],
  waitMsMax: number,
  { publishing }: Pick<Ports, 'publishing'>,
  watched: { readonly signal: AbortSignal; readonly onProgress: (message: string) => Promise<void> },
): Promise<readonly PublishLog[]> {
  let now = logs;
  let pollMs = pollMsMin;
  for (let waitedMs = 0; now.some(isCopying) && waitedMs < waitMsMax; waitedMs += pollMs) {
    pollMs = Math.min(pollMs * 1.3, pollMsMax);
    const { replicating } = await publishing.monitor();
    const copies = replicating.map(({ targetName, percent }) => `${targetName} ${percent} %`);
    await watched.onProgress(`Copying to the web servers${copies.length === 0 ? '' : `: ${copies.join(', ')}`}`);
    await pause(pollMs, watched.signal);
    now = await Promise.all(now.map(async (log) => (isCopying(log) ? ((await publishing.log(log.id)) ?? log) : log)));
  }
  return now;
}

const pollMsMin = 400;
const pollMsMax = 3_000;

/** What stopped the copies of a target, in the words of the CMS, where this user may know. */
export async function copyProblem(targetId: string, { health }: Pick<Ports, 'health'>): Promise<string | undefined> {
  try {
    for (const { id, name } of await health.replicationTargets(targetId)) {
      const log = await health.replicationLog(id);
      if (log?.error !== undefined) return `${name}: ${log.error}`;
      if (log?.cancelled === true) return `${name}: cancelled by a user`;
    }
    return undefined;
  } catch (error) {
    // Only administrators of the CMS may read it; everybody is told that it stopped.
    if (error instanceof DomainError) return undefined;
    throw error;
  }
}
