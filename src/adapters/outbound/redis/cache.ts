import { LRUCache } from 'lru-cache';
import type { Cache, Cached, CacheOptions } from '../../../domain/ports/cache.ts';
import type { Clock, IdSource } from '../../../domain/ports/system.ts';
import type { RedisConnection } from './connection.ts';
import { keys } from './keys.ts';

/**
 * Remembered reads in two tiers: the process's own and Redis.
 *
 * Each tag has a version in Redis: a random text that `drop` removes and that the next read makes anew. A value is kept
 * with the versions that its tags had before it was loaded, and counts only while they are the same. So every read asks
 * Redis for the versions (one round trip, with the value where this process has none), and a drop that has ended is
 * seen by every process at once: nothing rests on a message that may come late or never. A tag without a version makes
 * no value valid, so an emptied Redis brings nothing old back.
 *
 * While Redis is away every read loads. A drop that Redis did not take is kept and given again before the next read of
 * this process and as soon as Redis is back; another process that reaches Redis in between can answer the old value,
 * for no longer than the value may be kept. `onProblem` is told each failure.
 *
 * Values are kept and answered by reference: who gets one must not change it. `maxSize` is the greatest number of
 * values that this process keeps itself.
 */
export function createRedisCache(options: RedisCacheOptions): Cache {
  const { connection, clock, ids, onProblem } = options;
  const near = new LRUCache<string, Kept>({
    max: options.maxSize,
    dispose: (_value, _key, reason) => {
      if (reason === 'evict') options.onEvicted?.();
    },
  });
  const flights = new Map<string, Flight>();
  /** Tags whose drop Redis has not taken yet. The object tells one drop of a tag from the next. */
  const undelivered = new Map<string, object>();

  const ageSeconds = (found: Kept): number => Math.max(clock.nowMs() - found.loadedAtMs, 0) / 1000;

  const deliverDrops = async (): Promise<void> => {
    const sent = [...undelivered];
    if (sent.length === 0) return;
    await connection.run((client) => client.unlink(sent.map(([tag]) => keys.cacheTag(tag))));
    for (const [tag, drop] of sent) if (undelivered.get(tag) === drop) undelivered.delete(tag);
  };

  const tryDeliverDrops = async (): Promise<void> => {
    try {
      await deliverDrops();
    } catch (error) {
      // Law: a store that fails is no error. The drop stays in `undelivered`.
      onProblem(error);
    }
  };

  /** The versions that the tags have now, and the youngest value that is valid with them. */
  const look = async (key: string, tags: readonly string[], ageSecondsMax: number): Promise<Look> => {
    try {
      await deliverDrops();
      const own = near.get(key);
      const isNear = own !== undefined && ageSeconds(own) <= ageSecondsMax;
      const wanted = [...tags.map(keys.cacheTag), ...(isNear ? [] : [keys.cached(key)])];
      const replies = wanted.length === 0 ? [] : await connection.run((client) => client.mget(wanted));
      const versions = replies.slice(0, tags.length);
      const stamp = stampOf(tags, versions.includes(null) ? await nameVersions(tags) : versions);
      const isDropped = isNear && own.stamp !== stamp;
      const far = isDropped ? await connection.run((client) => client.get(keys.cached(key))) : replies[tags.length];
      // The own tier is asked again: another read may have kept the value while this one waited.
      const valid = [near.get(key), read(far)].filter((found) => found?.stamp === stamp);
      const found = valid.sort((a, b) => (b?.loadedAtMs ?? 0) - (a?.loadedAtMs ?? 0))[0];
      if (found === undefined) return { stamp };
      near.set(key, found);
      return { stamp, found };
    } catch (error) {
      // Law: a store that fails is a miss. Without versions nothing that is kept may be answered.
      onProblem(error);
      return {};
    }
  };

  const nameVersions = async (tags: readonly string[]): Promise<readonly (string | null)[]> => {
    const names = tags.map(keys.cacheTag);
    const versions = await connection.run((client) =>
      client.eval(nameVersionsScript, names.length, ...names, ids.id('v'), keptSecondsMax),
    );
    // The script ends with MGET of tags that it has just set.
    return versions as (string | null)[];
  };

  const keep = async (key: string, tags: readonly string[], kept: Kept, seconds: number): Promise<void> => {
    const text = JSON.stringify(kept);
    if (text.length > keptCharsMax) return;
    const names = [keys.cached(key), ...tags.map(keys.cacheTag)];
    const ttlMs = Math.ceil(Math.min(seconds, keptSecondsMax) * 1000);
    try {
      const isKept = await connection.run((client) =>
        client.eval(keepScript, names.length, ...names, text, ttlMs, keptSecondsMax, ...versionsIn(kept.stamp)),
      );
      if (isKept === 1) near.set(key, kept);
    } catch (error) {
      // Law: a store that fails is a miss; the caller has its value.
      onProblem(error);
    }
  };

  const load = (key: string, tags: readonly string[], stamp: string | undefined, call: CacheOptions<unknown>) => {
    // Law: who asks after a drop must not get a value that was asked for before. The stamp tells them apart.
    const flightKey = `${stamp ?? ''} ${key}`;
    const underWay = flights.get(flightKey);
    if (underWay !== undefined) return underWay.value;
    // The age counts from here, because the value may be as old as the question.
    const loadedAtMs = clock.nowMs();
    const seconds = Math.max(call.freshSeconds, call.staleSeconds);
    const run = async (): Promise<unknown> => {
      try {
        const value = await call.load();
        if (seconds > 0 && stamp !== undefined) await keep(key, tags, { stamp, loadedAtMs, value }, seconds);
        return value;
      } finally {
        if (flights.get(flightKey) === flight) flights.delete(flightKey);
      }
    };
    const flight: Flight = { tags, value: Promise.resolve().then(run) };
    flights.set(flightKey, flight);
    return flight.value;
  };

  const onReady = () => void tryDeliverDrops();
  connection.client.on('ready', onReady);

  return {
    async getOrLoad<T>(key: string, call: CacheOptions<T>): Promise<Cached<T>> {
      const tags = [...new Set(call.tags)].sort();
      const { stamp, found } = await look(key, tags, call.freshSeconds);
      if (found !== undefined && call.freshSeconds > 0 && ageSeconds(found) <= call.freshSeconds) {
        return answer<T>(found, 'kept', ageSeconds(found));
      }
      try {
        // Whoever builds keys makes equal keys mean equal loads, so the value under way is of the caller's type.
        const value = (await load(key, tags, stamp, call)) as T;
        return { value, origin: 'loaded', ageSeconds: 0 };
      } catch (error) {
        // Law: a value that is not too old stands in for a load that failed for a passing reason; other errors rise.
        // It is looked up again, because its tags may have been dropped while the load was under way.
        if (call.staleSeconds <= 0 || !call.mayServeStale(error)) throw error;
        const { found: stale } = await look(key, tags, call.staleSeconds);
        if (stale === undefined || ageSeconds(stale) > call.staleSeconds) throw error;
        return answer<T>(stale, 'stale', ageSeconds(stale));
      }
    },

    async drop(tags) {
      const dropped = new Set(tags);
      // While Redis is away loads have no stamp, and these must not be shared with who asks after the drop.
      for (const [key, flight] of [...flights]) {
        if (flight.tags.some((tag) => dropped.has(tag))) flights.delete(key);
      }
      for (const tag of dropped) undelivered.set(tag, {});
      await tryDeliverDrops();
    },

    entryCount: () => near.size,

    async close() {
      connection.client.off('ready', onReady);
      flights.clear();
      near.clear();
    },
  };
}

export interface RedisCacheOptions {
  /** Closed by whoever opened it. */
  readonly connection: RedisConnection;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly maxSize: number;
  /** Told of each value that made room for another. */
  readonly onEvicted?: () => void;
  readonly onProblem: (error: unknown) => void;
}

/**
 * A value is kept for a day at most. A tag's version lives this long after the last value that carries it was kept, so
 * it outlives them all.
 */
const keptSecondsMax = 86_400;

/** Larger values are not kept: the memory of Redis belongs to jobs and tokens first. */
const keptCharsMax = 1_000_000;

interface Kept {
  /** The tags with the versions that they had before the value was loaded. */
  readonly stamp: string;
  readonly loadedAtMs: number;
  readonly value: unknown;
}

interface Look {
  /** `undefined` when Redis could not be asked: then nothing is kept. */
  readonly stamp?: string;
  readonly found?: Kept;
}

interface Flight {
  readonly tags: readonly string[];
  readonly value: Promise<unknown>;
}

/**
 * Gives a version to each tag that has none.
 * KEYS: the tags. ARGV: a new version, the seconds that it lives. Returns the versions of all.
 */
const nameVersionsScript = `
for i = 1, #KEYS do redis.call('SET', KEYS[i], ARGV[1], 'EX', ARGV[2], 'NX') end
return redis.call('MGET', unpack(KEYS))`;

/**
 * Keeps a value if none of its tags was dropped since it was asked for.
 * KEYS: the value, the tags. ARGV: the text, the milliseconds that it lives, the seconds that the versions live, the
 * versions. Returns 1 when kept, else 0.
 */
const keepScript = `
for i = 2, #KEYS do
  if redis.call('GET', KEYS[i]) ~= ARGV[i + 2] then return 0 end
end
for i = 2, #KEYS do redis.call('EXPIRE', KEYS[i], ARGV[3]) end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1`;

function stampOf(tags: readonly string[], versions: readonly (string | null)[]): string {
  return JSON.stringify(tags.map((tag, index) => [tag, versions[index]]));
}

function versionsIn(stamp: string): readonly string[] {
  // Stamps are made by `stampOf` only.
  return (JSON.parse(stamp) as [string, string][]).map(([, version]) => version);
}

function read(text: string | null | undefined): Kept | undefined {
  // Only `keep` writes under these keys. `undefined` as a value has no place in JSON and comes back as it went.
  return typeof text === 'string' ? (JSON.parse(text) as Kept) : undefined;
}

function answer<T>(found: Kept, origin: 'kept' | 'stale', ageSeconds: number): Cached<T> {
  // As above: equal keys hold values of one type.
  return { value: found.value as T, origin, ageSeconds: Math.floor(ageSeconds) };
}
