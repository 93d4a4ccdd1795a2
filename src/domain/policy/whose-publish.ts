import type { PublishLog } from '../model/publishing.ts';
import { cmsTimeMs } from './cms-time.ts';

/** What a job knows of the publish that it may have submitted before it lost its worker. */
export interface PublishFacts {
  /** When it was about to submit, each time. */
  readonly triedAtMs: readonly number[];
  /** Logs that other jobs have found to be theirs. */
  readonly claimedLogIds: readonly string[];
  /** The CMS user that it runs as; absent where the CMS does not tell. */
  readonly userName?: string;
  readonly nowMs: number;
}

/**
 * Whether a log of the right item and target is that of the job's own publish. A submitted publish carries nothing of
 * ours, neither an id nor a comment, so that its time, its user and what others claim have to tell. Pure.
 */
export function whosePublish(log: PublishLog, facts: PublishFacts): 'own' | 'other' | 'unclear' {
  if (facts.claimedLogIds.includes(log.id)) return 'other';
  const submittedMs = certainTimeMs(log.submittedAt);
  if (submittedMs !== undefined && !facts.triedAtMs.some((triedMs) => isNear(submittedMs, triedMs))) return 'other';
  if (facts.userName !== undefined && log.userName !== '' && log.userName !== facts.userName) return 'unclear';
  // While the job was set aside anybody could publish.
  if (submittedMs === undefined && !facts.triedAtMs.some((triedMs) => isNear(facts.nowMs, triedMs))) return 'unclear';
  return 'own';
}

/** A call that submits, and two clocks that differ, are within this. */
export const nearMs = 10 * 60_000;

const isNear = (ms: number, triedMs: number): boolean => Math.abs(ms - triedMs) <= nearMs;

/** A time without an offset is of a zone that the CMS does not tell, so that it proves nothing. */
function certainTimeMs(text: string | undefined): number | undefined {
  return text !== undefined && /(?:Z|[+-]\d\d:?\d\d)$/.test(text.trim()) ? cmsTimeMs(text) : undefined;
}
