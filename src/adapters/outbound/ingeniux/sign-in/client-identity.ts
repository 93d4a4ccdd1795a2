import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '../../../../domain/ports/system.ts';
import type { OnProblem } from '../events.ts';
import type { Breakers } from '../http/breaker.ts';
import { type CallFailure, failure } from '../http/failure.ts';
import type { HttpReply, HttpRequest } from '../http/round-trip.ts';
import { type IssuedTokens, jsonOf, type OAuthClient, type TokenAnswer, type TokenEndpoint } from './token-endpoint.ts';

export interface ClientIdentityOptions {
  readonly endpoint: TokenEndpoint;
  readonly client: OAuthClient;
  readonly redirectUri: string;
  /** Which settings an operator has to check when the CMS refuses. */
  readonly settings: string;
  /** For the whole of one sign-in. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly breakers: Breakers;
  readonly onProblem: OnProblem;
}

/** One OAuth identity of the CMS, signed in: the same for everybody who works as it. */
export interface ClientIdentity {
  /** A token that is not known to be refused. @throws CallFailure */
  token(): Promise<string>;
  /** A token other than `refused`; callers that meet the same refusal share one renewal. @throws CallFailure */
  renew(refused: string): Promise<string>;
}

/**
 * Signs in as an OAuth identity (contract section 9). Code flow without a browser, always with PKCE and with the secret;
 * a refresh token is used before a new code is asked for.
 */
export function createClientIdentity(options: ClientIdentityOptions): ClientIdentity {
  const { endpoint } = options;
  let current: IssuedTokens | undefined;
  let renewal: Promise<IssuedTokens> | undefined;
  let authorizePath: string | undefined;

  const isUsable = (tokens: IssuedTokens | undefined, refused?: string): tokens is IssuedTokens =>
    tokens !== undefined && tokens.access !== refused && options.clock.nowMs() < tokens.usableUntilMs;

  const renew = async (refused?: string): Promise<string> => {
    if (isUsable(current, refused)) return current.access;
    renewal ??= signIn().finally(() => {
      renewal = undefined;
    });
    return (await renewal).access;
  };

  const signIn = (): Promise<IssuedTokens> =>
    options.breakers.run('sign_in', async () => {
      const signal = AbortSignal.timeout(options.timeoutMs);
      const tokens = (await refreshed(signal)) ?? (await authorized(signal));
      current = tokens;
      return tokens;
    });

  const refreshed = async (signal: AbortSignal): Promise<IssuedTokens | undefined> => {
    const refreshToken = current?.refresh;
    if (refreshToken === undefined) return undefined;
    const grant = { grant_type: 'refresh_token', refresh_token: refreshToken };
    const answer = await endpoint.redeem(grant, options.client, signal);
    // A refresh token ends with the CMS's application pool, and some sites give none: a new code is the way then.
    if (answer.kind !== 'tokens') {
      const outcome = answer.kind === 'refused' ? 'rejected' : 'indeterminate';
      options.onProblem({ kind: 'token_not_renewed', outcome });
      return undefined;
    }
    options.onProblem({ kind: 'token_renewed', grant: 'refresh_token' });
    return answer.tokens;
  };

  const authorized = async (signal: AbortSignal): Promise<IssuedTokens> => {
    const verifier = randomBytes(32).toString('base64url');
    const code = await codeFor(createHash('sha256').update(verifier).digest('base64url'), signal);
    const grant = {
      grant_type: 'authorization_code',
      code,
      redirect_uri: options.redirectUri,
      code_verifier: verifier,
    };
    const answer = await endpoint.redeem(grant, options.client, signal);
    if (answer.kind !== 'tokens') throw refusal(answer);
    options.onProblem({ kind: 'token_renewed', grant: 'authorization_code' });
    return answer.tokens;
  };

  /** The path that the vendor's code uses, and the one that its documents name; the second only when the first is unknown. */
  const codeFor = async (challenge: string, signal: AbortSignal): Promise<string> => {
    const paths = authorizePath === undefined ? authorizePaths : [authorizePath];
    for (const path of paths) {
      const reply = await endpoint.ask(authorizeRequest(path, challenge, signal));
      if (reply.status === 404) continue;
      const code = codeOf(reply);
      if (code === undefined) throw refusal({ status: reply.status });
      authorizePath = path;
      return code;
    }
    throw noOAuth();
  };

  const authorizeRequest = (path: string, challenge: string, signal: AbortSignal): HttpRequest => ({
    method: 'GET',
    path: `${path}?${new URLSearchParams({
      response_type: 'code',
      client_id: options.client.clientId,
      redirect_uri: options.redirectUri,
      code_challenge: challenge,
      code_challenge_method: 'S256',
      state: randomBytes(16).toString('base64url'),
    })}`,
    headers: { accept: 'application/json' },
    signal,
  });

  const refusal = (answer: Partial<Pick<TokenAnswer & { kind: 'refused' }, 'error'>> & { status: number }) =>
    failure(
      'sign_in_refused',
      'CMS_SIGN_IN_FAILED',
      `The CMS does not accept the OAuth identity that this server is configured with. An operator has to check ${options.settings}.`,
      { details: { status: answer.status, ...(answer.error === undefined ? {} : { oauth_error: answer.error }) } },
    );

  return { token: () => renew(), renew };
}

/** Where the CMS's authorization endpoint is, in the order in which to try (gaps section 3, 8). */
export const authorizePaths: readonly string[] = ['/oauth/auth', '/oauth/authorize'];

/** The CMS serves none of them. */
export function noOAuth(): CallFailure {
  return failure(
    'sign_in_refused',
    'CMS_SIGN_IN_FAILED',
    'The configured address has no OAuth endpoint of an Ingeniux CMS. An operator has to check CMS_BASE_URL.',
  );
}

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
