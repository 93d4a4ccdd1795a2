import { type Request, type RequestHandler, type Response, Router } from 'express';
import { DomainError } from '../../../../domain/errors.ts';
import { networkOf } from '../../../../domain/policy/network-of.ts';
import { presentHttpError } from '../present-http-error.ts';
import { routes } from './configuration.ts';
import type { OAuthDeps } from './deps.ts';
import { userCodeHeader } from './device-flow.ts';
import { createInteractions, type Interactions } from './interaction.ts';
import { sendPage } from './pages/send-page.ts';
import { createProvider } from './provider.ts';
import type { ServerKeys } from './server-keys.ts';

/** Where the metadata are (RFC 8414 section 3) and where clients look for them besides: below and behind `/mcp`. */
const metadataForms: Readonly<Record<string, readonly string[]>> = {
  '/.well-known/oauth-authorization-server': [
    '/.well-known/oauth-authorization-server',
    '/.well-known/oauth-authorization-server/mcp',
    '/mcp/.well-known/oauth-authorization-server',
  ],
  '/.well-known/openid-configuration': [
    '/.well-known/openid-configuration',
    '/.well-known/openid-configuration/mcp',
    '/mcp/.well-known/openid-configuration',
  ],
};

/** What is posted, by programs. */
const postRoutes = [routes.token, routes.revocation, routes.registration, routes.device_authorization] as const;

const metadataSeconds = 3_600;
/** Of the requests that one address may send: this part may register clients or try codes of devices. */
const costlyPart = 1 / 10;

export interface AuthorizationServer {
  readonly routes: RequestHandler;
  readonly comeBack: Interactions['comeBack'];
}

/** The authorization server with everything that belongs to it. */
export function authorizationServer(deps: OAuthDeps, keys: ServerKeys): AuthorizationServer {
  const provider = createProvider(deps, keys);
  const callback = provider.callback();
  const issuer = new URL(deps.publicUrl);

  /** Hands a request to the library, which believes what stands in these headers: they tell what we are. */
  const serve = async (request: Request, response: Response, path = request.url): Promise<void> => {
    request.headers.host = issuer.host;
    request.headers['x-forwarded-host'] = issuer.host;
    request.headers['x-forwarded-proto'] = issuer.protocol.slice(0, -1);
    request.headers['x-forwarded-for'] = request.ip ?? '';
    request.url = path;
    // The library takes what the original URL has before this one for the path that we are mounted at.
    request.originalUrl = `${issuer.pathname.replace(/\/$/, '')}${path}`;
    await callback(request, response);
  };
  const refused = (reason: string, request: Request, response: Response): Promise<void> =>
    deps.recordSecurity({
      action: 'access_refused',
      outcome: 'refused',
      reason,
      address: request.ip,
      requestId: deps.requestIdOf(response),
    });
  const perMinute = Math.max(1, Math.floor(deps.requestsPerMinute * costlyPart));
  const limit = (name: string): RequestHandler => {
    return async (request, response, next) => {
      const { allowed, retryAfterSeconds } = await deps.limiter.take(
        `${name}:${networkOf(request.ip ?? '')}`,
        perMinute,
      );
      if (allowed) {
        next();
        return;
      }
      await refused('rate_limited', request, response);
      const requestId = deps.requestIdOf(response);
      const wait = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
      if (request.accepts(['json', 'html']) === 'html') {
        sendPage(response, { page: 'error', error: 'limited', requestId, ...wait });
        return;
      }
      presentHttpError(
        response,
        new DomainError('RATE_LIMITED', 'Too many requests from this address.', wait),
        requestId,
      );
    };
  };

  const router = Router();
  for (const [canonical, paths] of Object.entries(metadataForms)) {
    router.get([...paths], async (request, response) => {
      response.setHeader('Cache-Control', `public, max-age=${metadataSeconds}`);
      await serve(request, response, canonical);
    });
  }
  router.use(
    [...postRoutes],
    onlyPost((request, response) => refused('method', request, response)),
  );
  router.post(routes.registration, limit('register'));
  router.post(routes.code_verification, limit('user-code'));
  router.get(routes.code_verification, (request, _response, next) => {
    const { user_code: userCode } = request.query;
    delete request.headers[userCodeHeader];
    if (typeof userCode === 'string') request.headers[userCodeHeader] = userCode;
    request.url = routes.code_verification;
    next();
  });
  const interactions = createInteractions(provider, deps);
  router.use(interactions.routes);
  router.get(routes.authorization, onlyQueryMode);
  const served = [
    routes.authorization,
    `${routes.authorization}/:uid`,
    ...postRoutes,
    routes.code_verification,
    `${routes.code_verification}/:uid`,
    routes.jwks,
  ];
  router.all(served, (request, response) => serve(request, response));
  return { routes: router, comeBack: interactions.comeBack };
}

/**
 * Codes go back in the query. The library knows more ways, one of them by a page with a script, and would use that way
 * even to refuse it; a way that it does not know it refuses in the query.
 */
const onlyQueryMode: RequestHandler = (request, _response, next) => {
  const url = new URL(request.url, 'http://any');
  if ((url.searchParams.get('response_mode') ?? 'query') !== 'query') {
    url.searchParams.set('response_mode', 'unsupported');
    request.url = `${url.pathname}${url.search}`;
  }
  next();
};

/** Secrets travel in bodies only: another method is refused before anything is looked at. */
function onlyPost(onRefused: (request: Request, response: Response) => Promise<void>): RequestHandler {
  return async (request, response, next) => {
    if (request.method === 'POST' || request.method === 'OPTIONS') {
      next();
      return;
    }
    await onRefused(request, response);
    response
      .status(405)
      .setHeader('Allow', 'POST')
      .json({ error: 'invalid_request', error_description: `${request.method} is not a method of this endpoint` });
  };
}
