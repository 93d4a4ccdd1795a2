import type { RequestHandler, Response } from 'express';
import type { IdSource } from '../../../domain/ports/system.ts';

/** What is taken over from a proxy in front: enough for every common form of id, nothing that could forge a log line. */
const acceptedForm = /^[A-Za-z0-9._:-]{8,128}$/;

/** Gives every request an id, or keeps the one it came with, and tells it in the answer. */
export function requestId(ids: IdSource): RequestHandler {
  return (request, response, next) => {
    const given = request.get('x-request-id');
    const id = given !== undefined && acceptedForm.test(given) ? given : ids.id('req');
    response.locals['requestId'] = id;
    response.setHeader('X-Request-Id', id);
    next();
  };
}

export function requestIdOf(response: Response): string {
  // `requestId` is the first middleware of all, and the only one that writes this key.
  return response.locals['requestId'] as string;
}
