import type { NewOAuthRecord, OAuthRecord, OAuthRecords } from '../../../domain/ports/oauth-records.ts';
import type { Sealer } from '../../../domain/ports/sealer.ts';
import type { RedisConnection } from './connection.ts';
import { keys } from './keys.ts';

/**
 * The authorization server's records in Redis, which ends them itself by its own clock: a hash for each record, a key
 * for each further id that it is found by, a set for each grant. What has to happen at once is one script.
 *
 * Throws `STORAGE_UNAVAILABLE` while Redis is away.
 */
export function createRedisOAuthRecords({ connection, sealer }: RedisOAuthRecordsOptions): OAuthRecords {
  const write = async (record: NewOAuthRecord, mode: 'put' | 'create'): Promise<boolean> => {
    const { kind, hash, grantId, uidHash, userCodeHash, ttlSeconds } = record;
    const sealed = await sealer.seal(JSON.stringify(record.value), contextOf(kind, hash));
    const written = await connection.run((client) =>
      client.eval(
        writeScript,
        5,
        keys.oauthRecord(kind, hash),
        uidHash === undefined ? '' : keys.oauthRecordByUid(kind, uidHash),
        userCodeHash === undefined ? '' : keys.oauthRecordByUserCode(kind, userCodeHash),
        grantId === undefined ? '' : keys.oauthRecordsOfGrant(grantId),
        grantId === undefined ? '' : keys.oauthRevokedGrant(grantId),
        mode,
        sealed,
        hash,
        grantId ?? '',
        // Redis takes whole milliseconds, and none is an error to it.
        ttlSeconds === undefined ? 0 : Math.max(Math.ceil(ttlSeconds * 1000), 1),
      ),
    );
    return written === 1;
  };
  const find = async (kind: string, hash: string): Promise<OAuthRecord | undefined> => {
    const { sealed, grantId, consumedAtMs } = await connection.run((client) =>
      client.hgetall(keys.oauthRecord(kind, hash)),
    );
    if (sealed === undefined) return undefined;
    return {
      hash,
      value: JSON.parse(await sealer.open(sealed, contextOf(kind, hash))),
      ...(grantId === undefined ? {} : { grantId }),
      ...(consumedAtMs === undefined ? {} : { consumedAtMs: Number(consumedAtMs) }),
    };
  };
  const findBy = async (kind: string, key: string): Promise<OAuthRecord | undefined> => {
    const hash = await connection.run((client) => client.get(key));
    return hash === null ? undefined : find(kind, hash);
  };

  return {
    put: (record) => write(record, 'put'),
    create: (record) => write(record, 'create'),
    find,
    findByUid: (kind, uidHash) => findBy(kind, keys.oauthRecordByUid(kind, uidHash)),
    findByUserCode: (kind, userCodeHash) => findBy(kind, keys.oauthRecordByUserCode(kind, userCodeHash)),
    consume: async (kind, hash, atMs) =>
      (await connection.run((client) => client.eval(consumeScript, 1, keys.oauthRecord(kind, hash), atMs))) === 1,
    async remove(kind, hash) {
      await connection.run((client) => client.del(keys.oauthRecord(kind, hash)));
    },
    async revokeGrant(grantId) {
      await connection.run((client) =>
        client.eval(revokeScript, 2, keys.oauthRecordsOfGrant(grantId), keys.oauthRevokedGrant(grantId)),
      );
    },
    async reseal() {
      let count = 0;
      let cursor = '0';
      do {
        const [next, found] = await connection.run((client) =>
          client.scan(cursor, 'MATCH', keys.oauthRecord('*', '*'), 'COUNT', pageSize),
        );
        for (const key of found) if (await resealKey(key)) count += 1;
        cursor = next;
      } while (cursor !== '0');
      return count;
    },
    close: async () => undefined,
  };

  async function resealKey(key: string): Promise<boolean> {
    const sealed = await connection.run((client) => client.hget(key, 'sealed'));
    if (sealed === null || (await sealer.isCurrent(sealed))) return false;
    const [kind = '', hash = ''] = key.slice(keys.oauthRecord('', '').length - 1).split(':');
    const context = contextOf(kind, hash);
    const renewed = await sealer.seal(await sealer.open(sealed, context), context);
    // Where somebody else wrote meanwhile, the record is sealed with the current key, or found by the next round.
    return (await connection.run((client) => client.eval(resealScript, 1, key, sealed, renewed))) === 1;
  }
}

export interface RedisOAuthRecordsOptions {
  /** Closed by whoever opened it. */
  readonly connection: RedisConnection;
  readonly sealer: Sealer;
}

const pageSize = 200;

/**
 * Writes a record with the keys that it is found by; what is empty is not there.
 * KEYS: the record, its uid, its user code, the set of its grant, the mark of the revoked grant.
 * ARGV: `put` or `create`, the sealed value, the hash of the id, the grant, the milliseconds that it lasts or 0.
 * Returns 1, or 0 when its grant is revoked or, for `create`, the record exists.
 */
const writeScript = `
if KEYS[5] ~= '' and redis.call('EXISTS', KEYS[5]) == 1 then return 0 end
if ARGV[1] == 'create' and redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
redis.call('HDEL', KEYS[1], 'grantId')
redis.call('HSET', KEYS[1], 'sealed', ARGV[2])
if ARGV[4] ~= '' then redis.call('HSET', KEYS[1], 'grantId', ARGV[4]) end
local lasts = tonumber(ARGV[5])
if lasts > 0 then redis.call('PEXPIRE', KEYS[1], lasts) else redis.call('PERSIST', KEYS[1]) end
for i = 2, 3 do
  if KEYS[i] ~= '' then
    redis.call('SET', KEYS[i], ARGV[3])
    if lasts > 0 then redis.call('PEXPIRE', KEYS[i], lasts) end
  end
end
if KEYS[4] ~= '' then
  local isNew = redis.call('EXISTS', KEYS[4]) == 0
  local left = redis.call('PTTL', KEYS[4])
  redis.call('SADD', KEYS[4], KEYS[1])
  if lasts == 0 then redis.call('PERSIST', KEYS[4])
  elseif isNew or (left >= 0 and left < lasts) then redis.call('PEXPIRE', KEYS[4], lasts) end
end
return 1`;

/**
 * Marks a record as used up.
 * KEYS: the record. ARGV: the time. Returns 1, or 0 when it is not there or was used up before.
 */
const consumeScript = `
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
return redis.call('HSETNX', KEYS[1], 'consumedAtMs', ARGV[1])`;

/**
 * Removes all records of a grant and marks it, so that none can come.
 * KEYS: the set of its records, the mark.
 */
const revokeScript = `
redis.call('SET', KEYS[2], '1')
for _, key in ipairs(redis.call('SMEMBERS', KEYS[1])) do redis.call('DEL', key) end
redis.call('DEL', KEYS[1])
return 1`;

/**
 * Replaces a sealed value that is still what it was.
 * KEYS: the record. ARGV: the sealed value before and after. Returns 1, or 0 when it is another one or gone.
 */
const resealScript = `
if redis.call('HGET', KEYS[1], 'sealed') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'sealed', ARGV[2])
return 1`;

function contextOf(kind: string, hash: string): readonly string[] {
  return ['oauth', kind, hash];
}
