import type { RequestHandler, Response } from 'express';
import { DomainError } from '../../../domain/errors.ts';
import { presentHttpError } from './present-http-error.ts';

/** For every path that nothing else answers. */
export function notFound(requestIdOf: (response: Response) => string): RequestHandler {
  return (_request, response) => {
    const error = new DomainError(
      'NOT_FOUND',
      'Nothing is served here. MCP is at /mcp, the state of the server at /health.',
    );
    presentHttpError(response, error, requestIdOf(response));
  };
}
