import type { ContentFreeze } from '../model/site.ts';
import { cmsTimeIso, cmsTimeMs } from './cms-time.ts';

/**
 * Whether a freeze stops this caller now. A freeze without a start has begun; one without an end lasts, and so does
 * one whose end cannot be read: the CMS decides then.
 */
export function freezeAt(
  freeze: ContentFreeze | undefined,
  nowMs: number,
): { readonly message: string; readonly endsAt?: string; readonly secondsLeft?: number } | undefined {
  if (freeze === undefined || freeze.allowsMe) return undefined;
  const startMs = cmsTimeMs(freeze.startsAt) ?? Number.NEGATIVE_INFINITY;
  const endMs = cmsTimeMs(freeze.endsAt) ?? Number.POSITIVE_INFINITY;
  if (nowMs < startMs || nowMs >= endMs) return undefined;
  return {
    message: freeze.message,
    ...(freeze.endsAt === undefined ? {} : { endsAt: cmsTimeIso(freeze.endsAt) }),
    ...(Number.isFinite(endMs) ? { secondsLeft: Math.ceil((endMs - nowMs) / 1000) } : {}),
  };
}
