import type { Request, RequestHandler } from 'express';
import { findGrant } from '../../../adapters/inbound/http/bearer-auth.ts';
import type { Clock } from '../../../domain/ports/system.ts';
import { routeOf } from '../route-of.ts';
import { requestIdOf } from './request-id.ts';

/** One request as the log tells it. Never a query, a header, a body or an upload ticket: those are or hold secrets. */
export interface AccessLogEntry {
  readonly requestId: string;
  readonly method: string;
  readonly path: string;
  readonly route: string;
  readonly status: number;
  readonly durationMs: number;
  readonly remoteAddress: string | undefined;
  readonly subject?: string;
  readonly clientId?: string;
  /** True when the client went away before the answer was complete. */
  readonly aborted: boolean;
  /** True for an answer that goes on for as long as the client listens. */
  readonly isStream: boolean;
}

/** Longer paths are not ours. */
const pathCharactersMax = 200;

function isStream(request: Request): boolean {
  if (routeOf(request.path) !== '/mcp' && routeOf(request.path) !== '/mcp/*') return false;
  return request.method === 'GET' || request.get('mcp-method') === 'subscriptions/listen';
}

/** Tells of each request when it is over. */
export function accessLog(clock: Clock, write: (entry: AccessLogEntry) => void): RequestHandler {
  return (request, response, next) => {
    const startMs = clock.nowMs();
    response.once('close', () => {
      const principal = findGrant(response)?.principal;
      write({
        requestId: requestIdOf(response),
        method: request.method,
        path: request.path.replace(/^\/uploads\/.*/s, '/uploads/…').slice(0, pathCharactersMax),
        route: routeOf(request.path),
        status: response.statusCode,
        durationMs: clock.nowMs() - startMs,
        remoteAddress: request.ip,
        ...(principal === undefined ? {} : { subject: principal.subject, clientId: principal.clientId }),
        aborted: !response.writableFinished,
        isStream: isStream(request),
      });
    });
    next();
  };
}
