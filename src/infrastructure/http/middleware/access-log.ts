import type { RequestHandler } from 'express';
import { findGrant } from '../../../adapters/inbound/http/bearer-auth.ts';
import type { Clock } from '../../../domain/ports/system.ts';
import { requestIdOf } from './request-id.ts';

/** One request as the log tells it. Never a query, a header, a body or an upload ticket: those are or hold secrets. */
export interface AccessLogEntry {
  readonly requestId: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly durationMs: number;
  readonly remoteAddress: string | undefined;
  readonly subject?: string;
  readonly clientId?: string;
  /** True when the client went away before the answer was complete. */
  readonly aborted: boolean;
}

/** Longer paths are not ours. */
const pathCharactersMax = 200;

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
        status: response.statusCode,
        durationMs: clock.nowMs() - startMs,
        remoteAddress: request.ip,
        ...(principal === undefined ? {} : { subject: principal.subject, clientId: principal.clientId }),
        aborted: !response.writableFinished,
      });
    });
    next();
  };
}
