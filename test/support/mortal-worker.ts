import { flushCompileCache } from 'node:module';
import { startConsumer } from '../../src/adapters/inbound/jobs/consumer.ts';
import { createIngeniux } from '../../src/adapters/outbound/ingeniux/index.ts';
import { createMemoryCache } from '../../src/adapters/outbound/memory/cache.ts';
import { createMemoryEventBus } from '../../src/adapters/outbound/memory/event-bus.ts';
import { createBackupArchive } from '../../src/adapters/outbound/node/backup-archive.ts';
import { createBackupFolder } from '../../src/adapters/outbound/node/backup-folder.ts';
import { createCalendar } from '../../src/adapters/outbound/node/calendar.ts';
import { createClock } from '../../src/adapters/outbound/node/clock.ts';
import { createSnapshotStore } from '../../src/adapters/outbound/node/snapshot-store.ts';
import { openDatabase } from '../../src/adapters/outbound/sqlite/database.ts';
import { createSqliteJobScheduler } from '../../src/adapters/outbound/sqlite/job-scheduler.ts';
import { createSqliteLock } from '../../src/adapters/outbound/sqlite/lock.ts';
import { jobs } from '../../src/application/jobs/index.ts';
import type { Runtime } from '../../src/application/pipeline/flow.ts';
import { tasks } from '../../src/application/tasks/index.ts';
import type { Job } from '../../src/domain/model/job.ts';
import type { BackupStore } from '../../src/domain/ports/backup-store.ts';
import type { ExpiringRecords } from '../../src/domain/ports/expiring-records.ts';
import type { JobQueue, JobRun } from '../../src/domain/ports/job-queue.ts';
import type { Lock } from '../../src/domain/ports/lock.ts';
import { type JobQueueDriver, openJobQueue } from './job-queue-storage.ts';
import { testMasterKey } from './master-key.ts';
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
  /** A folder for what is kept beside the backups. */
  readonly place: string;
  readonly dies: Death;
}

/**
 * When it dies: at a point of the run of a job of one kind, whose id is `job_${row}_…`; some time after it has begun a job
 * of any kind; or never.
 */
export type Death =
  | { readonly at: 'begin' | 'end'; readonly kind: string; readonly row: string }
  | {
      /** `before` the step acts; when it has `acted` and nothing is kept of it yet; when its result is `kept`. */
      readonly at: 'before' | 'acted' | 'kept';
      readonly kind: string;
      readonly row: string;
      /**
       * The part of the step's name before a colon: what follows names an item. `call` is the call of a task that a job
       * makes, whose keeping is under its idempotency key. Of a snapshot it is the kind of file that is written.
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
  ports: {
    ...bare.ports,
    jobs: mortal(queue),
    records: mortalRecords(records),
    schedules,
    calendar,
    clock,
    snapshots: mortalSnapshots(),
  },
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
          if (dies.at === 'begin' && isDeadly(run.job)) die();
          const result = await handler(mortalRun(run));
          if (dies.at === 'end' && isDeadly(run.job)) die();
          return result;
        },
        options,
      ),
  };
}

/** Snapshots keep their steps as files: a draft, objects, and at the end the list. */
function mortalSnapshots(): Runtime['ports']['snapshots'] {
  const files = createBackupFolder({ folder: order.place });
  const database = openDatabase(`${order.place}-locks.db`);
  const store: BackupStore = {
    ...files,
    put: async (name, bytes) => {
      const step = /^content-([a-z]+)-/.exec(name)?.[1] ?? '';
      const isHere = 'step' in dies && dies.kind === 'take_snapshot' && dies.step === step;
      if (isHere && dies.at === 'before') die();
      await files.put(name, isHere && dies.at === 'acted' ? dyingInside(bytes) : bytes);
      if (isHere) die();
    },
  };
  return {
    store: createSnapshotStore({
      ...{ store, clock, archive: createBackupArchive({ masterKeys: [testMasterKey] }) },
      // A worker that dies within a write holds the lock: nobody waits for it as long as in earnest.
      lock: shortLived(createSqliteLock({ database, clock })),
      facts: { productVersion: '0.0.0-test', layout: { driver: 'embedded', version: 1 } },
    }),
    keep: { unit: 'backups', count: 1_000 },
    fileBytesMax: 1024 * 1024,
  };
}

/** Half of a file, and then the end. */
async function* dyingInside(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const piece of bytes) {
    yield piece.subarray(0, piece.length / 2);
    die();
  }
}

function shortLived(lock: Lock): Lock {
  return { ...lock, acquire: (key, ttlMs) => lock.acquire(key, Math.min(ttlMs, order.leaseMs)) };
}

function mortalRun(run: JobRun): JobRun {
  return {
    job: run.job,
    signal: run.signal,
    cancelRequested: () => run.cancelRequested(),
    progress: (progress) => run.progress(progress),
    step: async (name, act) => {
      const isHere = 'step' in dies && isDeadly(run.job) && name.split(':')[0] === dies.step;
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

function isDeadly({ id, kind }: Job): boolean {
  return 'kind' in dies && dies.kind === kind && id.startsWith(`job_${dies.row}_`);
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
