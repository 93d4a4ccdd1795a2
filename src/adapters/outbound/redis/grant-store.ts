import type { Grant, RevocationReason } from '../../../domain/model/grant.ts';
import type { GrantStore } from '../../../domain/ports/grant-store.ts';
import type { RedisConnection } from './connection.ts';
import { inBatches } from './in-batches.ts';
import { keys } from './keys.ts';

/**
 * Grants in Redis: a hash for each, and the set of their ids. What changes by itself (last use, revocation) is in fields
 * of its own; a hash without a record is a grant that was revoked before it was put. None ends by itself.
 *
 * Throws `STORAGE_UNAVAILABLE` while Redis is away.
 */
export function createRedisGrantStore({ connection }: RedisGrantStoreOptions): GrantStore {
  const find = async (id: string): Promise<Grant | undefined> =>
    read(await connection.run((client) => client.hgetall(keys.grant(id))));
  return {
    async put(grant) {
      const { lastUsedAtMs, revokedAtMs, revocationReason, ...record } = grant;
      await connection.run((client) =>
        client.eval(
          putScript,
          2,
          keys.grant(grant.id),
          keys.grantIndex,
          grant.id,
          JSON.stringify(record),
          lastUsedAtMs,
          revokedAtMs ?? '',
          revocationReason ?? '',
        ),
      );
    },
    find,
    async list({ subject, clientId, sourceTokenId }) {
      const ids = await connection.run((client) => client.smembers(keys.grantIndex));
      const grants = (await inBatches(ids, find)).filter((grant) => grant !== undefined);
      return grants
        .filter((grant) => subject === undefined || grant.subject === subject)
        .filter((grant) => clientId === undefined || grant.clientId === clientId)
        .filter((grant) => sourceTokenId === undefined || grant.sourceTokenId === sourceTokenId)
        .sort((one, other) => other.createdAtMs - one.createdAtMs || (one.id < other.id ? -1 : 1));
    },
    async touch(id, atMs) {
      await connection.run((client) => client.eval(touchScript, 1, keys.grant(id), atMs));
    },
    revoke: async (id, atMs, reason) =>
      (await connection.run((client) => client.eval(revokeScript, 1, keys.grant(id), atMs, reason))) === 1,
    close: async () => undefined,
  };
}

export interface RedisGrantStoreOptions {
  /** Closed by whoever opened it. */
  readonly connection: RedisConnection;
}

/**
 * Writes a grant with its entry in the index; what was revoked stays so.
 * KEYS: the grant, the index. ARGV: the id, the record, the last use, time and reason of revocation or nothing.
 */
const putScript = `
redis.call('HSET', KEYS[1], 'record', ARGV[2])
local used = tonumber(redis.call('HGET', KEYS[1], 'lastUsedAtMs') or '0')
if tonumber(ARGV[3]) >= used then redis.call('HSET', KEYS[1], 'lastUsedAtMs', ARGV[3]) end
if ARGV[4] ~= '' and redis.call('HSETNX', KEYS[1], 'revokedAtMs', ARGV[4]) == 1 then
  redis.call('HSET', KEYS[1], 'revocationReason', ARGV[5])
end
redis.call('SADD', KEYS[2], ARGV[1])
return 1`;

/** Moves the last use of a grant that is there. KEYS: the grant. ARGV: the time. */
const touchScript = `
local used = redis.call('HGET', KEYS[1], 'lastUsedAtMs')
if used and tonumber(ARGV[1]) > tonumber(used) then redis.call('HSET', KEYS[1], 'lastUsedAtMs', ARGV[1]) end
return 1`;

/**
 * Marks a grant as revoked, known or not.
 * KEYS: the grant. ARGV: time and reason. Returns 1, or 0 when it was revoked before.
 */
const revokeScript = `
if redis.call('HSETNX', KEYS[1], 'revokedAtMs', ARGV[1]) == 0 then return 0 end
redis.call('HSET', KEYS[1], 'revocationReason', ARGV[2])
return 1`;

function read(fields: Readonly<Record<string, string>>): Grant | undefined {
  const { record, lastUsedAtMs, revokedAtMs, revocationReason } = fields;
  if (record === undefined) return undefined;
  return {
    // Only the scripts above write these fields.
    ...(JSON.parse(record) as Omit<Grant, 'lastUsedAtMs'>),
    lastUsedAtMs: Number(lastUsedAtMs),
    ...(revokedAtMs === undefined ? {} : { revokedAtMs: Number(revokedAtMs) }),
    ...(revocationReason === undefined ? {} : { revocationReason: revocationReason as RevocationReason }),
  };
}
