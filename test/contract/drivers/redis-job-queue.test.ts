import { afterAll, beforeAll } from 'vitest';
import { connectRedis } from '../../../src/adapters/outbound/redis/connection.ts';
import { type RedisServer, startRedis } from '../../support/redis.ts';
import { jobQueueContract } from '../suites/job-queue.ts';

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.close());

jobQueueContract('Redis', async () => {
  const connection = connectRedis(server.url, { onProblem: () => undefined });
  await connection.ready(5_000);
  await connection.run((client) => client.flushall());
  await connection.close();
  return { driver: 'redis', location: server.url, close: async () => undefined };
});
