import type { RequestHandler } from 'express';
import type { TokenVerdict } from '../../application/authorization/verify-access-token.ts';
import type { AccessLogEntry } from '../http/middleware/access-log.ts';
import { routeOf } from '../http/route-of.ts';
import type { Metrics } from './metrics.ts';
import type { Telemetry } from './start.ts';
import { carrierIn } from './tracing.ts';

/** A span for each request, `{method} {route}`, below the trace that its headers tell. Statuses of the caller's fault are no errors. */
export function watchHttp({ tracing }: Telemetry): RequestHandler {
  return (request, response, next) => {
    const route = routeOf(request.path);
    const method = methodOf(request.method);
    const span = tracing.start({
      name: `${method} ${route}`,
      kind: 'server',
      attributes: {
        'http.request.method': method,
        'http.route': route,
        'url.path': route,
        'url.scheme': request.protocol,
      },
      remote: carrierIn({ traceparent: request.get('traceparent'), tracestate: request.get('tracestate') }),
    });
    response.once('close', () => {
      const { statusCode } = response;
      span.set({ 'http.response.status_code': statusCode });
      if (statusCode >= 500) {
        span.set({ 'error.type': String(statusCode) });
        span.fail();
      }
      span.end();
    });
    span.within(next);
  };
}

/** Measures what the access log tells. Streams last for as long as a client listens, and say nothing about how fast we are. */
export function measureRequests(metrics: Metrics): (entry: AccessLogEntry) => void {
  return ({ method, route, status, durationMs, isStream }) => {
    if (isStream && status < 400) return;
    metrics.record('http_request_duration_seconds', durationMs / 1000, {
      method: methodOf(method),
      route,
      status_code: String(status),
    });
  };
}

/** Counts the access tokens that were looked at. A request without one is how clients ask where to get it: no attempt. */
export function countTokens(
  metrics: Metrics,
  verify: (token: string) => Promise<TokenVerdict>,
): (token: string) => Promise<TokenVerdict> {
  return async (token) => {
    const verdict = await verify(token);
    const outcome = verdict.ok
      ? ({ result: 'success', reason: '' } as const)
      : ({ result: 'failure', reason: verdict.reason } as const);
    metrics.count('authentication_attempts_total', { ...outcome, grant: 'bearer' });
    return verdict;
  };
}

/** OpenTelemetry's word for a method that nobody knows. */
const methodOf = (method: string): string => (knownMethods.has(method) ? method : '_OTHER');

const knownMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
