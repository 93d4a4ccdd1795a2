import { Redis } from 'ioredis';

/** Reads a Redis server whole, as an intruder would. */
export function createRedisReader(url: string) {
  return {
    /** Every key with its value, as one text. */
    dump: async (): Promise<string> => {
      const client = new Redis(url);
      try {
        const parts: string[] = [];
        for (const key of await client.keys('*')) parts.push(key, await readValue(client, key));
        return parts.join('\n');
      } finally {
        client.disconnect();
      }
    },
  };
}

async function readValue(client: Redis, key: string): Promise<string> {
  switch (await client.type(key)) {
    case 'string':
      return (await client.get(key)) ?? '';
    case 'hash':
      return JSON.stringify(await client.hgetall(key));
    case 'list':
      return JSON.stringify(await client.lrange(key, '0', '-1'));
    case 'set':
      return JSON.stringify(await client.smembers(key));
    case 'zset':
      return JSON.stringify(await client.zrange(key, '0', '-1'));
    case 'stream':
      return JSON.stringify(await client.xrange(key, '-', '+'));
    default:
      return '';
  }
}
