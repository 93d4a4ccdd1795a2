import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  checkRedisSettings,
  connectRedis,
  type RedisConnection,
} from '../../../src/adapters/outbound/redis/connection.ts';
import { heldKeyIn, jobKeyOf } from '../../../src/adapters/outbound/redis/job-hash.ts';
import { createJobScripts } from '../../../src/adapters/outbound/redis/job-scripts.ts';
import { DomainError } from '../../../src/domain/errors.ts';
import type { Job, NewJob } from '../../../src/domain/model/job.ts';
import { type JobQueue, keepSeconds, keptJobsMax } from '../../../src/domain/ports/job-queue.ts';
import { type OpenedJobQueue, openJobQueue, wideFleet } from '../../support/job-queue-storage.ts';
import { poll } from '../../support/poll.ts';
import { type RedisServer, startRedis } from '../../support/redis.ts';
import { jobQueueContract } from '../suites/job-queue.ts';

let shared: RedisServer;
beforeAll(async () => {
  shared = await startRedis();
});
afterAll(() => shared.close());

jobQueueContract('Redis', async () => {
  const connection = await connected(shared);
  await connection.run((client) => client.flushall());
  await connection.close();
  return { driver: 'redis', location: shared.url, close: async () => undefined };
});

describe('JobQueue on a Redis of its own', () => {
  let server: RedisServer;
  let connection: RedisConnection;
  let opened: OpenedJobQueue;
  let queue: JobQueue;
  let problems: unknown[];

  beforeEach(async () => {
    problems = [];
    server = await startRedis({ appendOnly: true });
    connection = await connected(server);
    opened = await openJobQueue({ driver: 'redis', location: server.url }, (error) => problems.push(error));
    queue = opened.queue;
  });
  afterEach(async () => {
    await opened.close();
    await connection.close();
    await server.close();
  });

  const ended = (id: string): Promise<Job> =>
    poll(`${id} to end`, async () => {
      const job = await queue.get(id);
      return job?.finishedAtMs !== undefined && job;
    });
  const options = {
    concurrency: 1,
    fleet: wideFleet,
    leaseMs: 5_000,
    onProblem: (error: unknown) => problems.push(error),
  };

  it('counts as held what holds: not what a worker noted and died over, nor what has gone since', async () => {
    const worker = queue.work(
      'publishing',
      async ({ job: { id } }) => {
        if (id === 'holds') throw new DomainError('HELD', 'Go on?');
        if (id === 'fails') throw new DomainError('FORBIDDEN', 'no');
        return 'done';
      },
      options,
    );
    // What a worker leaves that dies between its note and the end of its run; the run that follows ends otherwise.
    const held = heldKeyIn('publishing');
    for (const id of ['fails', 'waits', 'gone']) await connection.client.zadd(held, 1, jobKeyOf(id));
    await queue.add({ ...newJob('waits'), delayMs: 3_600_000 });
    for (const id of ['holds', 'fails']) {
      await queue.add(newJob(id));
      await ended(id);
    }
    const counts = { queued: 1, running: 0, held: 1, failed: 1 };
    expect((await queue.counts()).publishing).toEqual(counts);
    expect((await connection.client.zrange(held, '0', '-1')).toSorted()).toEqual(
      [jobKeyOf('holds'), jobKeyOf('waits')].toSorted(),
    );
    expect((await queue.counts()).publishing).toEqual(counts);
    await worker.close(1_000);
  });

  it('fails at once with STORAGE_UNAVAILABLE while Redis is away, and works again when it is back', async () => {
    await queue.add(newJob('before'));
    await server.kill();
    const calls = [
      () => queue.add(newJob('meanwhile')),
      () => queue.get('before'),
      () => queue.list({ owner: 'owner', limit: 5 }),
      () => queue.cancel('before'),
      () => queue.counts(),
    ];
    for (const call of calls) await expect(call()).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    await poll('the lost connection to be reported', () => problems.length > 0);
    await server.restart();
    await poll('the connection to be back', () => queue.get('before').catch(unlessUnavailable));
    expect(await queue.add(newJob('before'))).toMatchObject({ id: 'before', state: 'queued' });
    expect(await queue.get('meanwhile')).toBeUndefined();
  });

  it('fails with STORAGE_UNAVAILABLE when Redis does not answer, and adds the job once when asked again', async () => {
    await queue.add(newJob('warm-up'));
    server.pause();
    const job = newJob('unanswered');
    await expect(queue.add(job)).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    server.resume();
    const added = await poll('Redis to answer', () => queue.add(job).catch(unlessUnavailable));
    expect(added).toMatchObject({ id: 'unanswered', state: 'queued' });
    expect(await queue.list({ owner: 'owner', limit: 5 })).toHaveLength(2);
  });

  it('loses no accepted job when Redis is killed with -9, and its workers go on with them', async () => {
    const ids = Array.from({ length: 20 }, (_, index) => `job_${index}`);
    const effects: string[] = [];
    const told: unknown[] = [];
    let pass = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      pass = resolve;
    });
    for (const id of ids) await queue.add(newJob(id));
    queue.work(
      'publishing',
      async (run) => {
        await run.step('first', async () => effects.push(`first ${run.job.id}`));
        await gate;
        return run.step('second', async () => effects.push(`second ${run.job.id}`));
      },
      { ...options, onProblem: (error) => told.push(error) },
    );
    await poll('a job to be running', () => effects.length === 1);
    await server.kill();
    await poll('the worker to tell that it lost its connection', () => told.length > 0);
    await server.restart();
    pass();
    await poll('the connection to be back', () => queue.counts().catch(unlessUnavailable));
    for (const id of ids) expect((await ended(id)).state).toBe('succeeded');
    expect(effects.filter((effect) => effect.startsWith('first'))).toHaveLength(ids.length);
    expect(new Set(effects).size).toBe(ids.length * 2);
  });

  it('closes its workers while Redis is away, and the job runs again when it is back', async () => {
    const { id } = await queue.add({ ...newJob('interrupted'), attemptsMax: 1 });
    let [isBegun, isAborted] = [false, false];
    const worker = queue.work(
      'publishing',
      async (run) => {
        isBegun = true;
        await poll('the signal to be aborted', () => run.signal.aborted);
        isAborted = true;
        run.signal.throwIfAborted();
        return 'not reached';
      },
      { ...options, leaseMs: 1_000 },
    );
    await poll('the job to run', () => isBegun);
    await server.kill();
    await worker.close(0);
    expect(isAborted).toBe(true);
    await server.restart();
    await poll('the connection to be back', () => queue.get(id).catch(unlessUnavailable));
    queue.work('publishing', async () => 'second', { ...options, leaseMs: 1_000 });
    expect(await ended(id)).toMatchObject({ state: 'succeeded', result: 'second', attempts: 2 });
  });

  it('adds the first definition of an id when the process that accepted it died before BullMQ had it', async () => {
    const first = { ...newJob('half-added'), input: 'first', createdAtMs: 1_000 };
    await connection.run(() => createJobScripts(connection.client).accept(first));
    expect(await queue.get('half-added')).toBeUndefined();
    expect(await queue.add({ ...newJob('half-added'), queue: 'backups', input: 'second' })).toMatchObject({
      queue: 'publishing',
      input: 'first',
      createdAtMs: 1_000,
    });
    expect(await queue.list({ owner: 'owner', limit: 5 })).toHaveLength(1);
  });

  it('writes nothing for a token that does not hold the lock', async () => {
    const scripts = createJobScripts(connection.client);
    const stale = { queue: 'publishing', jobKey: 'j-fenced', token: 'stale', gates: [], leaseMs: 1_000 } as const;
    const seen: unknown[] = [];
    queue.work(
      'publishing',
      async (run) => {
        const before = await queue.get('fenced');
        seen.push(await scripts.watchRun(stale), await scripts.beginRun(stale, 1));
        seen.push(await scripts.progress(stale, { percent: 99, message: 'stale' }));
        seen.push(await scripts.keepStep(stale, 'step', 'stale'), await scripts.findStep(stale, 'step'));
        expect(await queue.get('fenced')).toEqual(before);
        return run.step('step', async () => 'holder');
      },
      options,
    );
    await queue.add(newJob('fenced'));
    expect(await ended('fenced')).toMatchObject({ state: 'succeeded', result: 'holder', attempts: 1 });
    expect(seen).toEqual(['lost', 'lost', false, false, { found: 'lost' }]);
  });

  it('keeps ended jobs for keepSeconds, and forgets them after that', async () => {
    const completed = 'igx:jobs:publishing:completed';
    queue.work('publishing', async () => 'done', options);
    const endAgo = async (id: string, seconds: number) => {
      await connection.run((client) => client.zadd(completed, 'XX', Date.now() - seconds * 1000, `j-${id}`));
      // BullMQ forgets at the end of a job.
      const next = `after-${id}-${seconds}`;
      await queue.add(newJob(next));
      await ended(next);
    };
    for (const id of ['cancelled', 'done']) {
      await queue.add({ ...newJob(id), delayMs: id === 'cancelled' ? 60_000 : 0 });
      if (id === 'cancelled') await queue.cancel(id);
      await ended(id);
      await endAgo(id, keepSeconds - 60);
      expect(await queue.get(id)).toMatchObject({ id });
      await endAgo(id, keepSeconds + 60);
      expect(await queue.get(id)).toBeUndefined();
    }
    const listed = await queue.list({ owner: 'owner', limit: 3 });
    expect(listed.map((job) => job.id)).toEqual(
      ['done', 'cancelled']
        .flatMap((id) => [`after-${id}-${keepSeconds + 60}`, `after-${id}-${keepSeconds - 60}`])
        .slice(0, 3),
    );
    // The acceptance of a job outlives this test; a minute after `add` it is gone.
    await connection.run((client) => client.del('igx:job-acceptance:j-cancelled', 'igx:job-acceptance:j-done'));
    await queue.add(newJob('prunes'));
    const entries = await connection.run((client) => client.zrange('igx:jobs-of:owner', '0', '-1'));
    expect(entries).not.toContain('j-cancelled');
    expect(entries).toContain('j-prunes');
  });

  it(`keeps ${keptJobsMax} ended jobs of a queue and state at most, the youngest`, async () => {
    const completed = 'igx:jobs:publishing:completed';
    const nowMs = Date.now();
    const older = Array.from({ length: keptJobsMax }, (_, at) => [String(nowMs - keptJobsMax + at), `j-older-${at}`]);
    await connection.run((client) => client.zadd(completed, ...older.flat()));
    queue.work('publishing', async () => 'done', options);
    await queue.add(newJob('youngest'));
    await ended('youngest');
    await poll('the oldest to be forgotten', () =>
      connection.run(async (client) => (await client.zcard(completed)) === keptJobsMax),
    );
    expect(await connection.run((client) => client.zscore(completed, 'j-older-0'))).toBeNull();
    expect(await connection.run((client) => client.zscore(completed, 'j-older-1'))).not.toBeNull();
  });

  it('keeps nothing in Redis of what a handler threw but the error that its owner is told', async () => {
    const cause = new Error('canary-in-cause');
    await queue.add({ ...newJob('careful'), attemptsMax: 2, backoffMs: 0 });
    queue.work(
      'publishing',
      async (run) => {
        if (run.job.attempts === 1) throw new TypeError('canary-in-message');
        throw new DomainError('FORBIDDEN', 'You may not.', { cause });
      },
      options,
    );
    expect(await ended('careful')).toMatchObject({ state: 'failed', error: { message: 'You may not.' } });
    const hash = await connection.run((client) => client.hgetall('igx:jobs:publishing:j-careful'));
    const events = await connection.run((client) => client.xrange('igx:jobs:publishing:events', '-', '+'));
    expect(JSON.stringify(hash)).toContain('You may not.');
    expect(JSON.stringify([hash, events])).not.toMatch(/canary|job-worker\.ts/);
  });

  it('keeps all its keys below one prefix', async () => {
    queue.work('publishing', async (run) => run.step('step', async () => 1), options);
    await queue.add(newJob('one'));
    await ended('one');
    const found = await connection.run((client) => client.keys('*'));
    expect(found.length).toBeGreaterThan(4);
    expect(found.filter((key) => !key.startsWith('igx:'))).toEqual([]);
  });
});

describe('checkRedisSettings', () => {
  it('finds nothing wrong with a Redis that keeps what it is given', async () => {
    expect(await problemsOf({ appendOnly: true })).toEqual([]);
  });

  it('names each setting that would lose jobs', async () => {
    const problems = await problemsOf({ arguments: ['--maxmemory-policy', 'allkeys-lru'] });
    expect(problems).toEqual([expect.stringContaining('allkeys-lru'), expect.stringContaining('append-only')]);
  });

  const problemsOf = async (settings: Parameters<typeof startRedis>[0]): Promise<readonly string[]> => {
    const server = await startRedis(settings);
    const connection = await connected(server);
    try {
      return await checkRedisSettings(connection);
    } finally {
      await connection.close();
      await server.close();
    }
  };
});

async function connected(server: RedisServer): Promise<RedisConnection> {
  const connection = connectRedis(server.url, { onProblem: () => undefined });
  await connection.ready(5_000);
  return connection;
}

function newJob(id: string): NewJob {
  return { id, queue: 'publishing', kind: 'test_job', owner: 'owner', input: null, attemptsMax: 3, backoffMs: 10 };
}

/** For polls over an outage: nothing yet, but whatever else goes wrong rises. */
function unlessUnavailable(error: unknown): undefined {
  if (error instanceof DomainError && error.code === 'STORAGE_UNAVAILABLE') return undefined;
  throw error;
}
