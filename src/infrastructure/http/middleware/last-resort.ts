import type { ErrorRequestHandler } from 'express';
import { presentHttpError } from '../../../adapters/inbound/http/present-http-error.ts';
import { DomainError, toDomainError } from '../../../domain/errors.ts';
import { requestIdOf } from './request-id.ts';

/** Whatever no route caught: JSON with a request id, never a stack, and the server goes on. */
export function lastResort(onProblem: (error: unknown, requestId: string) => void): ErrorRequestHandler {
  // Express knows an error handler by its four parameters.
  return (thrown: unknown, _request, response, _next) => {
    const requestId = requestIdOf(response);
    const isFromClient = isClientFault(thrown);
    if (!isFromClient) onProblem(thrown, requestId);
    if (response.headersSent) {
      response.destroy();
      return;
    }
    presentHttpError(response, isFromClient ? badRequest() : toDomainError(thrown), requestId);
  };
}

/** Express marks what a client sent wrongly, such as a path with broken percent-encoding, by a 4xx status. */
function isClientFault(thrown: unknown): boolean {
  if (typeof thrown !== 'object' || thrown === null || !('status' in thrown)) return false;
  return typeof thrown.status === 'number' && thrown.status >= 400 && thrown.status < 500;
}

function badRequest(): DomainError {
  return new DomainError('BAD_INPUT', 'The request cannot be read. Check its path and headers.');
}
