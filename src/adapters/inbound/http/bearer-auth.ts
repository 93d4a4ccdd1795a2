import type { Request, RequestHandler, Response } from 'express';
import type { AccessGrant, TokenVerdict } from '../../../application/authorization/verify-access-token.ts';
import { type Scope, scopes } from '../../../domain/model/principal.ts';
import type { OnAccessRefused } from './access-refusal.ts';

export interface BearerAuthOptions {
  readonly verify: (token: string) => Promise<TokenVerdict>;
  /** Where the metadata of RFC 9728 is served. */
  readonly resourceMetadataUrl: string;
  /** The scopes to ask for first: the least that is of any use. */
  readonly scope: string;
  readonly onRefused: OnAccessRefused;
  /**
   * Counts a request without a valid token. False when its network has sent too many: it was answered then. Whoever brings
   * a valid token is let in all the same, so that nobody is locked out by a neighbour.
   */
  readonly mayFail: (request: Request, response: Response) => Promise<boolean>;
}

/**
 * Lets a request through that brings a valid access token in its Authorization header (RFC 6750 section 2.1; the query
 * and the body are not looked at). Others get 401 and the way to a token (RFC 9728 section 5.1).
 */
export function bearerAuth(options: BearerAuthOptions): RequestHandler {
  const challenge = `Bearer resource_metadata="${options.resourceMetadataUrl}", scope="${options.scope}"`;
  return async (request, response, next) => {
    // Of several, nobody knows which one counts: there is none then.
    const [header, ...others] = request.headersDistinct['authorization'] ?? [];
    const token = header === undefined || others.length > 0 ? undefined : bearerForm.exec(header)?.[1];
    if (token === undefined) {
      if (!(await options.mayFail(request, response))) return;
      options.onRefused({ reason: 'no_token' }, response);
      refuse(response, challenge, 'unauthorized', 'This server needs an access token: Authorization: Bearer <token>.');
      return;
    }
    const verdict = await options.verify(token);
    if (!verdict.ok) {
      if (!(await options.mayFail(request, response))) return;
      options.onRefused({ reason: verdict.reason }, response);
      const description = 'The access token is not valid, has expired or was revoked.';
      refuse(
        response,
        `${challenge}, error="invalid_token", error_description="${description}"`,
        'invalid_token',
        description,
      );
      return;
    }
    response.locals['grant'] = verdict.grant;
    response.locals['resourceMetadataUrl'] = options.resourceMetadataUrl;
    next();
  };
}

/**
 * What `bearerAuth` found out about the sender of this request.
 *
 * @throws Error when it did not run before: then nothing may be served.
 */
export function grantOf(response: Response): AccessGrant {
  const grant = findGrant(response);
  if (grant === undefined) throw new Error('A protected route was mounted without authentication.');
  return grant;
}

/** The same, for the access log: `undefined` for requests without a valid token. */
export function findGrant(response: Response): AccessGrant | undefined {
  // Only `bearerAuth` writes this key.
  return response.locals['grant'] as AccessGrant | undefined;
}

/**
 * Answers a request whose token lacks scopes that it needs (RFC 6750 section 3.1). The challenge names those that the
 * token has as well: a client that asks for exactly these scopes loses none.
 */
export function challengeScopes(response: Response, needed: readonly Scope[]): void {
  const { principal } = grantOf(response);
  const wanted = scopes.filter((scope) => needed.includes(scope) || principal.scopes.includes(scope));
  const lacking = needed.filter((scope) => !principal.scopes.includes(scope));
  const description = `This needs the scopes ${needed.join(' ')}; the access token lacks ${lacking.join(' ')}.`;
  // Only `bearerAuth` writes this key.
  const metadata = String(response.locals['resourceMetadataUrl']);
  response
    .status(403)
    .setHeader(
      'WWW-Authenticate',
      `Bearer error="insufficient_scope", scope="${wanted.join(' ')}", resource_metadata="${metadata}", error_description="${description}"`,
    )
    .json({ error: 'insufficient_scope', error_description: description });
}

/** The token characters of RFC 6750; the scheme's name is case-insensitive (RFC 9110 section 11.1). */
const bearerForm = /^Bearer +([A-Za-z0-9\-._~+/]+=*)$/i;

function refuse(response: Response, challenge: string, error: string, description: string): void {
  response.status(401).setHeader('WWW-Authenticate', challenge).json({ error, error_description: description });
}
