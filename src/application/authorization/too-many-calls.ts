import { DomainError } from '../../domain/errors.ts';
import type { RateDecision } from '../../domain/ports/rate-limiter.ts';

/** A refusal of the rate limiter in words. */
export function tooManyCalls({ limit, resetSeconds, retryAfterSeconds = resetSeconds }: RateDecision): DomainError {
  return new DomainError(
    'RATE_LIMITED',
    `More than ${limit} calls within a minute. Wait ${retryAfterSeconds} seconds, then send the same call again.`,
    { retryAfterSeconds, details: { limit_per_minute: limit } },
  );
}
