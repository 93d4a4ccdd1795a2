import type { RequestHandler } from 'express';

const methods = 'GET, POST, DELETE';
const requestHeaders = [
  'authorization',
  'content-type',
  'ingeniux-toolsets',
  'last-event-id',
  'mcp-method',
  'mcp-name',
  'mcp-protocol-version',
  'mcp-session-id',
  'x-request-id',
].join(', ');
const readableHeaders = [
  'mcp-session-id',
  'ratelimit',
  'ratelimit-policy',
  'retry-after',
  'www-authenticate',
  'x-request-id',
].join(', ');
const preflightSeconds = 600;

/**
 * Lets pages of allowed origins read the answers (the Fetch standard's CORS protocol). Runs after the Origin check; the
 * tokens travel in a header, so cookies are never asked for.
 */
export function crossOrigin(): RequestHandler {
  return (request, response, next) => {
    const { origin } = request.headers;
    response.vary('Origin');
    if (origin === undefined) {
      next();
      return;
    }
    response.setHeader('Access-Control-Allow-Origin', origin);
    response.setHeader('Access-Control-Expose-Headers', readableHeaders);
    if (request.method !== 'OPTIONS' || request.get('access-control-request-method') === undefined) {
      next();
      return;
    }
    response.setHeader('Access-Control-Allow-Methods', methods);
    response.setHeader('Access-Control-Allow-Headers', requestHeaders);
    response.setHeader('Access-Control-Max-Age', String(preflightSeconds));
    response.status(204).end();
  };
}
