import type { DomainError } from '../errors.ts';
import type { Job, JobProgress, JobState, Json, NewJob, QueueName } from '../model/job.ts';

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
 *   `backoffMs`, doubled each time, until `attemptsMax`; any other DomainError fails the job at once, but for HELD.
 * - A handler that throws HELD sets the job aside as `held`, with what it asks: it takes no place and starts by itself
 *   never again. `retry` puts it back as it does a failed one, and `cancel` ends it.
 * - A handler that throws `GaveWay` leaves its place and its lanes to others: the job takes a new turn, behind every
 *   owner that waits now in whatever queue, keeps its ended steps, and the run counts neither as failed nor as lost.
 * - A worker lost `stalledRunsMax` times with the same job fails it (INTERNAL), so that a job that kills its worker ends.
 * - Of each run whose worker was lost one worker is told, the one that noticed it, whatever becomes of the job. Of a job
 *   that a worker has then ended without a run, as failed or cancelled, that worker is told too, once the end is written.
 * - `delayMs` and `priority` are honoured. Jobs of equal priority are started owner by owner in turn, those of one owner
 *   in the order of their arrival: a thousand jobs of one owner do not hold up the single job of another.
 * - Of the jobs that share one of their `lanes` one runs at a time, over all queues and processes. The others wait
 *   without taking a place. Whoever has begun keeps its lanes until it has ended, between its runs too: what it began
 *   with the CMS is its own to find and to finish. A job that is set aside or gave way has left them, and waits for them anew.
 * - At most `fleet.all` jobs run at a time over all queues and processes, and at most `fleet.queue` of this queue. The
 *   places of a worker that died are free again within its `leaseMs`.
 * - A cancelled queued job never starts. A running one has its signal aborted, and begins no further step; it ends as
 *   cancelled when its handler throws, and as succeeded when it had already finished. Cancelling a final job changes
 *   nothing.
 * - A failed job is set aside with its reason. `retry` puts it back with its ended steps and a fresh count of attempts,
 *   and changes nothing on any other job but one that holds.
 * - An input over `jobInputBytesMax` is refused with TOO_LARGE, and nothing is added.
 * - Progress never falls. Its `soFar` stays until another one is given, whatever becomes of the job.
 * - Final jobs and those that hold are kept at least `keepSeconds`, unless more than `keptJobsMax` of their queue and
 *   state have ended since; there `held` and `failed` may count as one.
 */
export interface JobQueue {
  add(job: NewJob): Promise<Job>;
  /** `undefined` for an unknown id. */
  get(id: string): Promise<Job | undefined>;
  /** Newest first. */
  list(query: JobQuery): Promise<readonly Job[]>;
  /** Answers the job after the request; `undefined` for an unknown id. */
  cancel(id: string): Promise<Job | undefined>;
  /** Runs a failed or held job again and answers it; `undefined` for an unknown id. */
  retry(id: string): Promise<Job | undefined>;
  /** Starts to take jobs of a queue. The handler is told everything about its run. */
  work(queue: QueueName, handler: JobHandler, options: WorkOptions): Worker;
  /** How many jobs wait, run, hold and have failed, per queue. */
  counts(): Promise<Readonly<Record<QueueName, JobCounts>>>;
  close(): Promise<void>;
}

/** The jobs of one queue that somebody may still have to do something about, by state. */
export type JobCounts = Readonly<Record<'queued' | 'running' | 'held' | 'failed', number>>;

/** Which jobs a list holds: those that fit everything that is given. */
export interface JobQuery {
  readonly owner?: string;
  readonly queue?: QueueName;
  readonly states?: readonly JobState[];
  readonly limit: number;
}

export interface WorkOptions {
  /** How many jobs this worker runs at a time. */
  readonly concurrency: number;
  /** How many jobs all workers of all processes run at a time: of all queues, and of this one. */
  readonly fleet: { readonly all: number; readonly queue: number };
  /** A worker that has not renewed its claim for this long counts as dead. */
  readonly leaseMs: number;
  /** Told of failures that concern no job, such as a lost connection. */
  readonly onProblem: (error: unknown) => void;
  /** Told of each run of another worker that this one noticed to be lost, by the id of its job. */
  readonly onLost?: (jobId: string) => void;
  /** Told of each job that this worker has ended without a run, by its id: no handler will hear of it. */
  readonly onEndedUnrun?: (jobId: string) => void;
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

/** How many final jobs of one queue and state are kept at most. */
export const keptJobsMax = 10_000;

/** What a handler may throw: everything else counts as a defect and is retried. */
export type JobFailure = DomainError;
