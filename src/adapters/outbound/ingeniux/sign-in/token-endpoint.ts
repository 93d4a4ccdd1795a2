import type { Dispatcher } from 'undici';
import { z } from 'zod';
import type { Clock } from '../../../../domain/ports/system.ts';
import type { OnAttempt } from '../events.ts';
import { CallFailure, type FailureKind, failure } from '../http/failure.ts';
import { type HttpReply, type HttpRequest, roundTrip, TransportFailure } from '../http/round-trip.ts';

/** A client of the CMS's OAuth: one of its OAuth identities. */
export interface OAuthClient {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** Tokens as the CMS gave them. */
export interface IssuedTokens {
  readonly access: string;
  readonly refresh: string | undefined;
  /** Until when to use the access token, in milliseconds since 1970: a while before the CMS ends it. */
  readonly usableUntilMs: number;
}

/** What the token endpoint made of a request; what a refusal means depends on who asked. */
export type TokenAnswer =
  | { readonly kind: 'tokens'; readonly tokens: IssuedTokens }
  /** `error` is OAuth's word for the reason (RFC 6749 section 5.2), where the CMS gave one. */
  | { readonly kind: 'refused'; readonly status: number; readonly error: string | undefined }
  /** Neither tokens nor a refusal. */
  | { readonly kind: 'garbage'; readonly status: number };

/** The OAuth endpoints of one CMS (contract section 9). */
export interface TokenEndpoint {
  /** @throws CallFailure when the CMS is away or failing, which says nothing about the credentials. */
  redeem(
    grant: Readonly<Record<string, string>>,
    client: OAuthClient | undefined,
    signal: AbortSignal,
  ): Promise<TokenAnswer>;
  /**
   * Any other request of a sign-in; `path` is relative to the site root. Status 500 is an answer where `reads500`: the API
   * says no with it, too. @throws CallFailure likewise.
   */
  ask(request: HttpRequest & { readonly reads500?: boolean }): Promise<HttpReply>;
}

export interface TokenEndpointOptions {
  readonly dispatcher: Dispatcher;
  readonly mount: string;
  readonly clock: Clock;
  readonly onAttempt: OnAttempt;
}

export function createTokenEndpoint(options: TokenEndpointOptions): TokenEndpoint {
  const ask: TokenEndpoint['ask'] = async ({ reads500 = false, ...request }) => {
    const { method } = request;
    const tellEnd = options.onAttempt({
      callClass: 'sign_in',
      method,
      ...templateOf(request.path),
      resendCount: 0,
    });
    try {
      const reply = await roundTrip(options.dispatcher, { ...request, path: `${options.mount}${request.path}` });
      tellEnd({ status: reply.status, ...failureOf(reply.status) });
      if ((reply.status < 500 && reply.status !== 429) || (reply.status === 500 && reads500)) return reply;
      throw failure(
        'failing',
        'CMS_UNAVAILABLE',
        'The CMS is failing at the moment, so nobody can sign in. Try again later.',
        { details: { status: reply.status } },
      );
    } catch (error) {
      // Round trips throw TransportFailures; the failure thrown just above is ready to go.
      if (error instanceof CallFailure || !(error instanceof TransportFailure)) throw error;
      tellEnd({ failure: error.kind === 'aborted' ? 'late' : 'unreached' });
      throw error.kind === 'aborted'
        ? failure('late', 'CMS_TIMEOUT', 'Signing in to the CMS took too long. Try again later.', { cause: error })
        : failure('unreached', 'CMS_UNAVAILABLE', 'The CMS cannot be reached. Try again later.', { cause: error });
    }
  };

  return {
    ask,
    redeem: async (grant, client, signal) => {
      const reply = await ask({
        method: 'POST',
        path: '/oauth/token',
        headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({
          ...grant,
          ...(client === undefined ? {} : { client_id: client.clientId, client_secret: client.clientSecret }),
        }).toString(),
        signal,
      });
      return readTokenAnswer(reply, options.clock.nowMs());
    },
  };
}

/** The OAuth endpoints by their paths; what else is asked in a sign-in may name a user in its path. */
function templateOf(path: string): { readonly urlTemplate?: string } {
  const [urlTemplate = ''] = path.split('?');
  return urlTemplate.startsWith('/oauth/') ? { urlTemplate } : {};
}

function failureOf(status: number): { readonly failure?: FailureKind } {
  if (status >= 500) return { failure: 'failing' };
  if (status === 429) return { failure: 'throttled' };
  return status >= 400 ? { failure: 'refused' } : {};
}

/** Pure. The CMS's words stay out: they may quote what was sent. */
function readTokenAnswer(reply: HttpReply, nowMs: number): TokenAnswer {
  const json = jsonOf(reply.text);
  if (reply.status === 200) {
    const tokens = tokensOf(json, nowMs);
    return tokens === undefined ? { kind: 'garbage', status: reply.status } : { kind: 'tokens', tokens };
  }
  const refusal = refusalAnswer.safeParse(json);
  if (reply.status !== 401 && !refusal.success) return { kind: 'garbage', status: reply.status };
  return { kind: 'refused', status: reply.status, error: refusal.success ? refusal.data.error : undefined };
}

/** The tokens in an answer, read as `IgxToken`; `undefined` for anything else. Pure. */
export function tokensOf(json: unknown, nowMs: number): IssuedTokens | undefined {
  const answer = tokenAnswer.safeParse(json);
  if (!answer.success) return undefined;
  const lifetimeSeconds = answer.data.expires_in ?? lifetimeDefaultSeconds;
  // A minute before the end, but never before half of a short life.
  const usableSeconds = Math.max(lifetimeSeconds - marginSeconds, lifetimeSeconds / 2);
  return {
    access: answer.data.access_token,
    refresh: answer.data.refresh_token,
    usableUntilMs: nowMs + usableSeconds * 1000,
  };
}

/** The CMS's own default (contract section 9). */
const lifetimeDefaultSeconds = 1200;
const marginSeconds = 60;

const tokenAnswer = z.object({
  access_token: z.string().min(1),
  expires_in: z.coerce.number().positive().optional().catch(undefined),
  refresh_token: z.string().min(1).optional().catch(undefined),
});

const refusalAnswer = z.object({ error: z.string().regex(/^[a-z_]{1,40}$/) });

/** The value of a JSON text; `undefined` for any other: a sign-in page is no JSON. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Whoever reads the value refuses `undefined`.
    return undefined;
  }
}
