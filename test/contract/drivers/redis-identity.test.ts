import { afterAll, beforeAll } from 'vitest';
import { createClock } from '../../../src/adapters/outbound/node/clock.ts';
import { createIdSource } from '../../../src/adapters/outbound/node/id-source.ts';
import { createSealer } from '../../../src/adapters/outbound/node/sealer.ts';
import { connectRedis, type RedisConnection } from '../../../src/adapters/outbound/redis/connection.ts';
import { createRedisDataKeyStore } from '../../../src/adapters/outbound/redis/data-key-store.ts';
import { createRedisGrantStore } from '../../../src/adapters/outbound/redis/grant-store.ts';
import { createRedisLockdownSwitch } from '../../../src/adapters/outbound/redis/lockdown-switch.ts';
import { createRedisOAuthRecords } from '../../../src/adapters/outbound/redis/oauth-records.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { testMasterKey } from '../../support/master-key.ts';
import { poll } from '../../support/poll.ts';
import { type RedisServer, startRedis } from '../../support/redis.ts';
import { inProcesses } from '../../support/store-processes.ts';
import { dataKeyStoreContract } from '../suites/data-key-store.ts';
import { grantStoreContract } from '../suites/grant-store.ts';
import { lockdownSwitchContract } from '../suites/lockdown-switch.ts';
import { oauthRecordsContract, raceKind } from '../suites/oauth-records.ts';
import { sealerContract } from '../suites/sealer.ts';

const connectTimeoutMs = 10_000;
const otherMasterKey = new Uint8Array(32).fill(8);

let redis: RedisServer;

beforeAll(async () => {
  redis = await startRedis({ appendOnly: true });
});

afterAll(async () => {
  await redis.close();
});

sealerContract({
  name: 'node, keys in redis',
  open: async () => {
    const { connect, dump, close } = await openRedis();
    const clock = createFakeClock();
    const connections = [await connect(), await connect()] as const;
    const open = (connection: RedisConnection, keys: readonly ('first' | 'second')[]) =>
      createSealer({
        masterKeys: keys.map((key) => (key === 'first' ? testMasterKey : otherMasterKey)),
        store: createRedisDataKeyStore({ connection }),
        clock,
        ids: createIdSource(),
      });
    return {
      subject: open(connections[0], ['first']),
      other: open(connections[1], ['first']),
      withKeys: (keys) => open(connections[1], keys),
      elapse: (ms) => clock.advance(ms),
      stored: dump,
      close,
    };
  },
});

dataKeyStoreContract({
  name: 'redis',
  open: async () => {
    const { connect, restart, close } = await openRedis();
    return {
      subject: createRedisDataKeyStore({ connection: await connect() }),
      other: createRedisDataKeyStore({ connection: await connect() }),
      crash: async () => createRedisDataKeyStore({ connection: await restart() }),
      close,
    };
  },
});

lockdownSwitchContract({
  name: 'redis',
  open: async () => {
    const { connect, restart, close } = await openRedis();
    return {
      subject: createRedisLockdownSwitch({ connection: await connect() }),
      other: createRedisLockdownSwitch({ connection: await connect() }),
      crash: async () => createRedisLockdownSwitch({ connection: await restart() }),
      close,
    };
  },
});

grantStoreContract({
  name: 'redis',
  open: async () => {
    const { connect, restart, close } = await openRedis();
    return {
      subject: createRedisGrantStore({ connection: await connect() }),
      other: createRedisGrantStore({ connection: await connect() }),
      crash: async () => createRedisGrantStore({ connection: await restart() }),
      close,
    };
  },
});

oauthRecordsContract({
  name: 'redis',
  open: async () => {
    const { connect, restart, dump, close } = await openRedis();
    const open = (connection: RedisConnection) => {
      const store = createRedisDataKeyStore({ connection });
      const sealer = createSealer({ masterKeys: [testMasterKey], store, clock: createClock(), ids: createIdSource() });
      return { sealer, records: createRedisOAuthRecords({ connection, sealer }) };
    };
    const { sealer, records } = open(await connect());
    return {
      subject: records,
      other: open(await connect()).records,
      sealer,
      // Redis has a clock of its own, so the time really passes.
      elapse: async (seconds) => {
        const overMs = performance.now() + seconds * 1000;
        await poll('time to pass', () => performance.now() > overMs);
      },
      race: (act, hashes) =>
        inProcesses(
          { driver: 'redis', location: redis.url },
          Array.from({ length: 3 }, () => ({
            act: act === 'create' ? 'create-oauth' : 'consume-oauth',
            kind: raceKind,
            hashes,
          })),
        ),
      crash: async () => open(await restart()).records,
      stored: dump,
      close,
    };
  },
});

/** The one Redis, emptied for one law, with as many connections as the law has processes. */
async function openRedis() {
  const connections: RedisConnection[] = [];
  const connect = async () => {
    // A connection that breaks is part of these tests; what the drivers make of it is what counts.
    const connection = connectRedis(redis.url, { onProblem: () => undefined });
    connections.push(connection);
    await connection.ready(connectTimeoutMs);
    return connection;
  };
  const { client } = await connect();
  await client.flushall();
  return {
    connect,
    restart: async () => {
      await redis.restart();
      return connect();
    },
    /** Every key with its value, each on a line. */
    dump: async () => {
      const lines: string[] = [];
      for (const key of await client.keys('*')) {
        const type = await client.type(key);
        const value =
          type === 'hash'
            ? await client.hgetall(key)
            : type === 'set'
              ? await client.smembers(key)
              : await client.get(key);
        lines.push(`${key} ${JSON.stringify(value)}`);
      }
      return lines.sort().join('\n');
    },
    close: async () => {
      await Promise.all(connections.map((connection) => connection.close()));
    },
  };
}
