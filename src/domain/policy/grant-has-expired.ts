import { type Grant, grantSeconds, refreshTokenSeconds } from '../model/grant.ts';

/** The last use is noted beside the token that is issued, so that it may be missing: nobody is to lose a living token. */
const marginMs = 24 * 3600 * 1000;

/**
 * Whether no token of a grant can be used or renewed any more: it is as old as grants become, or its last refresh token
 * has run out.
 */
export function grantHasExpired({ createdAtMs, lastUsedAtMs }: Grant, nowMs: number): boolean {
  const endsAtMs = Math.min(createdAtMs + grantSeconds * 1000, lastUsedAtMs + refreshTokenSeconds * 1000);
  return nowMs >= endsAtMs + marginMs;
}
