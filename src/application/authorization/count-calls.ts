import type { Principal } from '../../domain/model/principal.ts';
import type { RateDecision, RateLimiter } from '../../domain/ports/rate-limiter.ts';

/** Counts calls of a user through a client against the limit per minute; all doors of all processes count together. */
export function countCalls(
  { subject, clientId }: Principal,
  calls: number,
  { rateLimiter, limit }: { readonly rateLimiter: RateLimiter; readonly limit: number },
): Promise<RateDecision> {
  return rateLimiter.take(`calls:${JSON.stringify([subject, clientId])}`, limit, calls);
}
