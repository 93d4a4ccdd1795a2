import { DomainError } from '../../../domain/errors.ts';
import type { Job, Json, QueueName } from '../../../domain/model/job.ts';
import type { JobHandler, JobRun, Worker, WorkOptions } from '../../../domain/ports/job-queue.ts';
import type { Clock, IdSource } from '../../../domain/ports/system.ts';
import type { HeldJob, JobRows } from './job-rows.ts';

/**
 * Takes jobs of one queue and runs them. Everything happens on one beat: renew the claims, see who was cancelled, take
 * jobs from lost workers, start what is due. A beat that fails is reported and the next one tries again.
 */
export function startJobWorker(parts: JobWorkerParts): JobWorker {
  const { rows, clock, ids, queue, handler, options } = parts;
  const running = new Set<Run>();
  let takesJobs = true;
  let forgetsAtMs = 0;
  let closed: Promise<void> | undefined;

  const beat = (): void => {
    for (const run of running) watch(run, rows, options);
    if (!takesJobs) return;
    try {
      for (const { id, hasEnded } of rows.recoverLost(queue)) {
        options.onLost?.(id);
        if (hasEnded) options.onEndedUnrun?.(id);
      }
      while (takesJobs && running.size < options.concurrency && start()) {
        // `start` takes one job; the loop ends when nothing is due or every place is taken.
      }
      if (clock.nowMs() >= forgetsAtMs) {
        rows.forgetOld();
        forgetsAtMs = clock.nowMs() + forgetEveryMs;
      }
    } catch (error) {
      // The storage cannot be used: that concerns no single job.
      options.onProblem(error);
    }
  };

  const start = (): boolean => {
    const claim = ids.id('claim');
    const job = rows.claim(queue, claim, options);
    if (job === undefined) return false;
    const run = createRun({ id: job.id, claim });
    running.add(run);
    run.ended = execute(run, job, rows, handler, options).finally(() => {
      running.delete(run);
      // Not at once: a queue full of quick jobs must leave the process time for everything else.
      parts.onPlaceFree();
    });
    return true;
  };

  const close = async (graceMs: number): Promise<void> => {
    takesJobs = false;
    await ended(running, graceMs);
    for (const run of running) {
      run.isShutDown = true;
      run.abort.abort(new DomainError('CANCELLED', 'The worker is shutting down; the job will run again.'));
    }
    await ended(running, settleMs);
    // Handlers that do not heed their signal: their claims run out, and what they still say is not heard.
    for (const run of running) run.isLost = true;
    clearInterval(timer);
  };

  const timer = setInterval(beat, Math.min(parts.pollMs, options.leaseMs / renewalsPerLease));
  setImmediate(beat);

  return {
    wake: () => setImmediate(beat),
    close: (graceMs) => {
      closed ??= close(graceMs);
      return closed;
    },
  };
}

export interface JobWorker extends Worker {
  /** Looks for work and for cancelled jobs now, rather than at the next beat. */
  wake(): void;
}

export interface JobWorkerParts {
  readonly rows: JobRows;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly pollMs: number;
  readonly queue: QueueName;
  readonly handler: JobHandler;
  readonly options: WorkOptions;
  /** Told when a run has ended. */
  readonly onPlaceFree: () => void;
}

/** A claim is renewed this often in its time, so that two renewals may fail before it is lost. */
const renewalsPerLease = 4;

/** How long a closing worker waits for handlers whose signal it has aborted, in milliseconds. */
const settleMs = 1_000;

/** How often jobs past their keeping time are removed, in milliseconds: ten minutes. */
const forgetEveryMs = 600_000;

interface Run {
  readonly held: HeldJob;
  readonly abort: AbortController;
  /** When the claim was last known to be ours, on the clock of `performance.now`. */
  renewedAtMs: number;
  cancelRequested: boolean;
  isShutDown: boolean;
  isLost: boolean;
  ended: Promise<void>;
}

function createRun(held: HeldJob): Run {
  return {
    held,
    abort: new AbortController(),
    renewedAtMs: performance.now(),
    cancelRequested: false,
    isShutDown: false,
    isLost: false,
    ended: Promise.resolve(),
  };
}

function watch(run: Run, rows: JobRows, options: WorkOptions): void {
  if (run.isLost) return;
  try {
    const seen = rows.watch(run.held);
    if (seen === 'cancel' && !run.cancelRequested) cancel(run);
    const isDue = performance.now() - run.renewedAtMs >= options.leaseMs / renewalsPerLease;
    if (seen === 'lost' || (isDue && !rows.renew(run.held, options.leaseMs))) lose(run);
    else if (isDue) run.renewedAtMs = performance.now();
  } catch (error) {
    options.onProblem(error);
    // Without the storage nobody knows who holds the claim: past its time somebody else may.
    if (performance.now() - run.renewedAtMs > options.leaseMs) lose(run);
  }
}

/** Lets the handler know, and answers what it is told. */
function cancel(run: Run): DomainError {
  const told = new DomainError('CANCELLED', 'The job was cancelled.');
  run.cancelRequested = true;
  run.abort.abort(told);
  return told;
}

function lose(run: Run): void {
  run.isLost = true;
  run.abort.abort(claimLost());
}

async function execute(run: Run, job: Job, rows: JobRows, handler: JobHandler, options: WorkOptions): Promise<void> {
  const ending = await callHandler(handler, toJobRun(run, job, rows));
  if (run.isLost) return;
  try {
    if ('result' in ending) rows.succeed(run.held, ending.result);
    else if (run.isShutDown && !run.cancelRequested) rows.release(run.held);
    else rows.fail(run.held, ending.thrown);
  } catch (error) {
    // The end could not be written: the claim runs out and the job runs again, without the steps that it has ended.
    options.onProblem(error);
  }
}

async function callHandler(
  handler: JobHandler,
  run: JobRun,
): Promise<{ readonly result: string } | { readonly thrown: unknown }> {
  try {
    return { result: JSON.stringify(await handler(run)) };
  } catch (thrown) {
    // Whatever a handler throws is the end of its run, and the policy's to judge.
    return { thrown };
  }
}

function toJobRun(run: Run, job: Job, rows: JobRows): JobRun {
  const held = (isHeld: boolean): void => {
    if (isHeld && !run.isLost) return;
    lose(run);
    throw claimLost();
  };
  return {
    job,
    signal: run.abort.signal,
    cancelRequested: () => run.cancelRequested,
    progress: async (progress) => held(!run.isLost && rows.progress(run.held, progress)),
    step: async <T extends Json>(name: string, act: () => Promise<T>): Promise<T> => {
      held(!run.isLost);
      const step = rows.findStep(run.held, name);
      // The same step of the same handler wrote it.
      if (step.found === 'kept') return step.result as T;
      held(step.found === 'nothing');
      // The safe point: what is done stays done, and nothing further begins.
      if (rows.watch(run.held) === 'cancel') throw cancel(run);
      const result = await act();
      held(!run.isLost && rows.keepStep(run.held, name, result));
      return result;
    },
  };
}

function claimLost(): DomainError {
  return new DomainError('CANCELLED', 'This run of the job was given up: another worker may have taken it over.');
}

/** Ends when every run has ended, or after `timeoutMs`. */
async function ended(running: ReadonlySet<Run>, timeoutMs: number): Promise<void> {
  if (running.size === 0) return;
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, timeoutMs);
  });
  await Promise.race([timeout, Promise.all([...running].map((run) => run.ended))]);
  clearTimeout(timer);
}
