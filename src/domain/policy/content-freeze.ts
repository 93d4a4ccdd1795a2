import type { ContentFreeze } from '../model/site.ts';

/**
 * Whether a freeze stops this caller now. Times without an offset count as UTC, because the contract does not say.
 * A freeze without a start has begun; one without an end lasts.
 */
export function freezeAt(
  freeze: ContentFreeze | undefined,
  nowMs: number,
): { readonly message: string; readonly endsAt?: string; readonly secondsLeft?: number } | undefined {
  if (freeze === undefined || freeze.allowsMe) return undefined;
  const startMs = freeze.startsAt === undefined ? Number.NEGATIVE_INFINITY : utcMs(freeze.startsAt);
  const endMs = freeze.endsAt === undefined ? Number.POSITIVE_INFINITY : utcMs(freeze.endsAt);
  if (nowMs < startMs || nowMs >= endMs) return undefined;
  return {
    message: freeze.message,
    ...(freeze.endsAt === undefined ? {} : { endsAt: freeze.endsAt }),
    ...(Number.isFinite(endMs) ? { secondsLeft: Math.ceil((endMs - nowMs) / 1000) } : {}),
  };
}

function utcMs(time: string): number {
  const hasOffset = /(?:Z|[+-]\d\d:?\d\d)$/.test(time);
  return Date.parse(hasOffset ? time : `${time}Z`);
}
