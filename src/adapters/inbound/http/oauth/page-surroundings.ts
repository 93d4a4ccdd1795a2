import { type RequestHandler, type Response, Router } from 'express';
import { pageAssets } from './pages/assets.ts';
import { sendPage } from './pages/send-page.ts';

/**
 * What lies below `/oauth/` beside the authorization server: the files of its pages, and a page for people who come to an
 * address that is not served. Programs, which do not ask for HTML, are left to the answer for programs.
 */
export function pageSurroundings(requestIdOf: (response: Response) => string): RequestHandler {
  const router = Router();
  router.use(pageAssets());
  router.get('/oauth/*below', (request, response, next) => {
    if (request.accepts(['json', 'html']) !== 'html') {
      next();
      return;
    }
    sendPage(response, { page: 'error', error: 'not-found', requestId: requestIdOf(response) });
  });
  return router;
}
