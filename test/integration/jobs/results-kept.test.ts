import { afterEach, describe, expect, it } from 'vitest';
import { createIdSource } from '../../../src/adapters/outbound/node/id-source.ts';
import { connectRedis } from '../../../src/adapters/outbound/redis/connection.ts';
import { createRedisJobQueue } from '../../../src/adapters/outbound/redis/job-queue.ts';
import { openDatabase } from '../../../src/adapters/outbound/sqlite/database.ts';
import { createSqliteJobQueue } from '../../../src/adapters/outbound/sqlite/job-queue.ts';
import { createFollowJob, type FollowedJob } from '../../../src/application/following/follow-job.ts';
import { heldBack } from '../../../src/application/following/questions.ts';
import { storeJobInput } from '../../../src/application/jobs/start-job.ts';
import { type JobQueue, keepSeconds } from '../../../src/domain/ports/job-queue.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { pipelineFixture, request } from '../../support/pipeline-fixture.ts';
import { poll } from '../../support/poll.ts';
import { startRedis } from '../../support/redis.ts';
import { fixtureTasks } from '../../support/task-fixtures.ts';

interface Stage {
  readonly jobs: JobQueue;
  /** Lets time pass since a job was set down: so many seconds in all. */
  pass(jobId: string, seconds: number): Promise<void>;
  close(): Promise<void>;
}

const drivers: Readonly<Record<string, () => Promise<Stage>>> = {
  SQLite: async () => {
    const database = openDatabase(':memory:');
    const clock = createFakeClock(Date.now());
    const jobs = createSqliteJobQueue({ database, clock, ids: createIdSource(), pollMs: 20 });
    let passed = 0;
    return {
      jobs,
      pass: async (_jobId, seconds) => {
        clock.advance((seconds - passed) * 1000);
        passed = seconds;
      },
      close: () => jobs.close(),
    };
  },
  Redis: async () => {
    const redis = await startRedis();
    const onProblem = () => undefined;
    const connection = connectRedis(redis.url, { onProblem });
    await connection.ready(10_000);
    const jobs = createRedisJobQueue({ connection, clock: { nowMs: Date.now }, onProblem });
    return {
      jobs,
      // BullMQ takes the time from the machine, so the job is made older.
      pass: async (jobId, seconds) => {
        const at = Date.now() - seconds * 1000;
        for (const place of ['completed', 'failed']) {
          await connection.run((client) => client.zadd(`igx:jobs:reports:${place}`, 'XX', at, `j-${jobId}`));
        }
      },
      close: async () => {
        await jobs.close();
        await connection.close();
        await redis.close();
      },
    };
  },
};

const hour = 3600;

describe.each(Object.entries(drivers))('what a job came to, or asks, on %s', (_driver, openStage) => {
  let stage: Stage;
  afterEach(() => stage.close());

  it.each([
    ['result', 'succeeded'],
    ['question', 'held'],
  ] as const)('the %s is read after 23:59 hours, and told to be gone after a week', async (what, state) => {
    stage = await openStage();
    const { jobs } = stage;
    const { runTask } = pipelineFixture({ jobs });
    const followJob = createFollowJob((name) => fixtureTasks.find((task) => task.name === name));
    const follow = async (job: string) =>
      (await runTask(followJob, { job }, request())).output['followed'] as FollowedJob;
    jobs.work(
      'reports',
      async () => {
        if (what === 'question') throw heldBack({ sure: { message: 'Sure?', fields: {} } });
        return { text: 'the result' };
      },
      { concurrency: 1, fleet: { all: 1, queue: 1 }, leaseMs: 30_000, onProblem: () => undefined },
    );
    const { principal } = request();
    const input = storeJobInput({}, { principal, requestId: 'req_1', task: 'slow_compute' });
    const add = async (id: string) => {
      await jobs.add({ id, queue: 'reports', kind: 'slow_compute', owner: 'ada', input, attemptsMax: 1, backoffMs: 1 });
      await poll(`${id} to be set down`, async () => (await jobs.get(id))?.finishedAtMs !== undefined);
    };
    await add('asked');
    await stage.pass('asked', 24 * hour - 60);
    // What is old is forgotten when another job has ended so.
    await add('next');
    const followed = await follow('asked');
    expect(followed.job.state).toBe(state);
    if (what === 'result') expect(followed.answer?.output).toMatchObject({ text: 'the result' });
    else expect(followed.questions).toMatchObject({ sure: { message: 'Sure?' } });

    await stage.pass('asked', keepSeconds + 60);
    await poll('it to be gone', async () => {
      await add(`later-${Math.random()}`);
      return (await jobs.get('asked')) === undefined;
    });
    await expect(follow('asked')).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: 'You have no job "asked". Finished jobs are kept for a week.',
      next: { tool: 'get_job' },
    });
  });
});
