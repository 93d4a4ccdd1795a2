import { afterAll, beforeAll } from 'vitest';
import { emptied, type RedisServer, startRedis } from '../../support/redis.ts';
import { temporaryFolder } from '../../support/server-process.ts';
import { openWholeStorage } from '../../support/whole-storage.ts';
import { storageDumpContract } from '../suites/storage-dump.ts';

storageDumpContract({
  name: 'sqlite',
  open: async () => {
    const folder = temporaryFolder();
    const open = (name: string) => openWholeStorage({ driver: 'sqlite', location: `${folder.path}/${name}.db` });
    const [full, other, empty] = [await open('full'), await open('full'), await open('empty')];
    return {
      full,
      other,
      empty,
      close: async () => {
        for (const storage of [full, other, empty]) await storage.close();
        folder.remove();
      },
    };
  },
});

let servers: readonly [RedisServer, RedisServer];
beforeAll(async () => {
  servers = [await startRedis(), await startRedis()];
});
afterAll(async () => {
  for (const server of servers) await server.close();
});

storageDumpContract({
  name: 'redis',
  open: async () => {
    const open = (server: RedisServer) => openWholeStorage({ driver: 'redis', location: server.url });
    for (const { url } of servers) await emptied(url);
    const [full, other, empty] = [await open(servers[0]), await open(servers[0]), await open(servers[1])];
    return {
      full,
      other,
      empty,
      close: async () => {
        for (const storage of [full, other, empty]) await storage.close();
      },
    };
  },
});
