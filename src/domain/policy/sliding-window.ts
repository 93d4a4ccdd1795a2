import { type RateDecision, rateSlices } from '../ports/rate-limiter.ts';

/** How many calls each slice of time has seen. The number of a slice is its beginning, in slices. */
export type Slices = ReadonlyMap<number, number>;

export interface WindowTake {
  readonly limit: number;
  readonly cost: number;
  readonly nowMs: number;
  readonly windowMs: number;
}

/**
 * Whether a take fits into the window that ends now, and what is counted afterwards. A slice counts until its last
 * moment has left the window, so that it never counts too little. Pure.
 */
export function takeFromWindow(
  slices: Slices,
  { limit, cost, nowMs, windowMs }: WindowTake,
): { readonly decision: RateDecision; readonly slices: Slices } {
  const sliceMs = windowMs / rateSlices;
  const current = Math.floor(nowMs / sliceMs);
  const counted = [...slices].filter(([slice]) => slice >= current - rateSlices).sort(([a], [b]) => a - b);
  const used = counted.reduce((sum, [, count]) => sum + count, 0);
  const allowed = used + cost <= limit;
  const after = new Map(counted);
  if (allowed) after.set(current, (after.get(current) ?? 0) + cost);
  const leavesMs = (slice: number): number => (slice + rateSlices + 1) * sliceMs - nowMs;
  const oldest = counted[0]?.[0] ?? current;
  const decision = decide({
    allowed,
    limit,
    used: allowed ? used + cost : used,
    resetMs: leavesMs(oldest),
    retryMs: leavesMs(sliceThatMakesRoom(counted, used + cost - limit) ?? current),
  });
  return { decision, slices: after };
}

/** The numbers of a decision as the port tells them. Pure. */
export function decide(facts: {
  readonly allowed: boolean;
  readonly limit: number;
  readonly used: number;
  readonly resetMs: number;
  readonly retryMs: number;
}): RateDecision {
  const { allowed, limit, used } = facts;
  return {
    allowed,
    limit,
    remaining: Math.max(limit - used, 0),
    resetSeconds: wholeSeconds(facts.resetMs),
    ...(allowed ? {} : { retryAfterSeconds: wholeSeconds(facts.retryMs) }),
  };
}

const wholeSeconds = (ms: number): number => Math.max(1, Math.ceil(ms / 1000));

/** The slice with whose end as many calls as wanted count no more, or `undefined` where there are not as many. */
function sliceThatMakesRoom(oldestFirst: readonly (readonly [number, number])[], wanted: number): number | undefined {
  let freed = 0;
  for (const [slice, count] of oldestFirst) {
    freed += count;
    if (freed >= wanted) return slice;
  }
  return undefined;
}
