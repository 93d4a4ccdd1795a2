import { flushCompileCache } from 'node:module';
import { startConsumer } from '../../src/adapters/inbound/jobs/consumer.ts';
import { createIngeniux } from '../../src/adapters/outbound/ingeniux/index.ts';
import { createMemoryCache } from '../../src/adapters/outbound/memory/cache.ts';
import { createMemoryEventBus } from '../../src/adapters/outbound/memory/event-bus.ts';
import { createCalendar } from '../../src/adapters/outbound/node/calendar.ts';
import { createClock } from '../../src/adapters/outbound/node/clock.ts';
import { openDatabase } from '../../src/adapters/outbound/sqlite/database.ts';
import { createSqliteJobScheduler } from '../../src/adapters/outbound/sqlite/job-scheduler.ts';
import { jobs } from '../../src/application/jobs/index.ts';
import type { Runtime } from '../../src/application/pipeline/flow.ts';
import { tasks } from '../../src/application/tasks/index.ts';
import type { ExpiringRecords } from '../../src/domain/ports/expiring-records.ts';
import type { JobQueue, JobRun } from '../../src/domain/ports/job-queue.ts';
import { type JobQueueDriver, openJobQueue } from './job-queue-storage.ts';
import { createBareRuntime } from './mcp-bench.ts';

/**
 * A worker in a process of its own that kills itself with -9 at the point that it is told, as one JSON argument. The
 * point is in the queue and the records that it is given, not in the product: the product sees ordinary ones.
 */
export interface MortalOrder {
  readonly driver: JobQueueDriver;
  readonly location: string;
  readonly cms: { readonly baseUrl: string; readonly clientId: string; readonly clientSecret: string };
  readonly leaseMs: number;
  readonly dies: Death;
}

/** When it dies: at a point of the runs of one kind, some time after it has begun a job of any kind, or never. */
export type Death =
  | { readonly at: 'begin' | 'end'; readonly kind: string }
  | {
      /** `before` the step acts; when it has `acted` and nothing is kept of it yet; when its result is `kept`. */
      readonly at: 'before' | 'acted' | 'kept';
      readonly kind: string;
      /**
       * The part of the step's name before a colon: what follows names an item. `call` is the call of a task that a job
       * makes, whose keeping is under its idempotency key.
       */
      readonly step: string;
    }
  | { readonly at: 'random'; readonly afterMs: number }
  | { readonly at: 'never' };

// The test wrote it.
const order = JSON.parse(process.argv[2] ?? '') as MortalOrder;
const { dies } = order;
const clock = createClock();
const { queue, records } = await openJobQueue(order, sayProblem);
const calendar = createCalendar();
const schedules = createSqliteJobScheduler({ database: openDatabase(':memory:'), clock, calendar });
const bare = createBareRuntime(clock, 100_000);
const runtime: Runtime = {
  ...bare,
  events: createMemoryEventBus({ onProblem: sayProblem }),
  connector: createIngeniux({
    ...order.cms,
    services: false,
    timeoutMs: 10_000,
    retriesMax: 2,
    cache: createMemoryCache({ maxSize: 100, clock }),
    cacheTtlSeconds: 0,
    clock,
  }),
  ports: { ...bare.ports, jobs: mortal(queue), records: mortalRecords(records), schedules, calendar, clock },
};
startConsumer({ runtime, jobs, tasks, jobsMax: 4, leaseMs: order.leaseMs, onProblem: sayProblem });
// The next worker starts faster, and this one may not live to its end.
flushCompileCache();

function mortal(given: JobQueue): JobQueue {
  return {
    ...given,
    work: (name, handler, options) =>
      given.work(
        name,
        async (run) => {
          if (dies.at === 'random') setTimeout(die, dies.afterMs);
          if (dies.at === 'begin' && dies.kind === run.job.kind) die();
          const result = await handler(mortalRun(run));
          if (dies.at === 'end' && dies.kind === run.job.kind) die();
          return result;
        },
        options,
      ),
  };
}

function mortalRun(run: JobRun): JobRun {
  return {
    job: run.job,
    signal: run.signal,
    cancelRequested: () => run.cancelRequested(),
    progress: (progress) => run.progress(progress),
    step: async (name, act) => {
      const isHere = 'step' in dies && dies.kind === run.job.kind && name.split(':')[0] === dies.step;
      const result = await run.step(name, async () => {
        if (isHere && dies.at === 'before') die();
        const acted = await act();
        if (isHere && dies.at === 'acted') die();
        return acted;
      });
      if (isHere && dies.at === 'kept') die();
      return result;
    },
  };
}

/** Of all jobs only those that make calls of tasks keep anything under idempotency keys. */
function mortalRecords(given: ExpiringRecords): ExpiringRecords {
  const dieAt = (key: string, at: Death['at']): void => {
    if (key.startsWith('idempotency:') && 'step' in dies && dies.step === 'call' && dies.at === at) die();
  };
  return {
    ...given,
    async create(key, value, ttlSeconds) {
      const created = await given.create(key, value, ttlSeconds);
      dieAt(key, 'before');
      return created;
    },
    async replace(key, value, ttlSeconds) {
      dieAt(key, 'acted');
      await given.replace(key, value, ttlSeconds);
      dieAt(key, 'kept');
    },
  };
}

function die(): void {
  process.kill(process.pid, 'SIGKILL');
}

function sayProblem(error: unknown): void {
  process.stderr.write(`${String(error)}\n`);
}
