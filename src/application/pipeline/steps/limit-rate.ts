import { DomainError } from '../../../domain/errors.ts';
import type { Step } from '../flow.ts';

/** Counts calls per user and client. */
export const limitRate: Step = async (flow, next) => {
  const { principal } = flow.request;
  const limit = flow.runtime.ports.server.rateLimitRpm;
  const decision = await flow.runtime.rateLimiter.take(`${principal.subject}|${principal.clientId}`, limit);
  if (!decision.allowed) {
    const seconds = decision.retryAfterSeconds ?? decision.resetSeconds;
    throw new DomainError(
      'RATE_LIMITED',
      `More than ${limit} calls within a minute. Wait ${seconds} seconds, then send the same call again.`,
      { retryAfterSeconds: seconds, details: { limit_per_minute: limit } },
    );
  }
  return next(flow);
};
