import type { PublishLog, PublishMonitor } from '../model/publishing.ts';

/** What the CMS's publishing queue looked like just before a publish was submitted. Plain JSON: jobs keep it. */
export type QueueBaseline = {
  readonly knownLogIds: readonly string[];
  /** Publishes that run or wait: the CMS works one after the other, so that they end before ours. */
  readonly aheadCount: number;
};

export function baselineOf(monitor: PublishMonitor): QueueBaseline {
  return {
    knownLogIds: monitor.recent.map(({ id }) => id),
    aheadCount: monitor.pendingCount + (monitor.running === undefined ? 0 : 1),
  };
}

/** True when the queue neither runs nor waits. */
export function isIdle(monitor: PublishMonitor): boolean {
  return monitor.running === undefined && monitor.pendingCount === 0;
}

/** How many of the publishes that were ahead of ours have not ended yet. */
export function publishesAhead(monitor: PublishMonitor, baseline: QueueBaseline): number {
  if (isIdle(monitor)) return 0;
  const endedCount = monitor.recent.filter(({ id }) => !baseline.knownLogIds.includes(id)).length;
  return Math.max(0, baseline.aheadCount - endedCount);
}

/**
 * The logs, oldest first, that can be the one of a publish submitted after `baseline`. The CMS gives no task id for a
 * submitted publish, so that order has to tell: the logs that were there are not ours, and neither are the next ones,
 * one per publish that was ahead. A cancelled publish may leave no log: once the queue is idle, the newest log counts,
 * because ours was the last to be submitted.
 */
export function candidateLogs(
  monitor: PublishMonitor,
  baseline: QueueBaseline,
  targetId: string,
): readonly PublishLog[] {
  const fresh = monitor.recent.filter(({ id }) => !baseline.knownLogIds.includes(id)).toReversed();
  const afterOthers = fresh.slice(baseline.aheadCount);
  const chosen = afterOthers.length === 0 && isIdle(monitor) ? fresh.slice(-1) : afterOthers;
  return chosen.filter((log) => log.targetId === targetId);
}

/** Of logs with their entries: the first that speaks of the item, else the first that failed as a whole. */
export function logOfItem(logs: readonly PublishLog[], itemId: string): PublishLog | undefined {
  return (
    logs.find(({ entries }) => entries.some((entry) => entry.itemId === itemId)) ??
    logs.find(({ error, entries }) => error !== undefined && entries.length === 0)
  );
}
