import { countCalls } from '../../authorization/count-calls.ts';
import { tooManyCalls } from '../../authorization/too-many-calls.ts';
import type { Step } from '../flow.ts';

/** Counts calls per user and client, where the door has not done so: over HTTP it answers 429 itself. */
export const limitRate: Step = async (flow, next) => {
  const { principal, isCounted } = flow.request;
  if (isCounted === true) return next(flow);
  const { rateLimiter, ports } = flow.runtime;
  const decision = await countCalls(principal, 1, { rateLimiter, limit: ports.server.rateLimitRpm });
  if (!decision.allowed) throw tooManyCalls(decision);
  return next(flow);
};
