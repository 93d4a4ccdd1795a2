import { recordJobEnd } from '../../../application/audit/record-job-end.ts';
import { refuseLockdown } from '../../../application/authorization/refuse-lockdown.ts';
import type { Call } from '../../../application/call.ts';
import type { AnyJob, Work } from '../../../application/define-job.ts';
import type { AnyTask } from '../../../application/define-task.ts';
import { askWithin } from '../../../application/following/ask.ts';
import { holdIfPaused } from '../../../application/following/pauses.ts';
import { storedJob } from '../../../application/jobs/start-job.ts';
import type { Runtime } from '../../../application/pipeline/flow.ts';
import { createRunTask, type RunTask } from '../../../application/pipeline/run-task.ts';
import { DomainError, toDomainError } from '../../../domain/errors.ts';
import type { DomainEvent } from '../../../domain/events.ts';
import { finalJobStates, type Job, type Json, type QueueName, queueNames } from '../../../domain/model/job.ts';
import { GaveWay } from '../../../domain/policy/job-retry.ts';
import type { JobQueue, JobRun } from '../../../domain/ports/job-queue.ts';
import { startScheduleClock } from './schedule-clock.ts';

export interface ConsumerOptions {
  readonly runtime: Runtime;
  readonly jobs: readonly AnyJob[];
  /** The tasks that jobs make calls of. */
  readonly tasks: readonly AnyTask[];
  /** How many jobs all workers of all processes run at a time: what the CMS is asked to bear. */
  readonly jobsMax: number;
  /** A worker that has not renewed its claim for this long counts as dead. */
  readonly leaseMs: number;
  /** A run that lasts longer gives way to those who wait, at its next safe point; the default is `turnMsDefault`. */
  readonly turnMs?: number;
  /** Told of failures that concern no job: a lost connection, an event that could not be told. */
  readonly onProblem: (error: unknown) => void;
  /** Told of each job whose worker was noticed to be lost. */
  readonly onLost?: (job: { readonly queue: QueueName; readonly jobId: string }) => void;
}

export interface Consumer {
  /** Takes no more jobs, waits up to `graceMs` for running ones, then leaves them to be run again. */
  close(graceMs: number): Promise<void>;
}

/** Takes jobs of every queue, runs them in the name of whoever started them, and keeps the time for schedules. */
export function startConsumer(options: ConsumerOptions): Consumer {
  const { runtime, jobsMax, leaseMs, turnMs = turnMsDefault, onProblem } = options;
  const definitions = new Map(options.jobs.map((definition) => [definition.kind, definition]));
  const tasks = new Map(options.tasks.map((task) => [task.name, task]));
  const runTask = createRunTask(runtime);
  const closing = new AbortController();
  const endings = new Set<Promise<void>>();

  const tell = async (events: readonly DomainEvent[]): Promise<void> => {
    try {
      await runtime.events.publish(events);
    } catch (error) {
      // A lost event means that others see old state for a while; the work itself stands.
      onProblem(error);
    }
  };
  const tellState = ({ id, owner }: Job, state: Job['state']): Promise<void> =>
    tell([{ type: 'job_changed', jobId: id, owner, state }]);

  /** The queue writes how a run ended after the handler has; only then is there anything to see. */
  const tellEnd = async (job: Job): Promise<void> => {
    try {
      for (let pollMs = endPollMsMin; pollMs <= endPollMsMax; pollMs *= 2) {
        const now = await runtime.ports.jobs.get(job.id);
        if (now === undefined) return;
        if (now.state !== 'running' || now.attempts > job.attempts) {
          await tellState(now, now.state);
          // A later run tells its own end.
          if (now.attempts === job.attempts) await recordEnd(now);
          return;
        }
        if (closing.signal.aborted) return;
        await wait(pollMs, closing.signal);
      }
    } catch (error) {
      // The job's end is stored; only its news is lost.
      onProblem(error);
    }
  };

  const recordEnd = async (job: Job): Promise<void> => {
    if (finalJobStates.includes(job.state)) runtime.observer.jobEnded(job);
    await recordJobEnd(job, runtime);
  };

  /** A job that ended because its workers were lost has no run that tells its end. */
  const tellEndUnrun = async (jobId: string): Promise<void> => {
    try {
      const job = await runtime.ports.jobs.get(jobId);
      if (job === undefined) return;
      await tellState(job, job.state);
      await recordEnd(job);
    } catch (error) {
      // The job's end is stored; only its news is lost.
      onProblem(error);
    }
  };

  const track = (telling: Promise<void>): void => {
    const ending = telling.finally(() => endings.delete(ending));
    endings.add(ending);
  };

  const handle = async (run: JobRun): Promise<Json> => {
    await tellState(run.job, 'running');
    try {
      return await runJob(run, definitions.get(run.job.kind), { runtime, runTask, tasks, tell, turnMs });
    } finally {
      track(tellEnd(run.job));
    }
  };

  const workers = queueNames.map((queue) =>
    runtime.ports.jobs.work(queue, handle, {
      // Any process may take every place: how many there are is for the fleet to bound.
      concurrency: shareOf[queue](jobsMax),
      fleet: { all: jobsMax, queue: shareOf[queue](jobsMax) },
      leaseMs,
      onProblem,
      onLost: (jobId) => options.onLost?.({ queue, jobId }),
      onEndedUnrun: (jobId) => track(tellEndUnrun(jobId)),
    }),
  );
  const scheduleClock = startScheduleClock({ runtime, onProblem });
  return {
    async close(graceMs) {
      await scheduleClock.close();
      await Promise.all(workers.map((worker) => worker.close(graceMs)));
      closing.abort();
      await Promise.all(endings);
    },
  };
}

/** In milliseconds: what a single job waits at most for long ones, and long enough to be worth the start of a run. */
const turnMsDefault = 10_000;

/** How many places one queue may take: reports and backups last long, and must leave some for those who write. */
const shareOf: Readonly<Record<QueueName, (jobsMax: number) => number>> = {
  publishing: (jobsMax) => jobsMax,
  'cms-writes': (jobsMax) => jobsMax,
  reports: (jobsMax) => Math.ceil(jobsMax / 2),
  backups: () => 1,
};

/** Whose jobs change the CMS. */
const writes: Readonly<Record<QueueName, boolean>> = {
  publishing: true,
  'cms-writes': true,
  reports: false,
  backups: false,
};

/** Waits for the end of a run to be written: from 5 ms to 1.3 s, about 2.5 s in all. */
const endPollMsMin = 5;
const endPollMsMax = 1_280;

interface RunParts {
  readonly runtime: Runtime;
  readonly runTask: RunTask;
  readonly tasks: ReadonlyMap<string, AnyTask>;
  readonly tell: (events: readonly DomainEvent[]) => Promise<void>;
  readonly turnMs: number;
}

/** A long run looks this often, in milliseconds, whether others have come to wait. */
const lookAgainMs = 1_000;

async function othersWait(jobs: JobQueue): Promise<boolean> {
  return Object.values(await jobs.counts()).some(({ queued }) => queued > 0);
}

/**
 * A cancelled job stops at its next safe point, and what it has sent to the CMS by then is waited for: a write that is cut
 * off has an outcome that nobody knows. A run that is given up for another reason ends at once.
 */
function signalOfWrites(run: JobRun): AbortSignal {
  const calls = new AbortController();
  const end = (): void => {
    if (!run.cancelRequested()) calls.abort(run.signal.reason);
  };
  if (run.signal.aborted) end();
  run.signal.addEventListener('abort', end, { once: true });
  return calls.signal;
}

/** Runs one job as its owner. Throws what the queue has to know. */
async function runJob(
  run: JobRun,
  definition: AnyJob | undefined,
  { runtime, runTask, tasks, tell, turnMs }: RunParts,
): Promise<Json> {
  const { job } = run;
  if (definition === undefined) {
    throw new DomainError('INTERNAL', `This version of the server knows no work of the kind "${job.kind}".`);
  }
  const stored = storedJob.safeParse(job.input);
  const input = definition.input.safeParse(stored.data?.input);
  if (!stored.success || !input.success) {
    throw new DomainError('INTERNAL', 'The job was stored in a form that this version of the server does not know.', {
      cause: stored.error ?? input.error,
    });
  }
  const { principal, requestId } = stored.data;
  const request = { principal, requestId, signal: run.signal };
  const facts = { name: `job:${job.kind}`, effect: 'destructive' as const };
  const { observer, ports, connector } = runtime;
  return observer.task(facts, request, async () => {
    const startMs = ports.clock.nowMs();
    /** Between its steps, too, a job that writes stops for a lockdown; it goes on when that is lifted. */
    const refuseWrites = async (): Promise<void> => {
      if (writes[definition.queue]) await refuseLockdown(runtime.lockdown);
    };
    let telling = Promise.resolve();
    const call: Call = {
      ...request,
      emit: (event) => {
        telling = telling.then(() => tell([event]));
      },
      progress: () => undefined,
      started: () => undefined,
    };
    const ask = askWithin(run, ports.records);
    let givesWayAtMs = startMs + turnMs;
    const signal = writes[definition.queue] ? signalOfWrites(run) : run.signal;
    const reporting: Work = {
      job,
      signal: run.signal,
      cancelRequested: () => run.cancelRequested(),
      step: async (name, act) => {
        await refuseWrites();
        return run.step(name, act);
      },
      ask,
      perform: async (name, given) => {
        const task = tasks.get(name);
        if (task === undefined) throw new DomainError('INTERNAL', `This version of the server has no task "${name}".`);
        // Counted when it was asked for; the job's id makes it one call, however often it is made.
        const { output } = await runTask(task, given, {
          ...request,
          signal,
          idempotencyKey: job.id,
          isCounted: true,
          ask,
        });
        return output;
      },
      safePoint: async () => {
        run.signal.throwIfAborted();
        await holdIfPaused(job.id, ports.records, ask);
        const nowMs = ports.clock.nowMs();
        if (nowMs < givesWayAtMs) return;
        givesWayAtMs = nowMs + lookAgainMs;
        if (await othersWait(ports.jobs)) throw new GaveWay();
      },
      progress: async (progress) => {
        await run.progress(progress);
        await tell([{ type: 'job_changed', jobId: job.id, owner: job.owner, state: 'running' }]);
      },
    };
    try {
      await refuseWrites();
      const gateway = connector.as(principal, { signal, allowStale: false });
      const answer = await definition.execute(input.data, { ...ports, ...gateway }, reporting, call);
      const output = definition.output.safeParse(answer);
      if (!output.success) {
        throw new DomainError('INTERNAL', `${job.kind} made a result that does not fit its own schema.`, {
          cause: output.error,
        });
      }
      // JSON is what the queue keeps, and what the definition's schema allows.
      const result = JSON.parse(JSON.stringify(output.data)) as Json;
      observer.taskEnded(facts, request, { durationMs: ports.clock.nowMs() - startMs, result: 'ok' });
      return result;
    } catch (thrown) {
      const durationMs = ports.clock.nowMs() - startMs;
      if (thrown instanceof GaveWay) {
        observer.taskEnded(facts, request, { durationMs, result: 'ok' });
        throw thrown;
      }
      // The queue decides by the code what follows; the observer hears of every run that failed.
      const error = toDomainError(thrown);
      // A question is no failure: the job goes on when it is answered.
      observer.taskEnded(
        facts,
        request,
        error.code === 'HELD' ? { durationMs, result: 'confirmation' } : { durationMs, result: 'error', error },
      );
      throw thrown;
    } finally {
      await telling;
    }
  });
}

/** Ends early, without an error, when the signal aborts. */
function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
    if (signal.aborted) done();
  });
}
