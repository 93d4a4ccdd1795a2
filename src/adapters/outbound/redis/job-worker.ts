import { type Job as BullJob, Worker as BullWorker, DelayedError, UnrecoverableError, WaitingError } from 'bullmq';
import { DomainError } from '../../../domain/errors.ts';
import type { Job, Json, QueueName } from '../../../domain/model/job.ts';
import { afterFailedRun, cancellationReport, nextRunDelayMs } from '../../../domain/policy/job-retry.ts';
import {
  type JobHandler,
  type JobRun,
  stalledRunsMax,
  type Worker,
  type WorkOptions,
} from '../../../domain/ports/job-queue.ts';
import type { Clock } from '../../../domain/ports/system.ts';
import type { RedisConnection } from './connection.ts';
import { gatesOf } from './job-gates.ts';
import { type JobData, jobIdOf, jobKeyOf, type RunEnding, wakeKeyIn } from './job-hash.ts';
import { createJobScripts, type HeldJob, type JobScripts } from './job-scripts.ts';
import { keys } from './keys.ts';

/**
 * Takes jobs of one queue with a worker of BullMQ, which locks them, renews the locks, repeats and ends them. What
 * BullMQ does not do is done here: hear of cancellations made in other processes, notice a lost lock, keep steps, and
 * give running jobs back when the worker closes.
 */
export function startJobWorker(parts: JobWorkerParts): Worker {
  const { queue, handler, options, clock } = parts;
  // Commands of a worker wait for Redis to come back: nobody waits for their answer but the run itself.
  const client = parts.connection.duplicateForWaiting(options.onProblem);
  const scripts = createJobScripts(client);
  const running = new Set<Run>();
  /** Jobs that are ending here without a run, by id. */
  const unrun = new Set<string>();
  let takesJobs = true;
  let closed: Promise<void> | undefined;

  const process = async (bullJob: BullJob<JobData, RunEnding>, token = ''): Promise<RunEnding> => {
    const { id, lanes } = bullJob.data;
    const gates = gatesOf(queue, lanes, options.fleet);
    const run = createRun({ queue, jobKey: jobKeyOf(id), token, gates, leaseMs: options.leaseMs });
    // BullMQ may have fetched one more job while the worker was told to stop.
    if (!takesJobs) return giveBack(bullJob, run);
    running.add(run);
    try {
      return await execute(bullJob, run);
    } finally {
      clearInterval(run.watching);
      running.delete(run);
      run.settle();
      if (run.hasPlaces) await leave(run);
    }
  };

  const leave = async (run: Run, and?: 'lanes'): Promise<void> => {
    try {
      await scripts.leaveGates(run.held, and);
    } catch (error) {
      // The worker closes while Redis is away: the places are free when their lease is over.
      options.onProblem(error);
    }
  };

  const execute = async (bullJob: BullJob<JobData, RunEnding>, run: Run): Promise<RunEnding> => {
    const { id } = bullJob.data;
    const sight = await scripts.beginRun(run.held, clock.nowMs());
    if (sight === 'cancel') {
      unrun.add(id);
      return { state: 'cancelled', error: cancellationReport(undefined) };
    }
    // The script has taken it from BullMQ's running jobs already.
    if (sight === 'parked') throw new DelayedError();
    run.hasPlaces = sight === 'go on';
    const job = sight === 'lost' ? undefined : await scripts.find(run.held.jobKey);
    if (job === undefined) throw claimLost();
    run.watching = setInterval(() => void watch(run, scripts, options), Math.min(watchMs, options.leaseMs / 4));
    try {
      return { state: 'succeeded', result: await handler(toJobRun(run, job, scripts)) };
    } catch (thrown) {
      // Whatever a handler throws is the end of its run, and the policy's to judge.
      clearInterval(run.watching);
      return await endFailed(bullJob, run, thrown);
    }
  };

  const endFailed = async (bullJob: BullJob<JobData, RunEnding>, run: Run, thrown: unknown): Promise<RunEnding> => {
    const sight = await scripts.watchRun(run.held);
    // BullMQ refuses the end of a run without its lock, whichever it is.
    if (sight === 'lost') throw claimLost();
    // A run that gave itself up while Redis was away may still have its lock: what it threw is no failure of the job.
    if ((run.isShutDown || run.isLost) && sight !== 'cancel') return giveBack(bullJob, run);
    const turn = afterFailedRun({
      thrown,
      cancelRequested: sight === 'cancel',
      failedRuns: bullJob.attemptsMade + 1,
      attemptsMax: bullJob.data.attemptsMax,
      backoffMs: backoffMsOf(bullJob),
    });
    if (turn.next === 'cancelled') return { state: 'cancelled', error: turn.error };
    if (turn.next === 'gives_way') {
      // First the places, so that whoever waits for them is woken before this job can come back for them.
      await leave(run, 'lanes');
      run.hasPlaces = false;
      if (!(await scripts.giveWay(run.held, bullJob.data.owner))) throw claimLost();
      // The script has taken it from BullMQ's running jobs already.
      throw new DelayedError();
    }
    // Before BullMQ ends the run: whoever dies in between leaves a job that runs again, not one that nobody counts.
    if (turn.next === 'held') await scripts.noteHeld(run.held, clock.nowMs());
    const reason = JSON.stringify(turn.error);
    throw turn.next === 'queued' ? new Error(reason) : new UnrecoverableError(reason);
  };

  const giveBack = async (bullJob: BullJob, run: Run): Promise<never> => {
    await bullJob.moveToWait(run.held.token);
    // BullMQ puts the job back but wakes nobody who blocks on an empty queue; without this it would wait for `drainDelay`.
    await client.zadd(wakeKeyIn(queue), 0, '0');
    throw new WaitingError();
  };

  const bullWorker = new BullWorker<JobData, RunEnding>(queue, process, {
    connection: client,
    prefix: keys.jobs,
    concurrency: options.concurrency,
    lockDuration: options.leaseMs,
    stalledInterval: Math.max(options.leaseMs / lostChecksPerLease, lostCheckMsMin),
    // BullMQ fails a job that was lost more often than this, where the port fails it at `stalledRunsMax`.
    maxStalledCount: stalledRunsMax - 1,
    settings: {
      backoffStrategy: (failedRuns, _type, _error, bullJob) =>
        bullJob === undefined ? 0 : nextRunDelayMs({ failedRuns, backoffMs: backoffMsOf(bullJob) }),
    },
  });
  bullWorker.on('error', (error) => {
    // While the connection is away it reports that itself; BullMQ would repeat it for each of its own.
    if (client.status === 'ready') options.onProblem(error);
  });

  bullWorker.on('stalled', (jobKey) => options.onLost?.(jobIdOf(jobKey)));

  const lookAfterGates = async (): Promise<void> => {
    // Commands wait for Redis to come back; they must not heap up meanwhile.
    if (client.status !== 'ready') return;
    try {
      await scripts.lookAfterGates();
    } catch (error) {
      // The next look tries again.
      options.onProblem(error);
    }
  };
  const wakeNextInLanes = ({ lanes }: Partial<JobData>): void => {
    if (lanes !== undefined) void lookAfterGates();
  };
  // Only now is the end of the run written, and with it the lanes of an ended job are free.
  bullWorker.on('completed', ({ data }) => {
    if (unrun.delete(data.id)) options.onEndedUnrun?.(data.id);
    wakeNextInLanes(data);
  });
  bullWorker.on('failed', (bullJob) => {
    // BullMQ marks a job that was lost too often, and fails it where it would have run next.
    if (bullJob?.deferredFailure) options.onEndedUnrun?.(bullJob.data.id);
    wakeNextInLanes(bullJob?.data ?? {});
  });
  const gatekeeping = setInterval(() => void lookAfterGates(), Math.min(watchMs, options.leaseMs / 4));

  const close = async (graceMs: number): Promise<void> => {
    takesJobs = false;
    clearInterval(gatekeeping);
    await bullWorker.pause(true);
    await ended(running, graceMs);
    for (const run of running) {
      run.isShutDown = true;
      run.abort.abort(new DomainError('CANCELLED', 'The worker is shutting down; the job will run again.'));
    }
    await ended(running, settleMs);
    // Handlers that do not heed their signal: their locks run out, and what they still say is not heard.
    // While Redis is away BullMQ's unforced close would not end either.
    const isForced = running.size > 0 || client.status !== 'ready';
    for (const run of running) lose(run);
    await within(bullWorker.close(isForced), closeMs);
    client.disconnect();
  };

  return {
    close: (graceMs) => {
      closed ??= close(graceMs);
      return closed;
    },
  };
}

export interface JobWorkerParts {
  readonly connection: RedisConnection;
  readonly clock: Clock;
  readonly queue: QueueName;
  readonly handler: JobHandler;
  readonly options: WorkOptions;
}

/** How often a run looks whether it was cancelled or lost its lock, in milliseconds: at most, and more often with a short lease. */
const watchMs = 500;

/** How often, in the time of a lease, workers look for jobs whose lock ran out, and the shortest pause between two looks. */
const lostChecksPerLease = 4;
const lostCheckMsMin = 50;

/** How long a closing worker waits for handlers whose signal it has aborted, and for BullMQ, in milliseconds. */
const settleMs = 1_000;
const closeMs = 3_000;

interface Run {
  readonly held: HeldJob;
  readonly abort: AbortController;
  /** When the lock was last known to be ours, on the clock of `performance.now`. */
  seenAtMs: number;
  watching: NodeJS.Timeout | undefined;
  isAsking: boolean;
  cancelRequested: boolean;
  isShutDown: boolean;
  isLost: boolean;
  /** True once it has passed its gates. */
  hasPlaces: boolean;
  /** Ends when `settle` is called, at the end of the run. */
  readonly ended: Promise<void>;
  readonly settle: () => void;
}

function createRun(held: HeldJob): Run {
  const { promise: ended, resolve: settle } = Promise.withResolvers<void>();
  return {
    held,
    abort: new AbortController(),
    seenAtMs: performance.now(),
    watching: undefined,
    isAsking: false,
    cancelRequested: false,
    isShutDown: false,
    isLost: false,
    hasPlaces: false,
    ended,
    settle,
  };
}

async function watch(run: Run, scripts: JobScripts, options: WorkOptions): Promise<void> {
  // Without Redis nobody knows who holds the lock: past its time somebody else may.
  if (performance.now() - run.seenAtMs > options.leaseMs) lose(run);
  if (run.isAsking || run.isLost) return;
  run.isAsking = true;
  const askedAtMs = performance.now();
  try {
    const sight = await scripts.watchRun(run.held);
    run.seenAtMs = askedAtMs;
    if (sight === 'lost') lose(run);
    if (sight === 'cancel' && !run.cancelRequested) cancel(run);
  } catch (error) {
    // The next look tries again.
    options.onProblem(error);
  } finally {
    run.isAsking = false;
  }
}

/**
 * What was done is kept, however long it takes: a full Redis refuses to, and doing it again would be worse than waiting.
 * Ends with the claim.
 */
async function keepTrying(run: Run, keep: () => Promise<boolean>): Promise<boolean> {
  for (;;) {
    try {
      return await keep();
    } catch (error) {
      // Only what speaks of the state of Redis passes by itself.
      if (run.isLost || !(error instanceof Error) || !passingRefusals.test(error.message)) throw error;
      await new Promise((resolve) => setTimeout(resolve, keepAgainMs));
    }
  }
}

const passingRefusals = /^(OOM|LOADING|READONLY|MISCONF|BUSY|TRYAGAIN|NOREPLICAS|MASTERDOWN) /;
const keepAgainMs = 200;

/** Lets the handler know, and answers what it is told. */
function cancel(run: Run): DomainError {
  const told = new DomainError('CANCELLED', 'The job was cancelled.');
  run.cancelRequested = true;
  run.abort.abort(told);
  return told;
}

function lose(run: Run): void {
  run.isLost = true;
  clearInterval(run.watching);
  run.abort.abort(claimLost());
}

function toJobRun(run: Run, job: Job, scripts: JobScripts): JobRun {
  const held = (isHeld: boolean): void => {
    if (isHeld && !run.isLost) return;
    lose(run);
    throw claimLost();
  };
  return {
    job,
    signal: run.abort.signal,
    cancelRequested: () => run.cancelRequested,
    progress: async (progress) => held(!run.isLost && (await scripts.progress(run.held, progress))),
    step: async <T extends Json>(name: string, act: () => Promise<T>): Promise<T> => {
      held(!run.isLost);
      const step = await scripts.findStep(run.held, name);
      // The same step of the same handler wrote it.
      if (step.found === 'kept') return step.result as T;
      if (step.found === 'cancelled') throw cancel(run);
      held(step.found === 'nothing');
      const result = await act();
      held(!run.isLost && (await keepTrying(run, () => scripts.keepStep(run.held, name, result))));
      return result;
    },
  };
}

function claimLost(): DomainError {
  return new DomainError('CANCELLED', 'This run of the job was given up: another worker may have taken it over.');
}

/** The wait that `add` gave BullMQ with the job. */
function backoffMsOf(bullJob: Pick<BullJob, 'opts'>): number {
  const { backoff } = bullJob.opts;
  return typeof backoff === 'object' ? (backoff.delay ?? 0) : 0;
}

/** Ends when every run has ended, or after `timeoutMs`. */
async function ended(running: ReadonlySet<Run>, timeoutMs: number): Promise<void> {
  if (running.size > 0) await within(Promise.all([...running].map((run) => run.ended)), timeoutMs);
}

/** Ends when `work` ends, or after `timeoutMs`: closing must not hang on a Redis that is away. */
async function within(work: Promise<unknown>, timeoutMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, timeoutMs);
  });
  await Promise.race([timeout, work]);
  clearTimeout(timer);
}
