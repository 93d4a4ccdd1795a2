import { DomainError } from '../../../domain/errors.ts';
import type { AccessTokenRecord } from '../../../domain/model/access-token.ts';
import type { TokenStore } from '../../../domain/ports/token-store.ts';
import type { RedisConnection } from './connection.ts';
import { inBatches } from './in-batches.ts';
import { keys } from './keys.ts';

/**
 * Access tokens in Redis: a hash for each token with its record and, once revoked, the time of it; and an index from
 * ids to the hashes of tokens. Neither ends by itself. Durable as far as Redis is: see `checkRedisSettings`.
 *
 * Throws `STORAGE_UNAVAILABLE` while Redis is away, `CONFLICT` for an id or a hash that is there already.
 */
export function createRedisTokenStore({ connection }: RedisTokenStoreOptions): TokenStore {
  return {
    async add(record) {
      const isAdded = await connection.run((client) =>
        client.eval(
          addScript,
          2,
          keys.token(record.hash),
          keys.tokenIndex,
          record.id,
          record.hash,
          JSON.stringify({ ...record, revokedAtMs: undefined }),
          record.revokedAtMs ?? '',
        ),
      );
      if (isAdded !== 1) throw new DomainError('CONFLICT', 'A token with this id or hash exists already.');
    },
    findByHash: async (hash) => read(await connection.run((client) => client.hgetall(keys.token(hash)))),
    async list() {
      const hashes = await connection.run((client) => client.hvals(keys.tokenIndex));
      const records = await inBatches(hashes, async (hash) =>
        read(await connection.run((client) => client.hgetall(keys.token(hash)))),
      );
      return records.filter((record) => record !== undefined).sort((a, b) => a.issuedAtMs - b.issuedAtMs);
    },
    async revoke(id, atMs) {
      const hash = await connection.run((client) => client.hget(keys.tokenIndex, id));
      if (hash === null) return false;
      // Law: the first time of revocation stays.
      await connection.run((client) => client.hsetnx(keys.token(hash), 'revokedAtMs', atMs));
      return true;
    },
    close: async () => undefined,
  };
}

export interface RedisTokenStoreOptions {
  /** Closed by whoever opened it. */
  readonly connection: RedisConnection;
}

/**
 * Adds a token with its entry in the index, both or none.
 * KEYS: the token, the index. ARGV: the id, the hash, the record, the time of revocation or nothing. Returns 1, or 0 when
 * the id or the hash exists.
 */
const addScript = `
if redis.call('EXISTS', KEYS[1]) == 1 or redis.call('HEXISTS', KEYS[2], ARGV[1]) == 1 then return 0 end
redis.call('HSET', KEYS[1], 'record', ARGV[3])
if ARGV[4] ~= '' then redis.call('HSET', KEYS[1], 'revokedAtMs', ARGV[4]) end
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
return 1`;

function read(fields: Readonly<Record<string, string>>): AccessTokenRecord | undefined {
  const text = fields['record'];
  if (text === undefined) return undefined;
  // Only `add` writes this field.
  const record = JSON.parse(text) as AccessTokenRecord;
  const revokedAtMs = fields['revokedAtMs'];
  return revokedAtMs === undefined ? record : { ...record, revokedAtMs: Number(revokedAtMs) };
}
