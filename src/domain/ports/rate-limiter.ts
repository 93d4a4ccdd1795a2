/**
 * Counts calls per key, and lets no more than a limit through in any minute.
 *
 * Laws:
 * - At most `limit` are allowed in any 60 seconds, wherever these begin: no seam of windows lets twice as many through.
 * - As many as `limit` are allowed in a minute in which nothing else was counted; a call counts for 60 seconds and for at
 *   most half a second more.
 * - What is refused is not counted: whoever keeps knocking is let in as soon as whoever waits.
 * - A take may cost more than one; it is allowed as a whole or not at all.
 * - Processes that share a store share the count.
 * - `retryAfterSeconds` of a refusal is when the same take is allowed if nothing else is: at least 1 and at most 61.
 * - A store that fails is told to `onProblem`, and each process counts for itself until it is back: a lost limiter must
 *   neither stop editors nor let a flood through.
 */
export interface RateLimiter {
  take(key: string, limit: number, cost?: number): Promise<RateDecision>;
  close(): Promise<void>;
}

export interface RateDecision {
  readonly allowed: boolean;
  readonly limit: number;
  readonly remaining: number;
  /** Seconds until the first of the counted calls counts no more. */
  readonly resetSeconds: number;
  /** Only of a refusal. */
  readonly retryAfterSeconds?: number;
}

/** The window of the law, and into how many slices of time it is divided for counting. */
export const rateWindowSeconds = 60;
export const rateSlices = 120;
