import express, { type Request, type RequestHandler, type Response } from 'express';
import { type BoardPorts, enterBoard, isBoardSession } from '../../../application/authorization/board-access.ts';
import type { TokenVerdict } from '../../../application/authorization/verify-access-token.ts';

/** Where the board is. Its own pages are below, and so is the one-time link. */
export const queueBoardPath = '/admin/queues';

export interface QueueBoardOptions extends BoardPorts {
  /** The pages of the board, mounted at `queueBoardPath`. */
  readonly pages: RequestHandler;
  readonly verifyToken: (token: string) => Promise<TokenVerdict>;
  /** Whether browsers reach this server over HTTPS. */
  readonly isHttps: boolean;
}

/**
 * The queue board, for operators: a token with the scope cms:admin in the Authorization header, or a browser that came
 * by the one-time link of `jobs board`. The board only shows; what changes jobs is the command line, which the audit log
 * follows. The cookie goes to no other path, to no script and along with no request that another site made.
 */
export function queueBoard(options: QueueBoardOptions): RequestHandler {
  const router = express.Router();

  router.get('/enter', async (request, response) => {
    const { ticket } = request.query;
    const session = typeof ticket === 'string' ? await enterBoard(ticket, options) : undefined;
    if (session === undefined) return refuse(response, 403, 'This link was used before or is too old. ');
    response.cookie(cookieName, session.secret, {
      httpOnly: true,
      sameSite: 'strict',
      secure: options.isHttps,
      path: queueBoardPath,
      maxAge: session.seconds * 1000,
    });
    response.redirect(303, `${queueBoardPath}/`);
  });

  router.use(async (request, response, next) => {
    const admission = await admit(request, options);
    if (admission !== 'admitted') {
      if (admission === 'unknown') response.setHeader('WWW-Authenticate', 'Bearer scope="cms:admin"');
      return refuse(response, admission === 'unknown' ? 401 : 403, '');
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD');
      return refuse(response, 405, 'The board only shows. ');
    }
    response.setHeader('Content-Security-Policy', contentSecurityPolicy);
    next();
  });
  router.use(options.pages);
  return router;
}

const cookieName = 'igx_board';

/** The board's own scripts, and its styles, which it also writes into its elements; nothing from elsewhere. */
const contentSecurityPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'self'; form-action 'none'; frame-ancestors 'none'";

async function admit(request: Request, options: QueueBoardOptions): Promise<'admitted' | 'forbidden' | 'unknown'> {
  const token = /^Bearer +([^\s]+) *$/i.exec(request.headers.authorization ?? '')?.[1];
  if (token !== undefined) {
    const verdict = await options.verifyToken(token);
    if (!verdict.ok) return 'unknown';
    return verdict.grant.principal.scopes.includes('cms:admin') ? 'admitted' : 'forbidden';
  }
  const secret = cookieOf(request);
  return secret !== undefined && (await isBoardSession(secret, options)) ? 'admitted' : 'unknown';
}

function cookieOf(request: Request): string | undefined {
  const cookies = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim());
  return cookies.find((pair) => pair.startsWith(`${cookieName}=`))?.slice(cookieName.length + 1);
}

function refuse(response: Response, status: number, reason: string): void {
  response
    .status(status)
    .type('text/plain')
    .send(`${reason}Get a link to the queue board with: ingeniux-cms-mcp jobs board\n`);
}
