import { DomainError, type ErrorReport, errorTable, toDomainError } from '../errors.ts';
import { stalledRunsMax } from '../ports/job-queue.ts';

/**
 * What becomes of a job whose handler threw: the decision that every JobQueue driver follows, so that a job behaves the
 * same on each of them.
 */
export function afterFailedRun(run: FailedRun): JobTurn | { readonly next: 'gives_way' } {
  if (run.cancelRequested) return { next: 'cancelled', error: cancellationReport(run.thrown) };
  if (run.thrown instanceof GaveWay) return { next: 'gives_way' };
  const error = toDomainError(run.thrown).toJSON();
  if (error.code === 'HELD') return { next: 'held', error };
  if (!isRetried(run.thrown) || run.failedRuns >= run.attemptsMax) return { next: 'failed', error };
  return { next: 'queued', error, delayMs: nextRunDelayMs(run) };
}

/** What becomes of a job whose worker was lost: it runs again at once, unless somebody cancelled it or it is the cause. */
export function afterLostRun(run: LostRun): JobTurn {
  if (run.cancelRequested) return { next: 'cancelled', error: cancellationReport(undefined) };
  return run.lostRuns >= stalledRunsMax ? { next: 'failed', error: lostRunReport() } : { next: 'queued', delayMs: 0 };
}

/** Thrown by a long run at a place where it may stop, for those who wait: no failure, and nobody is told of it as one. */
export class GaveWay extends Error {
  constructor() {
    super('The job gave way to others and goes on in its turn.');
    this.name = 'GaveWay';
  }
}

export interface FailedRun {
  readonly thrown: unknown;
  readonly cancelRequested: boolean;
  /** Runs that ended with an error, this one included. Runs whose worker was lost or shut down do not count. */
  readonly failedRuns: number;
  readonly attemptsMax: number;
  readonly backoffMs: number;
}

export interface LostRun {
  readonly cancelRequested: boolean;
  /** How often the job lost its worker, this time included. */
  readonly lostRuns: number;
}

/** Where a job goes after a run that did not succeed; `error` is what its owner is told, a lost run tells nothing. */
export type JobTurn =
  | { readonly next: 'queued'; readonly error?: ErrorReport; readonly delayMs: number }
  | { readonly next: 'held' | 'failed' | 'cancelled'; readonly error: ErrorReport };

/** The longest wait between two runs, in milliseconds: a day. Doubling would soon pass every useful time. */
export const nextRunDelayMsMax = 24 * 3600 * 1000;

/** The wait before the next run: `backoffMs` after the first failed run, doubled after each further one. */
export function nextRunDelayMs(run: Pick<FailedRun, 'failedRuns' | 'backoffMs'>): number {
  return Math.min(run.backoffMs * 2 ** Math.min(run.failedRuns - 1, doublingsMax), nextRunDelayMsMax);
}

/** More doublings than any wait needs to reach the longest one, and few enough to stay a finite number. */
const doublingsMax = 40;

/** True for errors that the table marks `retry: 'later'`, and for everything that is no DomainError: a defect may pass. */
export function isRetried(thrown: unknown): boolean {
  return !(thrown instanceof DomainError) || errorTable[thrown.code].retry === 'later';
}

/** What the owner of a cancelled job is told: the DomainError that its handler ended with, else that it was cancelled. */
export function cancellationReport(thrown: unknown): ErrorReport {
  if (thrown instanceof DomainError) return thrown.toJSON();
  return new DomainError('CANCELLED', 'The job was cancelled before it ended.').toJSON();
}

/** What the owner of a job is told that kept losing its worker. */
export function lostRunReport(): ErrorReport {
  return new DomainError(
    'INTERNAL',
    `The job lost its worker ${stalledRunsMax} times and was set aside: it may be the cause. What it has done stays done. Do not start it anew before the operator has looked; tell the user. The operator lets it go on with "jobs retry", and the server log tells when workers were lost.`,
  ).toJSON();
}
