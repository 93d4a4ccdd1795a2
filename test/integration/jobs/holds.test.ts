import { afterEach, describe, expect, it } from 'vitest';
import { createClock } from '../../../src/adapters/outbound/node/clock.ts';
import { createIdSource } from '../../../src/adapters/outbound/node/id-source.ts';
import { connectRedis } from '../../../src/adapters/outbound/redis/connection.ts';
import { createRedisJobQueue } from '../../../src/adapters/outbound/redis/job-queue.ts';
import { openDatabase } from '../../../src/adapters/outbound/sqlite/database.ts';
import { createSqliteJobQueue } from '../../../src/adapters/outbound/sqlite/job-queue.ts';
import { askWithin } from '../../../src/application/following/ask.ts';
import { askToPause, holdIfPaused } from '../../../src/application/following/pauses.ts';
import { giveAnswers, openQuestions } from '../../../src/application/following/questions.ts';
import type { Job } from '../../../src/domain/model/job.ts';
import type { JobQueue } from '../../../src/domain/ports/job-queue.ts';
import { createMemoryExpiringRecords } from '../../support/memory-expiring-records.ts';
import { poll } from '../../support/poll.ts';
import { startRedis } from '../../support/redis.ts';

interface Stage {
  readonly jobs: JobQueue;
  close(): Promise<void>;
}

const drivers: Readonly<Record<string, () => Promise<Stage>>> = {
  SQLite: async () => {
    const database = openDatabase(':memory:');
    const jobs = createSqliteJobQueue({ database, clock: createClock(), ids: createIdSource() });
    return { jobs, close: () => jobs.close() };
  },
  Redis: async () => {
    const redis = await startRedis();
    const onProblem = () => undefined;
    const connection = connectRedis(redis.url, { onProblem });
    await connection.ready(10_000);
    const jobs = createRedisJobQueue({ connection, clock: createClock(), onProblem });
    return {
      jobs,
      close: async () => {
        await jobs.close();
        await connection.close();
        await redis.close();
      },
    };
  },
};

describe.each(Object.entries(drivers))('a job that holds, on %s', (_driver, openStage) => {
  const records = createMemoryExpiringRecords({ clock: createClock() });
  let stage: Stage;
  afterEach(() => stage.close());

  const heldJob = (id: string): Promise<Job> =>
    poll('the job to hold', async () => {
      const job = await stage.jobs.get(id);
      return job?.state === 'held' && job;
    });

  it('takes no place, keeps its steps, and goes on when it is answered; paused, it holds the same way', async () => {
    stage = await openStage();
    const { jobs } = stage;
    let stepsRun = 0;
    jobs.work(
      'reports',
      async (run) => {
        if (run.job.kind === 'other') return 'other';
        await run.step('before', async () => {
          stepsRun += 1;
          return null;
        });
        const ask = askWithin(run, records);
        const { sure } = await ask({ sure: { message: 'Sure?', fields: { yes: { kind: 'yes_no', title: 'Yes' } } } });
        await holdIfPaused(run.job.id, records, ask);
        return { accepted: sure.accepted };
      },
      { concurrency: 1, fleet: { all: 1, queue: 1 }, leaseMs: 30_000, onProblem: () => undefined },
    );
    const shape = {
      queue: 'reports',
      owner: 'ada',
      input: {},
      attemptsMax: 1,
      backoffMs: 10,
      lanes: ['publish:1'],
    } as const;
    const id = createIdSource().id('job');
    await jobs.add({ ...shape, id, kind: 'asking' });
    const held = await heldJob(id);
    expect(Object.keys(await openQuestions(held, records))).toEqual(['sure']);
    // There is one place in all, and one lane: while the first job holds, another one runs.
    await jobs.add({ ...shape, id: `${id}-other`, kind: 'other' });
    await poll('the other job', async () => (await jobs.get(`${id}-other`))?.state === 'succeeded');
    await askToPause(id, { records, ids: createIdSource() });
    await giveAnswers(held, { sure: { accepted: true, values: { yes: true } } }, { records, jobs });
    const paused = await poll('the pause', async () => {
      const job = await jobs.get(id);
      return job?.state === 'held' && job.error?.message.includes('paused') && job;
    });
    const [pause = ''] = Object.keys(await openQuestions(paused, records));
    await giveAnswers(paused, { [pause]: { accepted: true, values: {} } }, { records, jobs });
    const ended = await poll('the end', async () => {
      const job = await jobs.get(id);
      return job?.state === 'succeeded' && job;
    });
    expect(ended.result).toEqual({ accepted: true });
    expect(stepsRun).toBe(1);
  });
});
