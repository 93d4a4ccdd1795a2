/**
 * Remembered reads.
 *
 * Laws:
 * - `getOrLoad` answers a kept value no older than `freshSeconds`, else loads it. With `freshSeconds` 0 it always loads.
 * - Equal keys asked for at the same time load once per process.
 * - When loading throws an error for which `mayServeStale` is true and a value no older than `staleSeconds` is kept,
 *   that value is answered, marked `stale`. Other errors rise, and nothing is kept of them.
 * - After `drop(tags)` has ended, no value that carries one of the tags and was loaded before is answered, stale or
 *   not, in any process that shares the store; a load that was under way at that moment is answered to its own caller
 *   only and not kept.
 * - At most `CACHE_MAX_SIZE` values are kept per process; those least recently used go first.
 * - A store that fails is a miss, never an error.
 * - `entryCount` is how many values this process keeps.
 * - Keys are opaque: whoever builds them puts the principal in.
 */
export interface Cache {
  getOrLoad<T>(key: string, options: CacheOptions<T>): Promise<Cached<T>>;
  drop(tags: readonly string[]): Promise<void>;
  entryCount(): number;
  close(): Promise<void>;
}

export interface CacheOptions<T> {
  readonly tags: readonly string[];
  readonly freshSeconds: number;
  readonly staleSeconds: number;
  readonly load: () => Promise<T>;
  readonly mayServeStale: (error: unknown) => boolean;
}

/** `value` is plain JSON. */
export interface Cached<T> {
  readonly value: T;
  readonly origin: 'loaded' | 'kept' | 'stale';
  readonly ageSeconds: number;
}
