import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { RateLimiter } from '../../../domain/ports/rate-limiter.ts';

/** The window of the port's law. */
const windowSecondsDefault = 60;

/**
 * Counts the calls of one process. `windowSeconds` is there for tests of what happens when a window ends.
 *
 * The library only counts: the limit belongs to the call, so it is compared here and the library's own is out of reach.
 */
export function createMemoryRateLimiter(options: { readonly windowSeconds?: number } = {}): RateLimiter {
  const counter = new RateLimiterMemory({
    points: Number.MAX_SAFE_INTEGER,
    duration: options.windowSeconds ?? windowSecondsDefault,
  });
  return {
    async take(key, limit) {
      const { consumedPoints, msBeforeNext } = await counter.penalty(key);
      const resetSeconds = Math.max(Math.ceil(msBeforeNext / 1000), 1);
      const remaining = Math.max(limit - consumedPoints, 0);
      return consumedPoints <= limit
        ? { allowed: true, limit, remaining, resetSeconds }
        : { allowed: false, limit, remaining, resetSeconds, retryAfterSeconds: resetSeconds };
    },
    close: async () => undefined,
  };
}
