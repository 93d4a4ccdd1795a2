import type { ErrorReport } from '../errors.ts';

/** The queues that slow work runs in; each has its own concurrency. */
export const queueNames = ['publishing', 'cms-writes', 'reports', 'backups'] as const;
export type QueueName = (typeof queueNames)[number];

export const jobStates = ['queued', 'running', 'held', 'succeeded', 'failed', 'cancelled'] as const;
export type JobState = (typeof jobStates)[number];

/** How a job ends. */
export const finalJobStates: readonly JobState[] = ['succeeded', 'failed', 'cancelled'];

/** States that a job does not leave by itself: it has ended, or holds until a person has answered. */
export const restingJobStates: readonly JobState[] = ['held', ...finalJobStates];

/** Plain JSON: what survives a process. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** What a caller hands in. The same `id` twice is one job: the second call answers the first one's job. */
export interface NewJob {
  readonly id: string;
  readonly queue: QueueName;
  /** Which job definition runs it, such as `publish_content`. */
  readonly kind: string;
  /** The subject whose job it is: only that subject sees it. */
  readonly owner: string;
  /** Plain JSON that names things by their ids; never a secret, never content. At most `jobInputBytesMax`. */
  readonly input: Json;
  /** How often it may run in all, the first run included. */
  readonly attemptsMax: number;
  /** Wait before the second run; each further wait doubles. */
  readonly backoffMs: number;
  /** Not before this long from now. */
  readonly delayMs?: number;
  /** A whole number: 1 runs first … 10 runs last; the default is 5. */
  readonly priority?: number;
  /** Jobs that share a lane run one after the other, in whatever queue and process: for what the CMS does one at a time. */
  readonly lanes?: readonly string[];
}

/** How urgent a job is that says nothing about it, and the least urgent there is. */
export const priorityDefault = 5;
export const priorityLast = 10;

export interface Job {
  readonly id: string;
  readonly queue: QueueName;
  readonly kind: string;
  readonly owner: string;
  readonly input: Json;
  readonly lanes?: readonly string[];
  readonly state: JobState;
  readonly progress: JobProgress;
  /** Runs begun so far. */
  readonly attempts: number;
  readonly attemptsMax: number;
  readonly cancelRequested: boolean;
  /** Milliseconds since 1970. */
  readonly createdAtMs: number;
  readonly startedAtMs?: number;
  /** When it ended, or was set aside to hold. */
  readonly finishedAtMs?: number;
  /** Of a succeeded job. */
  readonly result?: Json;
  /** Of a failed or cancelled job; of one that holds, what it asks; of a queued one that waits for its next run, why the last run failed. */
  readonly error?: ErrorReport;
}

export interface JobProgress {
  /** 0 to 100, never falling. */
  readonly percent: number;
  readonly message: string;
  /** What the job has come to so far, for whoever looks before its end; of a job that failed or was cancelled, all there is. */
  readonly soFar?: Json;
}
