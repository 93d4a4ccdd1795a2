import { LRUCache } from 'lru-cache';
import type { Cache, Cached, CacheOptions } from '../../../domain/ports/cache.ts';
import type { Clock } from '../../../domain/ports/system.ts';

/**
 * Remembered reads of one process. Values are kept and answered by reference: who gets one must not change it.
 *
 * `maxSize` is the greatest number of kept values.
 */
export function createMemoryCache(options: MemoryCacheOptions): Cache {
  const { clock } = options;
  const kept = new LRUCache<string, Kept>({
    max: options.maxSize,
    dispose: (_value, _key, reason) => {
      if (reason === 'evict') options.onEvicted?.();
    },
  });
  const flights = new Map<string, Flight>();

  const ageSeconds = (found: Kept): number => Math.max(clock.nowMs() - found.loadedAtMs, 0) / 1000;

  const load = (key: string, { tags, freshSeconds, staleSeconds, load }: CacheOptions<unknown>): Promise<unknown> => {
    const underWay = flights.get(key);
    if (underWay !== undefined) return underWay.value;
    // The age counts from here, because the value may be as old as the question.
    const loadedAtMs = clock.nowMs();
    const isWorthKeeping = Math.max(freshSeconds, staleSeconds) > 0;
    const run = async (): Promise<unknown> => {
      try {
        const value = await load();
        // A drop takes the flight off the table: then its value is for those who wait for it, and not kept.
        if (isWorthKeeping && flights.get(key) === flight) kept.set(key, { value, tags, loadedAtMs });
        return value;
      } finally {
        if (flights.get(key) === flight) flights.delete(key);
      }
    };
    const flight: Flight = { tags, value: Promise.resolve().then(run) };
    flights.set(key, flight);
    return flight.value;
  };

  return {
    async getOrLoad<T>(key: string, call: CacheOptions<T>): Promise<Cached<T>> {
      const found = kept.get(key);
      if (found !== undefined && call.freshSeconds > 0 && ageSeconds(found) <= call.freshSeconds) {
        return answer<T>(found, 'kept', ageSeconds(found));
      }
      try {
        // Whoever builds keys makes equal keys mean equal loads, so the value under way is of the caller's type.
        const value = (await load(key, call)) as T;
        return { value, origin: 'loaded', ageSeconds: 0 };
      } catch (error) {
        // Law: a value that is not too old stands in for a load that failed for a passing reason; other errors rise.
        const stale = kept.get(key);
        if (stale === undefined || ageSeconds(stale) > call.staleSeconds || !call.mayServeStale(error)) throw error;
        return answer<T>(stale, 'stale', ageSeconds(stale));
      }
    },

    async drop(tags) {
      const dropped = new Set(tags);
      const isDropped = (carrier: { readonly tags: readonly string[] }) => carrier.tags.some((tag) => dropped.has(tag));
      for (const [key, flight] of [...flights]) if (isDropped(flight)) flights.delete(key);
      for (const [key, found] of [...kept.entries()]) if (isDropped(found)) kept.delete(key);
    },

    entryCount: () => kept.size,

    async close() {
      flights.clear();
      kept.clear();
    },
  };
}

export interface MemoryCacheOptions {
  readonly maxSize: number;
  readonly clock: Clock;
  /** Told of each value that made room for another. */
  readonly onEvicted?: () => void;
}

interface Kept {
  readonly value: unknown;
  readonly tags: readonly string[];
  readonly loadedAtMs: number;
}

interface Flight {
  readonly tags: readonly string[];
  readonly value: Promise<unknown>;
}

function answer<T>(found: Kept, origin: 'kept' | 'stale', ageSeconds: number): Cached<T> {
  // As above: equal keys hold values of one type.
  return { value: found.value as T, origin, ageSeconds: Math.floor(ageSeconds) };
}
