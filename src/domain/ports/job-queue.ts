import type { DomainError } from '../errors.ts';
import type { Job, JobProgress, Json, NewJob, QueueName } from '../model/job.ts';

/**
 * Durable slow work.
 *
 * Laws:
 * - Accepted means durable: when `add` answers, a crash of any process loses nothing.
 * - The same id twice is one job: the second `add` answers the first job, whatever its state, and changes nothing.
 * - At most one worker runs a job at a time. A worker that died is noticed within `leaseMs`; the job then runs again.
 *   A worker that was thought dead can no longer report progress, steps, success or failure for it.
 * - A step of `run.step(name, …)` that ended is never run again, whatever happens to the worker: its result is kept.
 *   This is what makes one effect per job id.
 * - A handler that throws an error marked `retry: 'later'` in the table (or an unknown one) runs again after
 *   `backoffMs`, doubled each time, until `attemptsMax`; any other DomainError fails the job at once.
 * - A worker lost `stalledRunsMax` times with the same job fails it (INTERNAL), so that a job that kills its worker ends.
 * - `delayMs` and `priority` are honoured; jobs of equal priority start in the order of their arrival.
 * - A cancelled queued job never starts. A running one has its signal aborted; it ends as cancelled when its handler
 *   throws, and as succeeded when it had already finished. Cancelling a final job changes nothing.
 * - Progress never falls. Final jobs are kept at least `keepSeconds`.
 */
export interface JobQueue {
  add(job: NewJob): Promise<Job>;
  /** `undefined` for an unknown id. */
  get(id: string): Promise<Job | undefined>;
  /** Newest first. */
  list(query: { readonly owner: string; readonly limit: number }): Promise<readonly Job[]>;
  /** Answers the job after the request; `undefined` for an unknown id. */
  cancel(id: string): Promise<Job | undefined>;
  /** Starts to take jobs of a queue. The handler is told everything about its run. */
  work(queue: QueueName, handler: JobHandler, options: WorkOptions): Worker;
  /** How many jobs wait, run and have failed, per queue. */
  counts(): Promise<
    Readonly<Record<QueueName, { readonly queued: number; readonly running: number; readonly failed: number }>>
  >;
  close(): Promise<void>;
}

export interface WorkOptions {
  readonly concurrency: number;
  /** A worker that has not renewed its claim for this long counts as dead. */
  readonly leaseMs: number;
  /** Told of failures that concern no job, such as a lost connection. */
  readonly onProblem: (error: unknown) => void;
}

export interface Worker {
  /** Takes no more jobs, waits up to `graceMs` for running ones, then aborts their signals and leaves them to be run again. */
  close(graceMs: number): Promise<void>;
}

/** Runs one job and answers its result. */
export type JobHandler = (run: JobRun) => Promise<Json>;

export interface JobRun {
  readonly job: Job;
  /** Aborted on cancellation, on a lost claim and on shutdown. */
  readonly signal: AbortSignal;
  /** True when somebody asked to cancel the job: distinguishes that from a shutdown. */
  cancelRequested(): boolean;
  progress(progress: JobProgress): Promise<void>;
  /** Runs `act` unless a former run of this job has ended this step; then answers the kept result. */
  step<T extends Json>(name: string, act: () => Promise<T>): Promise<T>;
}

/** How often a job may lose its worker before it counts as the cause. */
export const stalledRunsMax = 3;

/** How long final jobs are kept at least, in seconds: a week. */
export const keepSeconds = 7 * 24 * 3600;

/** What a handler may throw: everything else counts as a defect and is retried. */
export type JobFailure = DomainError;
