import type { Request, RequestHandler, Response } from 'express';
import type { OnAccessRefused } from '../../adapters/inbound/http/access-refusal.ts';
import { sendPage } from '../../adapters/inbound/http/oauth/pages/send-page.ts';
import { wantsPage } from '../../adapters/inbound/http/oauth/wants-page.ts';
import { presentHttpError } from '../../adapters/inbound/http/present-http-error.ts';
import { tooManyCalls } from '../../application/authorization/too-many-calls.ts';
import { networkOf } from '../../domain/policy/network-of.ts';
import { type RateDecision, type RateLimiter, rateWindowSeconds } from '../../domain/ports/rate-limiter.ts';
import { requestIdOf } from './middleware/request-id.ts';

/** Tells a client what is left (IETF draft-ietf-httpapi-ratelimit-headers), and when to come back if nothing is. */
export function tellRate(response: Response, decision: RateDecision): void {
  if (response.headersSent) return;
  const { limit, remaining, resetSeconds, retryAfterSeconds } = decision;
  response.setHeader('RateLimit-Policy', `"default";q=${limit};w=${rateWindowSeconds}`);
  response.setHeader('RateLimit', `"default";r=${remaining};t=${retryAfterSeconds ?? resetSeconds}`);
  if (retryAfterSeconds !== undefined) response.setHeader('Retry-After', String(retryAfterSeconds));
}

/** What a sender's network may ask for before it has proven who it is. */
export interface NetworkLimits {
  readonly limiter: RateLimiter;
  /** Requests without a valid token, and requests to the authorization server's doors, in a minute. */
  readonly perMinute: number;
}

/** Counts one request of a network, as the proxies that are trusted tell it. */
export function countNetwork(request: Request, name: string, limits: NetworkLimits): Promise<RateDecision> {
  return limits.limiter.take(`network:${name}:${networkOf(request.ip)}`, limits.perMinute);
}

/** Refuses requests of a network that sends too many, before anything else looks at them. */
export function limitNetwork(name: string, limits: NetworkLimits, onRefused: OnAccessRefused): RequestHandler {
  return async (request, response, next) => {
    const decision = await countNetwork(request, name, limits);
    tellRate(response, decision);
    if (decision.allowed) {
      next();
      return;
    }
    onRefused({ reason: 'rate_limited' }, response);
    const { retryAfterSeconds } = decision;
    if (wantsPage(request)) {
      const wait = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
      sendPage(response, { page: 'error', error: 'limited', requestId: requestIdOf(response), ...wait });
      return;
    }
    presentHttpError(response, tooManyCalls(decision), requestIdOf(response));
  };
}
