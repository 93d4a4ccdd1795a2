import { RateLimiterRedis } from 'rate-limiter-flexible';
import type { RateLimiter } from '../../../domain/ports/rate-limiter.ts';
import type { RedisConnection } from './connection.ts';
import { keys } from './keys.ts';

/** The window of the port's law. */
const windowSecondsDefault = 60;

/**
 * Counts calls in Redis, for all processes together. `windowSeconds` is there for tests of what happens when a window
 * ends. `onProblem` is told each failure of the store; the call is then allowed.
 *
 * The library only counts: the limit belongs to the call, so it is compared here and the library's own is out of reach.
 */
export function createRedisRateLimiter(options: RedisRateLimiterOptions): RateLimiter {
  const windowSeconds = options.windowSeconds ?? windowSecondsDefault;
  const counter = new RateLimiterRedis({
    storeClient: options.connection.client,
    keyPrefix: keys.rateLimits,
    points: Number.MAX_SAFE_INTEGER,
    duration: windowSeconds,
  });
  return {
    async take(key, limit) {
      try {
        const { consumedPoints, msBeforeNext } = await counter.penalty(key);
        const resetSeconds = Math.max(Math.ceil(msBeforeNext / 1000), 1);
        const remaining = Math.max(limit - consumedPoints, 0);
        return consumedPoints <= limit
          ? { allowed: true, limit, remaining, resetSeconds }
          : { allowed: false, limit, remaining, resetSeconds, retryAfterSeconds: resetSeconds };
      } catch (error) {
        // Law: a lost limiter must not stop editors.
        options.onProblem(error);
        return { allowed: true, limit, remaining: limit, resetSeconds: windowSeconds };
      }
    },
    close: async () => undefined,
  };
}

export interface RedisRateLimiterOptions {
  /** Closed by whoever opened it. */
  readonly connection: RedisConnection;
  readonly onProblem: (error: unknown) => void;
  readonly windowSeconds?: number;
}
