import { spawnSync } from 'node:child_process';
import type { JobHandler, Worker } from '../src/domain/ports/job-queue.ts';
import {
  createSqliteStorage,
  type JobQueueStorage,
  openJobQueue,
  wideFleet,
} from '../test/support/job-queue-storage.ts';
import { startRedis } from '../test/support/redis.ts';
import { type Benchmark, figure, median } from './harness.ts';

/** What the two drivers of the JobQueue hold out, with every accepted job on the disk before it is answered. */
export const queueThroughput: Benchmark = {
  name: 'queue-throughput',
  asks: 'How many jobs do the SQLite and the Redis queue accept and finish?',
  async run() {
    const drivers = isRedisThere() ? [createSqliteStorage, createRedisStorage] : [createSqliteStorage];
    const storages: JobQueueStorage[] = [];
    try {
      for (const create of drivers) storages.push(await create());
      for (const storage of storages) await measure(storage, 'warm-up', warmUpJobs);
      const rounds: Rates[][] = [];
      for (let round = 0; round < roundsMax; round++) {
        const rates: Rates[] = [];
        for (const storage of storages) rates.push(await measure(storage, `round-${round}`, jobsPerRound));
        rounds.push(rates);
      }
      const row = (what: string, key: keyof Rates) => {
        const of = (at: number) => rounds.flatMap((round) => round[at]?.[key] ?? []);
        const ratios = rounds.flatMap(([sqlite, redis]) => (sqlite && redis ? [redis[key] / sqlite[key]] : []));
        return [
          what,
          ratios.length === 0 ? '–' : figure(median(ratios)),
          figure(median(of(0))),
          of(1).length === 0 ? '–' : figure(median(of(1))),
        ];
      };
      return {
        columns: ['per second, or as said', 'Redis, times SQLite', 'SQLite', 'Redis'],
        rows: [
          row('adds', 'adds'),
          row('jobs with one step', 'jobs'),
          row('milliseconds until the single job of another owner begins', 'startMs'),
        ],
        remarks: [
          `Median of ${roundsMax} interleaved rounds of ${jobsPerRound} jobs, ${addsAtOnce} adds at a time, then one worker that runs ${concurrency} jobs at a time. Both flush what they accept to the disk: SQLite with \`synchronous = FULL\`, Redis with \`appendfsync always\`.`,
          ...(isRedisThere() ? [] : ['No redis-server is on the PATH: only SQLite was measured.']),
        ],
      };
    } finally {
      for (const storage of storages) await storage.close();
    }
  },
};

const roundsMax = 3;
const warmUpJobs = 50;
const jobsPerRound = 400;
const addsAtOnce = 16;
const probesPerRound = 10;
const concurrency = 4;
const leaseMs = 30_000;
const roundMsMax = 30_000;

interface Rates {
  readonly adds: number;
  readonly jobs: number;
  /** From `add` to the begin of its run. */
  readonly startMs: number;
}

function isRedisThere(): boolean {
  return spawnSync('redis-server', ['--version'], { stdio: 'ignore' }).error === undefined;
}

async function createRedisStorage(): Promise<JobQueueStorage> {
  const server = await startRedis({ appendOnly: true });
  return { driver: 'redis', location: server.url, close: () => server.close() };
}

async function measure(storage: JobQueueStorage, prefix: string, count: number): Promise<Rates> {
  const { promise: problem, reject: onProblem } = Promise.withResolvers<never>();
  // It may come before anybody waits for it; whoever waits later hears of it.
  problem.catch(() => undefined);
  const { queue, close } = await openJobQueue(storage, onProblem);
  try {
    const ids = Array.from({ length: count }, (_, at) => `${prefix}-${at}`);
    const addingMs = await time(async () => {
      const waiting = ids.values();
      const addOneAfterTheOther = async () => {
        for (const id of waiting) await queue.add(jobOf(id));
      };
      await Promise.all(Array.from({ length: addsAtOnce }, addOneAfterTheOther));
    });
    const { promise: done, resolve } = Promise.withResolvers<void>();
    let stepped = 0;
    const starts = new Map<string, () => void>();
    const countStep: JobHandler = async (run) => {
      const isProbe = starts.get(run.job.id);
      if (isProbe !== undefined) {
        isProbe();
        return null;
      }
      const result = await run.step('step', async () => run.job.id);
      stepped += 1;
      if (stepped === count) resolve();
      return result;
    };
    const tooLate = AbortSignal.timeout(roundMsMax);
    tooLate.addEventListener('abort', () => onProblem(new Error(`${storage.driver} needs over ${roundMsMax} ms.`)));
    let worker: Worker | undefined;
    const startsMs: number[] = [];
    const probe = async () => {
      // While the owner of all the other jobs waits with hundreds.
      for (let number = 0; number < probesPerRound && stepped < count - concurrency; number++) {
        const id = `${prefix}-probe-${number}`;
        startsMs.push(
          await time(async () => {
            const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
            starts.set(id, begin);
            await queue.add({ ...jobOf(id), owner: 'another' });
            await Promise.race([begun, problem]);
          }),
        );
      }
    };
    const workingMs = await time(async () => {
      worker = queue.work('reports', countStep, { concurrency, fleet: wideFleet, leaseMs, onProblem });
      await Promise.race([Promise.all([done, probe()]), problem]);
    });
    // The last jobs may end, so that none runs again in the next round.
    await worker?.close(roundMsMax);
    const { queued, running, failed } = (await queue.counts()).reports;
    if (queued + running + failed > 0) throw new Error(`Of the jobs in ${storage.driver} not all have succeeded.`);
    return { adds: (1000 * count) / addingMs, jobs: (1000 * count) / workingMs, startMs: median(startsMs) };
  } finally {
    await close();
  }
}

function jobOf(id: string) {
  const input = { target: 'production' };
  return { id, queue: 'reports', kind: 'benchmark', owner: 'benchmark', input, attemptsMax: 1, backoffMs: 0 } as const;
}

async function time(act: () => Promise<void>): Promise<number> {
  const startedAtMs = performance.now();
  await act();
  return performance.now() - startedAtMs;
}
