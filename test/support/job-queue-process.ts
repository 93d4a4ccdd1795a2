import { appendFileSync, existsSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { JobHandler } from '../../src/domain/ports/job-queue.ts';
import { type JobQueueDriver, openJobQueue, wideFleet } from './job-queue-storage.ts';

/**
 * A process of its own over a shared JobQueue, to be killed or stopped. It is told what to do as one JSON argument, and
 * says what it did as one JSON text per line.
 */
export type ProcessOrder = Shared & (AddOrder | WorkOrder);

interface Shared {
  readonly driver: JobQueueDriver;
  readonly location: string;
}

/** Adds `<prefix>0`, `<prefix>1`, … and says each id as soon as it was accepted, without end. */
interface AddOrder {
  readonly act: 'add';
  readonly prefix: string;
}

/** Works on the queue `publishing`. */
interface WorkOrder {
  readonly act: 'work';
  readonly leaseMs: number;
  /** Every effect is a line of this file: the job, the step and this process. */
  readonly effectsFile: string;
  /** Between its steps the handler waits until this file is there. */
  readonly gateFile?: string;
  /** The process kills itself with -9 instead of waiting. */
  readonly diesBetweenSteps?: boolean;
}

/** How often the gate is looked at, in milliseconds. */
const gateMs = 10;

// The test wrote it.
const order = JSON.parse(process.argv[2] ?? '') as ProcessOrder;
const { queue } = await openJobQueue(order, (error) => say({ problem: String(error) }));
if (order.act === 'add') await addWithoutEnd(order.prefix);
else
  queue.work('publishing', handlerOf(order), {
    concurrency: 1,
    fleet: wideFleet,
    leaseMs: order.leaseMs,
    onProblem: sayProblem,
    onLost: (jobId) => say({ noticed: jobId }),
    onEndedUnrun: (jobId) => say({ endedUnrun: jobId }),
  });
say({ ready: true });

async function addWithoutEnd(prefix: string): Promise<never> {
  for (let number = 0; ; number++) {
    const job = await queue.add({
      id: `${prefix}${number}`,
      queue: 'publishing',
      kind: 'two_steps',
      owner: 'owner',
      input: { number },
      attemptsMax: 1,
      backoffMs: 0,
    });
    say({ accepted: job.id });
  }
}

function handlerOf(work: WorkOrder): JobHandler {
  return async (run) => {
    const effect = async (step: string): Promise<number> => {
      appendFileSync(work.effectsFile, `${run.job.id} ${step} ${process.pid}\n`);
      return process.pid;
    };
    run.signal.addEventListener('abort', () => say({ aborted: run.job.id, cancelRequested: run.cancelRequested() }));
    await effect('begun');
    await run.step('first', () => effect('first'));
    say({ between: run.job.id });
    if (work.diesBetweenSteps) process.kill(process.pid, 'SIGKILL');
    while (work.gateFile !== undefined && !existsSync(work.gateFile)) await pause(gateMs);
    for (const [name, act] of [
      ['progress', () => run.progress({ percent: 99, message: `from ${process.pid}` })],
      ['second', () => run.step('second', () => effect('second'))],
    ] as const) {
      try {
        await act();
        say({ did: name });
      } catch (error) {
        // The test wants to know what was refused; the handler goes on as if it had not heard.
        say({ refused: name, error: String(error) });
      }
    }
    say({ answers: run.job.id });
    return { by: process.pid };
  };
}

function say(what: unknown): void {
  process.stdout.write(`${JSON.stringify(what)}\n`);
}

function sayProblem(error: unknown): void {
  say({ problem: String(error) });
}
