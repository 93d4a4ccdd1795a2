import { DomainError } from '../../../domain/errors.ts';
import type { DataKeyStore, StoredDataKey } from '../../../domain/ports/data-key-store.ts';
import type { RedisConnection } from './connection.ts';
import { keys } from './keys.ts';

/**
 * Data keys as one hash in Redis: id to the key as JSON.
 *
 * Throws `STORAGE_UNAVAILABLE` while Redis is away, `CONFLICT` for an id that is there already.
 */
export function createRedisDataKeyStore({ connection }: RedisDataKeyStoreOptions): DataKeyStore {
  return {
    async add(key) {
      const added = await connection.run((client) => client.hsetnx(keys.dataKeys, key.id, JSON.stringify(key)));
      if (added === 0) throw new DomainError('CONFLICT', 'A data key with this id exists already.');
    },
    async list() {
      const texts = await connection.run((client) => client.hvals(keys.dataKeys));
      // Only `add` and `rewrap` write these fields.
      return texts.map((text) => JSON.parse(text) as StoredDataKey).sort(byAge);
    },
    rewrap: async (id, from, to) =>
      (await connection.run((client) => client.eval(rewrapScript, 1, keys.dataKeys, id, from, to))) === 1,
    async remove(id) {
      await connection.run((client) => client.hdel(keys.dataKeys, id));
    },
    close: async () => undefined,
  };
}

export interface RedisDataKeyStoreOptions {
  /** Closed by whoever opened it. */
  readonly connection: RedisConnection;
}

/**
 * Replaces a wrapped key that is still what it was.
 * KEYS: the keys. ARGV: the id, the wrapped key before and after. Returns 1, or 0 when it is another one or gone.
 */
const rewrapScript = `
local text = redis.call('HGET', KEYS[1], ARGV[1])
if not text then return 0 end
local key = cjson.decode(text)
if key.wrapped ~= ARGV[2] then return 0 end
key.wrapped = ARGV[3]
redis.call('HSET', KEYS[1], ARGV[1], cjson.encode(key))
return 1`;

function byAge(one: StoredDataKey, other: StoredDataKey): number {
  return one.createdAtMs - other.createdAtMs || (one.id < other.id ? -1 : 1);
}
