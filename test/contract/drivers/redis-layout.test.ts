import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectRedis, type RedisConnection } from '../../../src/adapters/outbound/redis/connection.ts';
import { keys } from '../../../src/adapters/outbound/redis/keys.ts';
import { claimLayout, layoutVersion } from '../../../src/adapters/outbound/redis/layout.ts';
import { type RedisServer, startRedis } from '../../support/redis.ts';
import { runCommand } from '../../support/server-process.ts';

describe('the layout of what is kept in Redis', () => {
  let redis: RedisServer;
  let connection: RedisConnection;
  const stored = () => connection.client.get(keys.layout);

  beforeAll(async () => {
    redis = await startRedis();
    connection = connectRedis(redis.url, { onProblem: () => undefined });
    await connection.ready(10_000);
  });
  afterAll(async () => {
    await connection.close();
    await redis.close();
  });

  it('is written down once, and only raised', async () => {
    await Promise.all([1, 2, 3].map(() => claimLayout(connection)));
    expect(await stored()).toBe(String(layoutVersion));
    await claimLayout(connection, layoutVersion + 1);
    expect(await stored()).toBe(String(layoutVersion + 1));
  });

  it('of a newer version stops this one, which changes nothing', async () => {
    await connection.client.set(keys.layout, '999');
    await expect(claimLayout(connection)).rejects.toMatchObject({
      code: 'STORAGE_UNAVAILABLE',
      message: expect.stringContaining('999'),
    });
    expect(await stored()).toBe('999');
  });

  it('of a newer version stops every program at its start, with what to do', async () => {
    await connection.client.set(keys.layout, '999');
    const before = await connection.client.dbsize();
    const ended = await runCommand(['token', 'list'], { REDIS_URL: redis.url });
    expect(ended.exitCode).toBe(1);
    expect(ended.stderr).toContain('written by a newer version');
    expect(await connection.client.dbsize()).toBe(before);
  });
});
