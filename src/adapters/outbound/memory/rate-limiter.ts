import { LRUCache } from 'lru-cache';
import { type Slices, takeFromWindow } from '../../../domain/policy/sliding-window.ts';
import { type RateLimiter, rateWindowSeconds } from '../../../domain/ports/rate-limiter.ts';

/** Keys are users and networks; those not heard of for longest are forgotten first, and a flood of new ones costs no more memory. */
const keysMax = 50_000;

/** Counts the calls of one process. `windowSeconds` is there for tests of what happens as the window moves on. */
export function createMemoryRateLimiter(options: { readonly windowSeconds?: number } = {}): RateLimiter {
  const windowMs = (options.windowSeconds ?? rateWindowSeconds) * 1000;
  const counted = new LRUCache<string, Slices>({ max: keysMax });
  return {
    async take(key, limit, cost = 1) {
      const { decision, slices } = takeFromWindow(counted.get(key) ?? new Map(), {
        limit,
        cost,
        // A clock that nobody sets back or forward.
        nowMs: performance.now(),
        windowMs,
      });
      counted.set(key, slices);
      return decision;
    },
    close: async () => counted.clear(),
  };
}
