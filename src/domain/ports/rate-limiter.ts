/**
 * Counts calls per key in a window of one minute.
 *
 * Laws:
 * - The first `limit` takes of a window are allowed, the next ones refused until the window ends.
 * - Processes that share a store share the count.
 * - `retryAfterSeconds` of a refusal is at least 1 and at most 60.
 * - A store that fails allows: a lost limiter must not stop editors; `onProblem` of the driver is told.
 */
export interface RateLimiter {
  take(key: string, limit: number): Promise<RateDecision>;
  close(): Promise<void>;
}

export interface RateDecision {
  readonly allowed: boolean;
  readonly limit: number;
  readonly remaining: number;
  /** Seconds until the window ends. */
  readonly resetSeconds: number;
  /** Only of a refusal. */
  readonly retryAfterSeconds?: number;
}
