import type { RequestHandler, Response } from 'express';
import { sendPage } from './pages/send-page.ts';
import { wantsPage } from './wants-page.ts';

/** For people who come to an address below `/oauth/` that is not served. Programs get the answer for programs. */
export function missingPage(requestIdOf: (response: Response) => string): RequestHandler {
  return (request, response, next) => {
    if (!wantsPage(request)) next();
    else sendPage(response, { page: 'error', error: 'not-found', requestId: requestIdOf(response) });
  };
}
