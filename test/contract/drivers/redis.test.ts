import { afterAll, beforeAll } from 'vitest';
import { createMemoryEventBus } from '../../../src/adapters/outbound/memory/event-bus.ts';
import { createMemoryRateLimiter } from '../../../src/adapters/outbound/memory/rate-limiter.ts';
import { createCalendar } from '../../../src/adapters/outbound/node/calendar.ts';
import { createDigest } from '../../../src/adapters/outbound/node/digest.ts';
import { createIdSource } from '../../../src/adapters/outbound/node/id-source.ts';
import { createRedisAuditLog } from '../../../src/adapters/outbound/redis/audit-log.ts';
import { createRedisCache } from '../../../src/adapters/outbound/redis/cache.ts';
import { connectRedis, type RedisConnection } from '../../../src/adapters/outbound/redis/connection.ts';
import { createRedisEventBus } from '../../../src/adapters/outbound/redis/event-bus.ts';
import { createRedisExpiringRecords } from '../../../src/adapters/outbound/redis/expiring-records.ts';
import { createRedisJobScheduler } from '../../../src/adapters/outbound/redis/job-scheduler.ts';
import { keys as redisKeys } from '../../../src/adapters/outbound/redis/keys.ts';
import { createRedisLock } from '../../../src/adapters/outbound/redis/lock.ts';
import { createRedisRateLimiter } from '../../../src/adapters/outbound/redis/rate-limiter.ts';
import { createRedisTokenStore } from '../../../src/adapters/outbound/redis/token-store.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { poll } from '../../support/poll.ts';
import { type RedisServer, startRedis } from '../../support/redis.ts';
import { inProcesses } from '../../support/store-processes.ts';
import { auditLogContract } from '../suites/audit-log.ts';
import { cacheContract, cacheSize } from '../suites/cache.ts';
import { eventBusContract } from '../suites/event-bus.ts';
import { expiringRecordsContract } from '../suites/expiring-records.ts';
import { jobSchedulerContract } from '../suites/job-scheduler.ts';
import { lockContract } from '../suites/lock.ts';
import { rateLimiterContract, shortWindowSeconds } from '../suites/rate-limiter.ts';
import { tokenStoreContract } from '../suites/token-store.ts';

const connectTimeoutMs = 10_000;

let redis: RedisServer;

beforeAll(async () => {
  redis = await startRedis({ appendOnly: true });
});

afterAll(async () => {
  await redis.close();
});

tokenStoreContract({
  name: 'redis',
  open: async () => {
    const { connect, close } = await openRedis();
    return {
      subject: createRedisTokenStore({ connection: await connect() }),
      other: createRedisTokenStore({ connection: await connect() }),
      addAndCrash: async (tokens) => {
        await inProcesses({ driver: 'redis', location: redis.url }, [{ act: 'add-tokens', tokens }]);
        await redis.restart();
        return createRedisTokenStore({ connection: await connect() });
      },
      close,
    };
  },
});

expiringRecordsContract({
  name: 'redis',
  open: async () => {
    const { connect, close } = await openRedis();
    const place = { driver: 'redis', location: redis.url } as const;
    return {
      subject: createRedisExpiringRecords({ connection: await connect() }),
      other: createRedisExpiringRecords({ connection: await connect() }),
      elapse: (seconds) => timePasses(seconds * 1000),
      race: (act, keys) =>
        inProcesses(
          place,
          Array.from({ length: 3 }, () => ({ act, keys })),
        ),
      writeAndCrash: async (act, keys) => {
        await inProcesses(place, [{ act, keys }]);
        await redis.restart();
        return createRedisExpiringRecords({ connection: await connect() });
      },
      close,
    };
  },
});

lockContract({
  name: 'redis',
  open: async () => {
    const { connect, close } = await openRedis();
    return {
      subject: createRedisLock({ connection: await connect() }),
      other: createRedisLock({ connection: await connect() }),
      elapse: timePasses,
      race: (keys, ttlMs) =>
        inProcesses(
          { driver: 'redis', location: redis.url },
          Array.from({ length: 3 }, () => ({ act: 'acquire', keys, ttlMs })),
        ),
      restart: async () => {
        await redis.restart();
        return createRedisLock({ connection: await connect() });
      },
      close,
    };
  },
});

auditLogContract({
  name: 'redis',
  open: async () => {
    const { connect, close } = await openRedis();
    const open = async () => createRedisAuditLog({ connection: await connect(), digest: createDigest() });
    const { client } = await connect();
    return {
      subject: await open(),
      other: await open(),
      appendInProcesses: async (subjects, count) => {
        await inProcesses(
          { driver: 'redis', location: redis.url },
          subjects.map((subject) => ({ act: 'append-audit', subject, count })),
        );
      },
      raw: {
        read: async (sequence) => String(await client.lindex(redisKeys.audit, sequence - 1)),
        write: async (sequence, text) => void (await client.lset(redisKeys.audit, sequence - 1, text)),
        remove: async (sequence) => {
          await client.lset(redisKeys.audit, sequence - 1, 'to be removed');
          await client.lrem(redisKeys.audit, 1, 'to be removed');
        },
        putIn: async (_sequence, text) => void (await client.rpush(redisKeys.audit, text)),
      },
      close,
    };
  },
});

jobSchedulerContract({
  name: 'redis',
  open: async () => {
    const { connect, close } = await openRedis();
    const clock = createFakeClock(Date.now());
    const open = async () =>
      createRedisJobScheduler({ connection: await connect(), clock, calendar: createCalendar() });
    const { client } = await connect();
    return {
      subject: await open(),
      other: await open(),
      clock,
      putAndCrash: async (schedule) => {
        await inProcesses({ driver: 'redis', location: redis.url }, [{ act: 'put-schedule', schedule }]);
        await redis.restart();
        return open();
      },
      keptSeconds: (id) => client.ttl(redisKeys.schedule(id)),
      close,
    };
  },
});

cacheContract({
  name: 'redis',
  open: async () => {
    const { connect, breakStore, mendStore, close } = await openRedis();
    const problems: unknown[] = [];
    const clock = createFakeClock();
    const openCache = async () =>
      createRedisCache({
        connection: await connect(),
        clock,
        ids: createIdSource(),
        maxSize: cacheSize,
        onProblem: (error) => problems.push(error),
      });
    const caches = [await openCache(), await openCache()] as const;
    return {
      subject: caches[0],
      other: caches[1],
      clock,
      problems,
      forgetShared: async () => {
        const { client } = await connect();
        const kept = await client.keys(redisKeys.cached('*'));
        if (kept.length > 0) await client.del(kept);
      },
      emptyShared: async () => {
        await (await connect()).client.flushall();
      },
      breakStore,
      mendStore,
      close: async () => {
        await Promise.all(caches.map((cache) => cache.close()));
        await close();
      },
    };
  },
});

eventBusContract({
  name: 'redis',
  open: async () => {
    const { connect, breakStore, mendStore, close } = await openRedis();
    const problems: unknown[] = [];
    const openBus = async () => {
      const onProblem = (error: unknown) => problems.push(error);
      const local = createMemoryEventBus({ onProblem });
      return createRedisEventBus({ connection: await connect(), local, ids: createIdSource(), onProblem });
    };
    const buses = [await openBus(), await openBus()] as const;
    const { client } = await connect();
    await poll('both to listen', async () => (await client.pubsub('NUMSUB', redisKeys.events))[1] === buses.length);
    return {
      subject: buses[0],
      other: buses[1],
      problems,
      breakStore: () => breakStore('gone'),
      mendStore: async () => {
        await mendStore();
        await poll('both to listen', async () => (await client.pubsub('NUMSUB', redisKeys.events))[1] === buses.length);
      },
      close: async () => {
        await Promise.all(buses.map((bus) => bus.close()));
        await close();
      },
    };
  },
});

rateLimiterContract({
  name: 'redis',
  open: async () => {
    const { connect, breakStore, close } = await openRedis();
    const problems: unknown[] = [];
    const openLimiter = async (options: { readonly windowSeconds?: number } = {}) =>
      createRedisRateLimiter({
        connection: await connect(),
        alone: createMemoryRateLimiter(options),
        onProblem: (error) => problems.push(error),
        ...options,
      });
    return {
      subject: await openLimiter(),
      other: await openLimiter(),
      short: await openLimiter({ windowSeconds: shortWindowSeconds }),
      problems,
      breakStore: () => breakStore('gone'),
      close,
    };
  },
});

/** Redis has a clock of its own, so the time really passes. */
async function timePasses(ms: number): Promise<void> {
  const overMs = performance.now() + ms;
  await poll('time to pass', () => performance.now() > overMs);
}

type Breakage = 'gone' | 'silent' | 'read-only';

/** The one Redis, emptied for one law, with as many connections as the law has processes. */
async function openRedis() {
  const connections: RedisConnection[] = [];
  let broken: Breakage | undefined;
  const connect = async () => {
    // A connection that breaks is part of these tests; what the drivers make of it is what counts.
    const connection = connectRedis(redis.url, { onProblem: () => undefined });
    connections.push(connection);
    await connection.ready(connectTimeoutMs);
    return connection;
  };
  const breakStore = async (how: Breakage) => {
    broken = how;
    if (how === 'silent') return redis.pause();
    // A Redis that misses its replicas refuses writes and goes on answering reads.
    if (how === 'read-only') return void (await client.config('SET', 'min-replicas-to-write', '1'));
    await redis.kill();
    await poll('the loss to be noticed', () => connections.every(({ client }) => client.status !== 'ready'));
  };
  const mendStore = async () => {
    if (broken === 'silent') redis.resume();
    if (broken === 'gone') await redis.restart();
    await Promise.all(connections.map((connection) => connection.ready(connectTimeoutMs)));
    if (broken === 'read-only') await client.config('SET', 'min-replicas-to-write', '0');
    broken = undefined;
  };
  const { client } = await connect();
  await client.flushall();
  return {
    connect,
    breakStore,
    mendStore,
    close: async () => {
      await mendStore();
      await Promise.all(connections.map((connection) => connection.close()));
    },
  };
}
