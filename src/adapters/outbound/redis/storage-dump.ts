import { Buffer } from 'node:buffer';
import type { Redis } from 'ioredis';
import { DomainError } from '../../../domain/errors.ts';
import type { Revocation, StateRecord } from '../../../domain/model/backup.ts';
import type { Json } from '../../../domain/model/job.ts';
import { lastingRecordPrefix, passingOAuthKinds, type StorageDump } from '../../../domain/ports/storage-dump.ts';
import type { RedisConnection } from './connection.ts';
import { keys } from './keys.ts';
import { layoutVersion } from './layout.ts';

/**
 * The keys of this server, each as Redis itself writes it down (`DUMP`): every one there is but `leftOut`. Redis has no
 * reads that see one moment, so this is the order: first what stands alone, then the jobs in one script, then whatever
 * points to others or ends them (indexes, revocations, data keys, the log with its head), again in one. So nothing that
 * is pointed to is missing, except what came after; and no revocation is missed that came before.
 *
 * Written back beside what is there, under keys of its own; one script then puts it in its place.
 *
 * Throws `STORAGE_UNAVAILABLE` while Redis is away.
 */
export function createRedisStorageDump({ connection }: RedisStorageDumpOptions): StorageDump {
  /** A whole script may take longer than a caller of other commands would wait. */
  const patiently = async <T>(act: (client: Redis) => Promise<T>): Promise<T> => {
    const client = connection.duplicateForWaiting();
    try {
      return await connection.run(() => act(client));
    } finally {
      client.disconnect();
    }
  };
  return {
    layout: { driver: 'redis', version: layoutVersion },
    read: () => readAll(connection),
    async isEmpty() {
      for await (const page of pagesOfKeys(connection)) if (page.some((key) => !isLeftOut(key))) return false;
      return true;
    },
    async revocations() {
      const revocations: Revocation[] = [];
      for await (const page of pagesOfKeys(connection)) {
        for (const key of page) {
          const revocation = await revocationIn(connection, key);
          if (revocation !== undefined) revocations.push(revocation);
        }
      }
      return revocations;
    },
    async replaceAll(records, revocations) {
      await patiently(async (client) => {
        await clearAside(client);
        try {
          await putAside(client, records);
          await client.eval(replaceScript, 0, keys.all, keys.restoring(''), ...revocationArguments(revocations));
        } finally {
          await clearAside(client);
        }
      });
    },
  };
}

export interface RedisStorageDumpOptions {
  /** Closed by whoever opened it. */
  readonly connection: RedisConnection;
}

const pageSize = 500;

/** Keys that begin so are not in a backup: what is remembered, held or counted for a moment, or used once. */
const leftOut: readonly string[] = [
  keys.layout,
  keys.restoring(''),
  keys.cached(''),
  keys.cacheTag(''),
  keys.lock(''),
  keys.gate('queue:'),
  keys.gate('fleet'),
  keys.rateLimit(''),
  ...passingOAuthKinds.flatMap((kind) => [
    keys.oauthRecord(kind, ''),
    keys.oauthRecordByUid(kind, ''),
    keys.oauthRecordByUserCode(kind, ''),
  ]),
];

/** BullMQ's claims of runs, which end with their workers, and its stream of news. */
const leftOutOfJobs = /:(?:lock|events|stalled|stalled-check)$/;

function isLeftOut(key: string): boolean {
  if (key.startsWith(keys.jobs)) return leftOutOfJobs.test(key);
  if (key.startsWith(keys.record(''))) return !key.startsWith(keys.record(lastingRecordPrefix));
  return leftOut.some((prefix) => key.startsWith(prefix));
}

/** What is read in one script, as patterns of keys, in this order, after everything else. */
const together: Readonly<Record<string, readonly string[]>> = {
  jobs: [`${keys.all}job*`, `${keys.all}gate*`, `${keys.all}schedule*`],
  index: [
    keys.credentialIndex,
    keys.grantIndex,
    keys.tokenIndex,
    keys.grant('*'),
    keys.token('*'),
    keys.oauthRecordsOfGrant('*'),
    keys.oauthRevokedGrant('*'),
    keys.dataKeys,
    keys.lockFence,
    keys.audit,
    keys.auditHead,
  ],
};
const isTogether = new RegExp(
  `^(?:${Object.values(together)
    .flat()
    .map((pattern) => pattern.replaceAll('*', '.*'))
    .join('|')})$`,
);

async function* readAll(connection: RedisConnection): AsyncGenerator<StateRecord> {
  const client = connection.duplicateForWaiting();
  try {
    for await (const page of pagesOfKeys(connection)) {
      const wanted = page.filter((key) => !isLeftOut(key) && !isTogether.test(key));
      yield* asRecords('records', await connection.run(() => client.callBuffer('EVAL', dumpScript, 0, ...wanted)));
    }
    for (const [part, patterns] of Object.entries(together)) {
      const found = await connection.run(() => client.callBuffer('EVAL', dumpMatchingScript, 0, ...patterns));
      yield* asRecords(part, found);
    }
  } finally {
    client.disconnect();
  }
}

/** What the scripts answer for each key: its name, its dump, and the milliseconds that it lasts, or less than 0. */
function* asRecords(part: string, found: unknown): Generator<StateRecord> {
  for (const [key, dump, lastsUntilMs] of found as readonly (readonly [Buffer, Buffer, Buffer])[]) {
    const name = key.toString('utf8');
    if (isLeftOut(name)) continue;
    const untilMs = Number(lastsUntilMs.toString('utf8'));
    const value = { key: name, dump: dump.toString('base64'), ...(untilMs > 0 ? { lastsUntilMs: untilMs } : {}) };
    yield { part, value };
  }
}

async function* pagesOfKeys(connection: RedisConnection): AsyncGenerator<readonly string[]> {
  const seen = new Set<string>();
  let cursor = '0';
  do {
    const [next, found] = await connection.run((client) =>
      client.scan(cursor, 'MATCH', `${keys.all}*`, 'COUNT', pageSize),
    );
    // SCAN may answer a key twice.
    const fresh = [...new Set(found)].filter((key) => !seen.has(key));
    for (const key of fresh) seen.add(key);
    if (fresh.length > 0) yield fresh;
    cursor = next;
  } while (cursor !== '0');
}

async function revocationIn(connection: RedisConnection, key: string): Promise<Revocation | undefined> {
  const isGrant = key.startsWith(keys.grant(''));
  if (!isGrant && !key.startsWith(keys.token(''))) return undefined;
  const { revokedAtMs, revocationReason, record } = await connection.run((client) => client.hgetall(key));
  if (revokedAtMs === undefined) return undefined;
  const atMs = Number(revokedAtMs);
  if (isGrant) {
    const reason = revocationReason === undefined ? {} : { reason: revocationReason };
    return { what: 'grant', id: key.slice(keys.grant('').length), atMs, ...reason };
  }
  // Only the store of tokens writes this field.
  return { what: 'token', id: (JSON.parse(record ?? '{}') as { id: string }).id, atMs };
}

async function putAside(client: Redis, records: AsyncIterable<StateRecord>): Promise<void> {
  let page: DumpedKey[] = [];
  for await (const record of records) {
    page.push(dumpedKeyOf(record));
    if (page.length < pageSize) continue;
    await restorePage(client, page);
    page = [];
  }
  await restorePage(client, page);
}

interface DumpedKey {
  readonly key: string;
  readonly dump: Buffer;
  readonly lastsUntilMs: number;
}

function dumpedKeyOf({ part, value }: StateRecord): DumpedKey {
  const { key, dump, lastsUntilMs } = value as { readonly [name: string]: Json };
  if (typeof key !== 'string' || !key.startsWith(keys.all) || typeof dump !== 'string') throw foreign(part);
  return { key, dump: Buffer.from(dump, 'base64'), lastsUntilMs: typeof lastsUntilMs === 'number' ? lastsUntilMs : 0 };
}

async function restorePage(client: Redis, page: readonly DumpedKey[]): Promise<void> {
  if (page.length === 0) return;
  const pipeline = client.pipeline();
  // A time that has passed is no error: Redis keeps nothing then.
  for (const { key, dump, lastsUntilMs } of page) {
    pipeline.call('RESTORE', keys.restoring(key), lastsUntilMs, dump, ...(lastsUntilMs > 0 ? ['ABSTTL'] : []));
  }
  for (const [error] of (await pipeline.exec()) ?? []) {
    if (error === null) continue;
    if (!/DUMP payload version|Bad data format/.test(error.message)) throw error;
    throw new DomainError(
      'BAD_INPUT',
      'This Redis cannot read what the backup holds: it was made with a newer version of Redis. Restore into one that is at least as new.',
      { cause: error },
    );
  }
}

/** Removes what a restore has put aside, also one that died. */
async function clearAside(client: Redis): Promise<void> {
  let cursor = '0';
  do {
    const [next, found] = await client.scan(cursor, 'MATCH', `${keys.restoring('')}*`, 'COUNT', pageSize);
    if (found.length > 0) await client.unlink(...found);
    cursor = next;
  } while (cursor !== '0');
}

/** The keys that the last script touches for each revocation, and what it writes there. */
function revocationArguments(revocations: readonly Revocation[]): readonly string[] {
  return [
    keys.tokenIndex,
    keys.token(''),
    keys.credentialIndex,
    JSON.stringify(
      revocations.map(({ what, id, atMs, reason }) => ({
        what,
        id,
        // A number would come out of Lua as 1.7e+12.
        at: String(atMs),
        reason: reason ?? 'operator',
        grant: keys.grant(id),
        mark: keys.oauthRevokedGrant(id),
        records: keys.oauthRecordsOfGrant(id),
        credential: keys.credential(id),
      })),
    ),
  ];
}

/** What both scripts do with `names`: answers for each that is there its name, its dump and when it ends, or -1. */
const dumpNames = `
local now = redis.call('TIME')
local nowMs = now[1] * 1000 + math.floor(now[2] / 1000)
local found = {}
for _, key in ipairs(names) do
  local dump = redis.call('DUMP', key)
  if dump then
    local left = redis.call('PTTL', key)
    found[#found + 1] = { key, dump, left < 0 and '-1' or string.format('%.0f', nowMs + left) }
  end
end
return found`;

/** Reads keys at one moment. ARGV: the keys. */
const dumpScript = `local names = ARGV
${dumpNames}`;

/**
 * Reads every key that fits one of the patterns, at one moment, while everybody else waits: so no look through all keys for
 * what is known by its name. ARGV: the patterns.
 */
const dumpMatchingScript = `
local names = {}
for _, pattern in ipairs(ARGV) do
  if string.find(pattern, '*', 1, true) then
    for _, key in ipairs(redis.call('KEYS', pattern)) do names[#names + 1] = key end
  else
    names[#names + 1] = pattern
  end
end
${dumpNames}`;

/**
 * Puts what was put aside in the place of everything, and ends what is revoked.
 * ARGV: what all keys begin with, what those aside begin with, then `revocationArguments`.
 */
const replaceScript = `
local all, aside = ARGV[1], ARGV[2]
local restored = {}
for _, key in ipairs(redis.call('KEYS', all .. '*')) do
  if string.sub(key, 1, #aside) == aside then restored[#restored + 1] = key else redis.call('UNLINK', key) end
end
for _, key in ipairs(restored) do redis.call('RENAME', key, string.sub(key, #aside + 1)) end
local tokenIndex, tokenPrefix, credentialIndex = ARGV[3], ARGV[4], ARGV[5]
for _, revoked in ipairs(cjson.decode(ARGV[6])) do
  if revoked.what == 'token' then
    local hash = redis.call('HGET', tokenIndex, revoked.id)
    if hash then redis.call('HSETNX', tokenPrefix .. hash, 'revokedAtMs', revoked.at) end
  else
    if redis.call('HSETNX', revoked.grant, 'revokedAtMs', revoked.at) == 1 then
      redis.call('HSET', revoked.grant, 'revocationReason', revoked.reason)
    end
    redis.call('SET', revoked.mark, '1')
    for _, key in ipairs(redis.call('SMEMBERS', revoked.records)) do redis.call('DEL', key) end
    redis.call('DEL', revoked.records, revoked.credential)
    redis.call('SREM', credentialIndex, revoked.id)
  end
end
return #restored`;

function foreign(part: string): DomainError {
  return new DomainError('BAD_INPUT', `The backup holds "${part}" in a form that this storage does not know.`);
}
