import { createHash, randomBytes } from 'node:crypto';
import type { Dispatcher } from 'undici';
import { z } from 'zod';
import type { Clock } from '../../../domain/ports/system.ts';
import type { OnProblem } from './events.ts';
import type { Breakers } from './http/breaker.ts';
import type { CredentialSource } from './http/credential.ts';
import { CallFailure, failure } from './http/failure.ts';
import { type HttpReply, type HttpRequest, roundTrip, TransportFailure } from './http/round-trip.ts';

export interface IdentityOptions {
  readonly dispatcher: Dispatcher;
  readonly mount: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUri: string;
  /** For the whole of one sign-in. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly breakers: Breakers;
  readonly onProblem: OnProblem;
}

/**
 * The sign-in driver `service`: one OAuth identity of the CMS for all principals (contract section 9). Code flow without
 * a browser, always with PKCE and with the secret; a refresh token is used before a new code is asked for.
 */
export function createServiceIdentity(options: IdentityOptions): CredentialSource {
  let current: Token | undefined;
  let renewal: Promise<Token> | undefined;
  let authorizePath: string | undefined;

  const isUsable = (token: Token | undefined, refused?: string): token is Token =>
    token !== undefined && token.access !== refused && options.clock.nowMs() < token.usableUntilMs;

  const renew = async (refused?: string): Promise<string> => {
    if (isUsable(current, refused)) return current.access;
    renewal ??= signIn().finally(() => {
      renewal = undefined;
    });
    return (await renewal).access;
  };

  const signIn = (): Promise<Token> =>
    options.breakers.run('sign_in', async () => {
      const signal = AbortSignal.timeout(options.timeoutMs);
      const token = (await refreshed(signal)) ?? (await authorized(signal));
      current = token;
      return token;
    });

  const refreshed = async (signal: AbortSignal): Promise<Token | undefined> => {
    const refreshToken = current?.refresh;
    if (refreshToken === undefined) return undefined;
    const reply = await ask(tokenRequest({ grant_type: 'refresh_token', refresh_token: refreshToken }, signal));
    // A refresh token ends with the CMS's application pool, and some sites give none: a new code is the way then.
    if (reply.status !== 200) return undefined;
    options.onProblem({ kind: 'token_renewed', grant: 'refresh_token' });
    return tokenOf(reply);
  };

  const authorized = async (signal: AbortSignal): Promise<Token> => {
    const verifier = randomBytes(32).toString('base64url');
    const code = await codeFor(createHash('sha256').update(verifier).digest('base64url'), signal);
    const reply = await ask(
      tokenRequest(
        { grant_type: 'authorization_code', code, redirect_uri: options.redirectUri, code_verifier: verifier },
        signal,
      ),
    );
    if (reply.status !== 200) throw signInRefused(reply);
    options.onProblem({ kind: 'token_renewed', grant: 'authorization_code' });
    return tokenOf(reply);
  };

  /** The path that the vendor's code uses, and the one that its documents name; the second only when the first is unknown. */
  const codeFor = async (challenge: string, signal: AbortSignal): Promise<string> => {
    const paths = authorizePath === undefined ? ['/oauth/auth', '/oauth/authorize'] : [authorizePath];
    for (const path of paths) {
      const reply = await ask(authorizeRequest(path, challenge, signal));
      if (reply.status === 404) continue;
      const code = codeOf(reply);
      if (code === undefined) throw signInRefused(reply);
      authorizePath = path;
      return code;
    }
    throw failure(
      'sign_in_refused',
      'CMS_SIGN_IN_FAILED',
      'The configured address has no OAuth endpoint of an Ingeniux CMS. An operator has to check CMS_BASE_URL.',
    );
  };

  const authorizeRequest = (path: string, challenge: string, signal: AbortSignal): HttpRequest => ({
    method: 'GET',
    path: `${options.mount}${path}?${new URLSearchParams({
      response_type: 'code',
      client_id: options.clientId,
      redirect_uri: options.redirectUri,
      code_challenge: challenge,
      code_challenge_method: 'S256',
      state: randomBytes(16).toString('base64url'),
    })}`,
    headers: { accept: 'application/json' },
    signal,
  });

  const tokenRequest = (grant: Readonly<Record<string, string>>, signal: AbortSignal): HttpRequest => ({
    method: 'POST',
    path: `${options.mount}/oauth/token`,
    headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      ...grant,
      client_id: options.clientId,
      client_secret: options.clientSecret,
    }).toString(),
    signal,
  });

  /** A request of a sign-in. @throws CallFailure when the CMS is away, which says nothing about the credentials. */
  const ask = async (request: HttpRequest): Promise<HttpReply> => {
    try {
      const reply = await roundTrip(options.dispatcher, request);
      if (reply.status < 500 && reply.status !== 429) return reply;
      throw failure(
        'failing',
        'CMS_UNAVAILABLE',
        'The CMS is failing at the moment, so nobody can sign in. Try again later.',
        {
          details: { status: reply.status },
        },
      );
    } catch (error) {
      // Round trips throw TransportFailures; the failure thrown just above is ready to go.
      if (error instanceof CallFailure || !(error instanceof TransportFailure)) throw error;
      throw error.kind === 'aborted'
        ? failure('late', 'CMS_TIMEOUT', 'Signing in to the CMS took too long. Try again later.', { cause: error })
        : failure('unreached', 'CMS_UNAVAILABLE', 'The CMS cannot be reached. Try again later.', { cause: error });
    }
  };

  const tokenOf = (reply: HttpReply): Token => {
    const answer = tokenAnswer.safeParse(jsonOf(reply.text));
    if (!answer.success) throw signInRefused(reply);
    const lifetimeSeconds = answer.data.expires_in ?? lifetimeDefaultSeconds;
    // A minute before the end, but never before half of a short life.
    const usableSeconds = Math.max(lifetimeSeconds - marginSeconds, lifetimeSeconds / 2);
    return {
      access: answer.data.access_token,
      refresh: answer.data.refresh_token,
      usableUntilMs: options.clock.nowMs() + usableSeconds * 1000,
    };
  };

  return { token: () => renew(), renew: (_principal, refused) => renew(refused) };
}

interface Token {
  readonly access: string;
  readonly refresh: string | undefined;
  readonly usableUntilMs: number;
}

/** The CMS's own default (contract section 9). */
const lifetimeDefaultSeconds = 1200;
const marginSeconds = 60;

const tokenAnswer = z.object({
  access_token: z.string().min(1),
  expires_in: z.coerce.number().positive().optional().catch(undefined),
  refresh_token: z.string().min(1).optional().catch(undefined),
});

const codeAnswer = z.object({ code: z.string().min(1) });

/** The code from the JSON answer that the out-of-band redirect brings, or from a redirect. */
function codeOf(reply: HttpReply): string | undefined {
  if (reply.status === 200) {
    const answer = codeAnswer.safeParse(jsonOf(reply.text));
    return answer.success ? answer.data.code : undefined;
  }
  const location = reply.headers.location;
  if (reply.status < 300 || reply.status > 399 || location === undefined) return undefined;
  const query = location.slice(location.indexOf('?') + 1);
  return new URLSearchParams(query).get('code') ?? undefined;
}

/** The credentials were not accepted. The CMS's words stay out: they may quote what was sent. */
function signInRefused(reply: HttpReply): CallFailure {
  const answer = z.object({ error: z.string().regex(/^[a-z_]{1,40}$/) }).safeParse(jsonOf(reply.text));
  return failure(
    'sign_in_refused',
    'CMS_SIGN_IN_FAILED',
    'The CMS does not accept the OAuth identity that this server is configured with. An operator has to check OAUTH_CLIENT_ID, OAUTH_CLIENT_SECRET and OAUTH_REDIRECT_URI.',
    { details: { status: reply.status, ...(answer.success ? { oauth_error: answer.data.error } : {}) } },
  );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A login page is no JSON; the schemas refuse `undefined`.
    return undefined;
  }
}
