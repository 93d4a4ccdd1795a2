import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectRedis } from '../../../src/adapters/outbound/redis/connection.ts';
import { createRedisTokenStore } from '../../../src/adapters/outbound/redis/token-store.ts';
import { DomainError } from '../../../src/domain/errors.ts';
import type { AccessTokenRecord } from '../../../src/domain/model/access-token.ts';
import type { NewJob } from '../../../src/domain/model/job.ts';
import { type OpenedJobQueue, openJobQueue, wideFleet } from '../../support/job-queue-storage.ts';
import { poll } from '../../support/poll.ts';
import { type RedisServer, startRedis } from '../../support/redis.ts';
import { startRedisFleet } from '../../support/sentinels.ts';

/**
 * What happens to jobs and tokens when Redis stops, hangs, is killed, fails over or is full, while jobs are added and
 * worked on: adding fails within a second with a typed error or succeeds, nothing accepted is lost, nothing is done
 * twice, and the workers go on by themselves.
 */
const addMsMax = 1_000;
const resumeMsMax = 15_000;
/** As in production: longer than the outages. */
const leaseMs = 30_000;

const closers: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (let close = closers.pop(); close !== undefined; close = closers.pop()) await close();
});

/** Jobs that are added and worked on without a break, and what became of them. */
async function openTraffic(url: string) {
  const queues: OpenedJobQueue[] = [await openJobQueue(at(url)), await openJobQueue(at(url))];
  for (const { close } of queues) closers.push(close);
  const [producer, consumer] = queues.map(({ queue }) => queue);
  if (producer === undefined || consumer === undefined) throw new Error('Two queues were opened.');
  const accepted: string[] = [];
  const effects = new Map<string, number>();
  const refusals: { readonly code: unknown; readonly ms: number }[] = [];
  let goesOn = true;
  const adding = (async () => {
    for (let number = 0; goesOn; number++) {
      const startedAtMs = performance.now();
      try {
        accepted.push((await producer.add(newJob(`job_${number}`))).id);
      } catch (error) {
        // What the caller is told is part of what is tested.
        refusals.push({ code: error instanceof DomainError ? error.code : error, ms: performance.now() - startedAtMs });
      }
      await poll('the next job', () => performance.now() - startedAtMs > 25, { everyMs: 5 });
    }
  })();
  closers.push(() => {
    goesOn = false;
    return adding;
  });
  consumer.work(
    'publishing',
    async (run) => {
      await run.step('effect', async () => {
        effects.set(run.job.id, (effects.get(run.job.id) ?? 0) + 1);
        return null;
      });
      return null;
    },
    { concurrency: 4, fleet: wideFleet, leaseMs, onProblem: () => undefined },
  );
  await poll('jobs to be done', () => effects.size > 5);
  return {
    refusals,
    effects,
    /** The time until jobs are done that were not done at this moment. */
    resumes: () => {
      const before = effects.size;
      return poll('the workers to go on', () => effects.size > before + 4, { timeoutMs: resumeMsMax });
    },
    /** Ends the adding, and proves that every accepted job was done once. */
    settle: async () => {
      goesOn = false;
      await adding;
      await poll(
        'every accepted job to succeed',
        async () => {
          const jobs = await Promise.all(accepted.map((id) => producer.get(id)));
          expect(jobs).not.toContain(undefined);
          return jobs.every((job) => job?.state === 'succeeded');
        },
        { timeoutMs: 40_000, everyMs: 200 },
      );
      expect([...effects.values()].filter((count) => count !== 1)).toEqual([]);
      expect(refusals.filter(({ code }) => code !== 'STORAGE_UNAVAILABLE')).toEqual([]);
      return accepted.length;
    },
  };
}

async function openTokens(url: string) {
  const connection = connectRedis(url, { onProblem: () => undefined });
  closers.push(() => connection.close());
  await connection.ready(10_000);
  const tokens = createRedisTokenStore({ connection });
  await tokens.add(token);
  return { isThere: async () => (await tokens.findByHash(token.hash))?.id === token.id };
}

describe('Redis as one server', () => {
  let server: RedisServer;
  let admin: Redis;
  beforeEach(async () => {
    server = await startRedis({ appendOnly: true, arguments: ['--maxmemory', '20mb'] });
    closers.push(() => server.close());
    admin = new Redis(server.url, { lazyConnect: true });
    admin.on('error', () => undefined);
    closers.push(() => admin.disconnect());
  });

  it('stopped for ten seconds: adding fails at once, then everything goes on', { timeout: 120_000 }, async () => {
    const tokens = await openTokens(server.url);
    const traffic = await openTraffic(server.url);
    await server.kill();
    await passes(10_000);
    expect(traffic.refusals.length).toBeGreaterThan(5);
    expect(Math.max(...traffic.refusals.map(({ ms }) => ms))).toBeLessThan(addMsMax + schedulingMs);
    await server.restart();
    await traffic.resumes();
    await poll('the tokens to be readable', () => tokens.isThere().catch(() => false));
    await traffic.settle();
  });

  it('silent for five seconds (CLIENT PAUSE): adding fails within a second, then goes on', {
    timeout: 120_000,
  }, async () => {
    const traffic = await openTraffic(server.url);
    await admin.client('PAUSE', 5_000);
    await poll('adding to be refused', () => traffic.refusals.length > 1);
    expect(Math.max(...traffic.refusals.map(({ ms }) => ms))).toBeLessThan(addMsMax + schedulingMs);
    await traffic.resumes();
    await traffic.settle();
  });

  it('killed with -9 and started again from its append-only file', { timeout: 120_000 }, async () => {
    const tokens = await openTokens(server.url);
    const traffic = await openTraffic(server.url);
    for (let round = 0; round < 3; round++) {
      await server.restart();
      await traffic.resumes();
    }
    await poll('the tokens to be readable', () => tokens.isThere().catch(() => false));
    await traffic.settle();
  });

  it('full (noeviction): adding fails with a typed error, tokens can be read, and it recovers', {
    timeout: 120_000,
  }, async () => {
    const tokens = await openTokens(server.url);
    const traffic = await openTraffic(server.url);
    await fill(admin);
    await poll('adding to be refused', () => traffic.refusals.length > 5);
    expect(await tokens.isThere()).toBe(true);
    await admin.del('filler');
    await traffic.resumes();
    await traffic.settle();
  });
});

describe('Redis behind sentinels', () => {
  it('fails over to the replica when the master is killed', { timeout: 120_000 }, async () => {
    const fleet = await startRedisFleet({ sentinels: 1 });
    closers.push(() => fleet.close());
    const tokens = await openTokens(fleet.url);
    const traffic = await openTraffic(fleet.url);
    await fleet.failOver();
    await traffic.resumes();
    await poll('the tokens to be readable', () => tokens.isThere().catch(() => false));
    await traffic.settle();
  });
});

/** On a machine that does more than this, a timer fires late: what is measured here is not its speed. */
const schedulingMs = 1_500;

const at = (location: string) => ({ driver: 'redis', location }) as const;

const token: AccessTokenRecord = {
  id: 'token_1',
  hash: 'a'.repeat(64),
  subject: 'owner',
  clientId: 'faults',
  scopes: ['cms:read'],
  issuedAtMs: 0,
  expiresAtMs: Number.MAX_SAFE_INTEGER,
};

function newJob(id: string): NewJob {
  return { id, queue: 'publishing', kind: 'test_job', owner: 'owner', input: null, attemptsMax: 5, backoffMs: 100 };
}

async function passes(ms: number): Promise<void> {
  const overMs = performance.now() + ms;
  await poll('time to pass', () => performance.now() > overMs, { timeoutMs: 2 * ms });
}

/** Adds to one key until Redis refuses, so that deleting it makes room again. */
async function fill(admin: Redis): Promise<void> {
  await poll(
    'Redis to be full',
    async () => {
      try {
        await admin.append('filler', 'x'.repeat(200_000));
        return false;
      } catch (error) {
        // The refusal that is waited for.
        return String(error).includes('OOM');
      }
    },
    { everyMs: 0 },
  );
  // The last bytes too, so that a small job does not fit either.
  for (const bytes of [20_000, 2_000, 200]) {
    await poll(
      'Redis to be full',
      () =>
        admin.append('filler', 'x'.repeat(bytes)).then(
          () => false,
          () => true,
        ),
      { everyMs: 0 },
    );
  }
}
