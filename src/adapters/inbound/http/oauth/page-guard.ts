import type { RequestHandler, Response } from 'express';
import { type DomainError, toDomainError } from '../../../../domain/errors.ts';
import { sendPage } from './pages/send-page.ts';
import type { PageError } from './pages/views.ts';

export interface PageGuardDeps {
  readonly requestIdOf: (response: Response) => string;
  readonly onProblem: (error: unknown, requestId: string) => void;
}

/** Makes routes for people: whatever goes wrong in one, a page tells. */
export function pageGuard({ requestIdOf, onProblem }: PageGuardDeps): (handler: RequestHandler) => RequestHandler {
  return (handler) => async (request, response, next) => {
    try {
      await handler(request, response, next);
    } catch (thrown) {
      const error = toDomainError(thrown);
      const requestId = requestIdOf(response);
      if (error.code === 'INTERNAL') onProblem(thrown, requestId);
      const wait = error.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: error.retryAfterSeconds };
      sendPage(response, { page: 'error', error: pageErrorOf(error), requestId, ...wait });
    }
  };
}

/** Which page tells a person of an error. */
function pageErrorOf({ code }: DomainError): PageError {
  switch (code) {
    case 'SIGN_IN_REFUSED':
      return 'sign-in-refused';
    case 'RATE_LIMITED':
      return 'limited';
    case 'NOT_FOUND':
      return 'not-found';
    case 'CMS_UNAVAILABLE':
    case 'CMS_TIMEOUT':
    case 'STORAGE_UNAVAILABLE':
      return 'unavailable';
    default:
      return 'internal';
  }
}
