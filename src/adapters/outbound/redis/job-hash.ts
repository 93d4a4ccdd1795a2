import type { ErrorReport } from '../../../domain/errors.ts';
import {
  type Job,
  type JobState,
  type Json,
  type NewJob,
  type QueueName,
  queueNames,
} from '../../../domain/model/job.ts';
import { cancellationReport, lostRunReport } from '../../../domain/policy/job-retry.ts';
import { keys } from './keys.ts';

/**
 * A job is one hash, the one that BullMQ keeps for it: BullMQ's own fields and, beside them, ours, which begin with
 * `igx:`. So both come and go together.
 */
export const ownFields = {
  runs: 'igx:runs',
  /** The token of the run that holds the job's places: another one must not give them up. */
  token: 'igx:token',
  startedAtMs: 'igx:started-at-ms',
  cancelledAtMs: 'igx:cancelled-at-ms',
  percent: 'igx:percent',
  message: 'igx:message',
  soFar: 'igx:so-far',
  /** The kept result of a step, as JSON. */
  step: (name: string) => `igx:step:${name}`,
} as const;

/** What BullMQ keeps as the data of a job. Everything else of a NewJob is in its options. */
export interface JobData {
  readonly id: string;
  readonly owner: string;
  readonly input: Json;
  readonly attemptsMax: number;
  readonly lanes?: readonly string[];
}

/** A NewJob together with the time of its arrival: what `add` hands to BullMQ, now or after a crash. */
export interface AcceptedJob extends NewJob {
  readonly createdAtMs: number;
}

/**
 * BullMQ starts jobs in the order of one number, so that holds both: how urgent a job is and, within that, its turn
 * among those of all owners. BullMQ allows 2^21; past the last turn a queue serves in the order of arrival until it is
 * empty, which begins a new count.
 */
export const turnsPerPriority = 200_000;

export function bullPriorityOf(priority: number, turn: number): number {
  return (priority - 1) * turnsPerPriority + turn;
}

/** What a run answers to BullMQ: a cancelled job has completed there, so that its failed jobs are the failed ones. */
export type RunEnding =
  | { readonly state: 'succeeded'; readonly result: Json }
  | { readonly state: 'cancelled'; readonly error: ErrorReport };

/** BullMQ refuses ids that hold a colon or are whole numbers; this form of an id is neither. */
export function jobKeyOf(id: string): string {
  return `j-${encodeURIComponent(id)}`;
}

/** What `jobKeyOf` was given. */
export function jobIdOf(jobKey: string): string {
  return decodeURIComponent(jobKey.slice('j-'.length));
}

/** The keys of BullMQ that the scripts need for one job; `jobKey` is what `jobKeyOf` made of its id. */
export function jobKeysIn(queue: QueueName, jobKey: string) {
  const prefix = `${keys.jobs}:${queue}`;
  const hash = `${prefix}:${jobKey}`;
  return {
    hash,
    lock: `${hash}:lock`,
    active: `${prefix}:active`,
    completed: `${prefix}:completed`,
    failed: `${prefix}:failed`,
    held: heldKeyIn(queue),
  };
}

/**
 * The jobs that hold, for counting: BullMQ has them among its failed ones, with HELD as their reason. An entry may be
 * there a moment before that, and may outlast it.
 */
export function heldKeyIn(queue: QueueName): string {
  return `${keys.jobs}:${queue}:held`;
}

/** Where BullMQ keeps the jobs of each state; cancelled jobs are among the completed ones, held ones among the failed. */
export const placesOfState: Readonly<Record<JobState, readonly BullPlace[]>> = {
  queued: ['wait', 'prioritized', 'delayed'],
  running: ['active'],
  held: ['failed'],
  succeeded: ['completed'],
  failed: ['failed'],
  cancelled: ['completed'],
};

type BullPlace = 'wait' | 'prioritized' | 'delayed' | 'active' | 'completed' | 'failed';

/** Where a job may wait in BullMQ: one list and two sorted sets. */
export function waitingKeysIn(queue: QueueName) {
  const prefix = `${keys.jobs}:${queue}`;
  return { list: `${prefix}:wait`, sets: [`${prefix}:prioritized`, `${prefix}:delayed`] };
}

/** Numbers the jobs of one priority. */
export function counterKeyIn(queue: QueueName): string {
  return `${keys.jobs}:${queue}:pc`;
}

/** The key that wakes workers which block on an empty queue. */
export function wakeKeyIn(queue: QueueName): string {
  return `${keys.jobs}:${queue}:marker`;
}

/** The fields that a Job is made of, in the order in which `toJob` takes them. */
export const readFields = [
  ...['name', 'data', 'timestamp', 'finishedOn', 'returnvalue', 'failedReason'],
  ...[ownFields.runs, ownFields.startedAtMs, ownFields.cancelledAtMs, ownFields.percent, ownFields.message],
  ownFields.soFar,
];

/** Makes a Job of what the script `findJob` answered. */
export function toJob(found: FoundJob): Job {
  const [
    kind,
    data,
    timestamp,
    finishedOn,
    returnvalue,
    failedReason,
    runs,
    startedAtMs,
    cancelledAtMs,
    percent,
    message,
    soFar,
  ] = found.fields;
  // BullMQ keeps the data that `add` gave it.
  const { id, owner, input, attemptsMax, lanes } = JSON.parse(data ?? '{}') as JobData;
  const isCancelled = isText(cancelledAtMs);
  const ending = endingOf({ finishedOn, returnvalue, failedReason, cancelledAtMs, isActive: found.isActive });
  return {
    id,
    queue: found.queue,
    kind: kind ?? '',
    owner,
    input,
    attemptsMax,
    ...(lanes === undefined ? {} : { lanes }),
    state: ending.state,
    progress: {
      percent: Number(percent ?? 0),
      message: message ?? '',
      // The script `progress` wrote it.
      ...(isText(soFar) ? { soFar: JSON.parse(soFar) as Json } : {}),
    },
    attempts: Number(runs ?? 0),
    cancelRequested: isCancelled,
    createdAtMs: Number(timestamp),
    ...(isText(startedAtMs) ? { startedAtMs: Number(startedAtMs) } : {}),
    ...(ending.finishedAtMs === undefined ? {} : { finishedAtMs: Number(ending.finishedAtMs) }),
    ...(ending.result === undefined ? {} : { result: ending.result }),
    ...(ending.error === undefined ? {} : { error: ending.error }),
  };
}

export interface FoundJob {
  readonly queue: QueueName;
  readonly isActive: boolean;
  readonly fields: readonly (string | null)[];
}

/** The queue at a place of the table; scripts answer places, because Redis knows only our key names. */
export function queueAt(place: number): QueueName {
  const queue = queueNames[place];
  if (queue === undefined) throw new RangeError(`There is no queue ${place}.`);
  return queue;
}

type Field = string | null | undefined;

interface JobEnding {
  readonly state: JobState;
  readonly finishedAtMs?: string;
  readonly result?: Json;
  readonly error?: ErrorReport;
}

function endingOf(fields: {
  readonly finishedOn: Field;
  readonly returnvalue: Field;
  readonly failedReason: Field;
  readonly cancelledAtMs: Field;
  readonly isActive: boolean;
}): JobEnding {
  const { finishedOn, returnvalue, failedReason, cancelledAtMs, isActive } = fields;
  if (isText(finishedOn)) {
    if (isText(returnvalue)) {
      // Only runs and the script `cancelJob` write it, and both write a RunEnding.
      return { finishedAtMs: finishedOn, ...(JSON.parse(returnvalue) as RunEnding) };
    }
    // A job that fails although it was to be cancelled: its handler threw just then, or its worker was lost.
    const error = toReport(failedReason);
    const state = isText(cancelledAtMs) ? 'cancelled' : error.code === 'HELD' ? 'held' : 'failed';
    return { state, finishedAtMs: finishedOn, error };
  }
  if (isActive) return { state: 'running' };
  if (isText(cancelledAtMs)) {
    // It waits for another run that `beginRun` will refuse.
    return { state: 'cancelled', finishedAtMs: cancelledAtMs, error: cancellationReport(undefined) };
  }
  return isText(failedReason) ? { state: 'queued', error: toReport(failedReason) } : { state: 'queued' };
}

/** Runs write an ErrorReport as their reason; BullMQ writes words of its own when a job lost its worker too often. */
function toReport(failedReason: Field): ErrorReport {
  if (!failedReason?.startsWith('{')) return lostRunReport();
  // Only a run of ours writes a reason that begins so.
  return JSON.parse(failedReason) as ErrorReport;
}

function isText(field: Field): field is string {
  return typeof field === 'string';
}
