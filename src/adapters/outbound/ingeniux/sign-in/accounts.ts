import { z } from 'zod';
import { DomainError } from '../../../../domain/errors.ts';
import type { Clock } from '../../../../domain/ports/system.ts';
import { operations } from '../catalogue/index.ts';
import type { Operation } from '../catalogue/operation.ts';
import type { Breakers } from '../http/breaker.ts';
import { CallFailure, failure, failureKinds } from '../http/failure.ts';
import { readError } from '../http/read-error.ts';
import { requestTarget } from '../http/request-target.ts';
import type { HttpReply } from '../http/round-trip.ts';
import { claimedPerson, user } from '../wire/site.ts';
import { authorizePaths, noOAuth } from './client-identity.ts';
import { type CmsPerson, personOf } from './person.ts';
import {
  type IssuedTokens,
  jsonOf,
  type OAuthClient,
  type TokenAnswer,
  type TokenEndpoint,
  tokensOf,
} from './token-endpoint.ts';

/** How users of the CMS sign in to it. Everything thrown is a DomainError. */
export interface CmsAccounts {
  /** Where the CMS is: says of a credential which CMS it is for. */
  readonly siteRoot: string;
  /** The client that browsers sign in through. */
  readonly client: OAuthClient;
  /** Where user names live, those that take a password here. @throws CMS_UNAVAILABLE, CMS_TIMEOUT. */
  providers(): Promise<readonly { readonly value: string; readonly label: string }[]>;
  /**
   * Exchanges a user name and a password for tokens; `undefined` when the CMS refuses them. Tokens by OAuth's password
   * grant belong to our client, those by the CMS's own sign-in to none.
   *
   * @throws CMS_UNAVAILABLE, CMS_TIMEOUT, CMS_SIGN_IN_FAILED where the CMS offers neither way.
   */
  byPassword(attempt: PasswordAttempt): Promise<UserTokens | undefined>;
  /** Where a browser asks for a code. @throws CMS_UNAVAILABLE, CMS_TIMEOUT, CMS_SIGN_IN_FAILED. */
  authorizeUrl(query: Readonly<Record<string, string>>): Promise<string>;
  /** Exchanges a code for tokens; `undefined` when the CMS refuses it. @throws as above. */
  byCode(code: {
    readonly code: string;
    readonly verifier: string;
    readonly redirectUri: string;
  }): Promise<UserTokens | undefined>;
  /** Whom a token speaks of; `undefined` when the CMS does not take it. @throws CMS_UNAVAILABLE, CMS_TIMEOUT, CMS_UNEXPECTED. */
  whoIs(accessToken: string): Promise<CmsPerson | undefined>;
  /** Whether the CMS takes a token for a call that every user may make. @throws CMS_UNAVAILABLE, CMS_TIMEOUT. */
  accepts(accessToken: string): Promise<boolean>;
  /** What people call a user; their login where the CMS does not tell. */
  displayNameOf(person: CmsPerson, accessToken: string): Promise<string>;
}

export interface PasswordAttempt {
  readonly username: string;
  readonly password: string;
  /** Empty for the CMS's own choice. */
  readonly provider: string;
}

export interface UserTokens extends IssuedTokens {
  /** The client that the tokens belong to, if to any. */
  readonly issuedTo: string | undefined;
}

export interface CmsAccountsOptions {
  readonly endpoint: TokenEndpoint;
  readonly siteRoot: string;
  readonly client: OAuthClient;
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly breakers: Breakers;
}

export function createAccounts(options: CmsAccountsOptions): CmsAccounts {
  const { endpoint, client, clock } = options;
  let authorizePath: string | undefined;

  /** Every way in goes through the breaker of signing in, with one deadline for all its requests. */
  const signIn = async <T>(act: (signal: AbortSignal) => Promise<T>): Promise<T> => {
    try {
      return await options.breakers.run('sign_in', () => act(AbortSignal.timeout(options.timeoutMs)));
    } catch (error) {
      // Outside of the driver only the errors of failures are known.
      throw error instanceof CallFailure ? error.error : error;
    }
  };

  const ask = (
    operation: Operation,
    args: object,
    signal: AbortSignal,
    extras: { readonly token?: string; readonly body?: object; readonly reads500?: boolean } = {},
  ): Promise<HttpReply> =>
    endpoint.ask({
      method: operation.method,
      // The callers below name the arguments of the operation they ask for.
      path: requestTarget(operation, args as Parameters<typeof requestTarget>[1]),
      headers: {
        accept: 'application/json',
        ...(extras.token === undefined ? {} : { authorization: `Bearer ${extras.token}` }),
        ...(extras.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(extras.body === undefined ? {} : { body: JSON.stringify(extras.body) }),
      ...(extras.reads500 === undefined ? {} : { reads500: extras.reads500 }),
      signal,
    });

  const byOwnSignIn = async (
    { username, password, provider }: PasswordAttempt,
    signal: AbortSignal,
  ): Promise<IssuedTokens | 'refused' | 'not_offered'> => {
    const body = { Username: username, Password: password, Provider: provider, Persist: false };
    const reply = await ask(operations.Accounts_Login, {}, signal, { body, reads500: true });
    if (reply.status === 401) return 'refused';
    if (reply.status >= 200 && reply.status <= 299) {
      const answer = loginAnswer.safeParse(jsonOf(reply.text));
      if (!answer.success) return 'not_offered';
      return tokensOf(answer.data?.Token, clock.nowMs()) ?? 'refused';
    }
    if (reply.status >= 300 && reply.status <= 399) return 'not_offered';
    const { kind } = readError(reply, operations.Accounts_Login, clock.nowMs());
    if (kind === 'unexpected') return 'not_offered';
    if (!failureKinds[kind].counts) return 'refused';
    // What the CMS says of it stays out: it may quote what was typed.
    throw failure(
      kind,
      'CMS_UNAVAILABLE',
      'The CMS is failing at the moment, so nobody can sign in. Try again later.',
      {
        details: { status: reply.status },
      },
    );
  };

  const userTokens = (answer: TokenAnswer): UserTokens | undefined => {
    if (answer.kind === 'tokens') return { ...answer.tokens, issuedTo: client.clientId };
    if (answer.kind === 'refused' && (answer.error === 'invalid_grant' || answer.error === undefined)) return undefined;
    if (answer.kind === 'garbage') throw unexpected(answer.status);
    throw new DomainError(
      'CMS_SIGN_IN_FAILED',
      'The CMS does not let people sign in this way. An operator has to check OAUTH_CLIENT_ID, OAUTH_CLIENT_SECRET and CMS_SIGN_IN.',
      { details: { status: answer.status, ...(answer.error === undefined ? {} : { oauth_error: answer.error }) } },
    );
  };

  return {
    siteRoot: options.siteRoot,
    client,
    providers: () =>
      signIn(async (signal) => {
        const reply = await ask(operations.Accounts_GetMembershipProviders, {}, signal);
        return providersAnswer.parse(jsonOf(reply.text));
      }),
    byPassword: (attempt) =>
      signIn(async (signal) => {
        const own = await byOwnSignIn(attempt, signal);
        if (own === 'refused') return undefined;
        if (own !== 'not_offered') return { ...own, issuedTo: undefined };
        const { username, password } = attempt;
        return userTokens(await endpoint.redeem({ grant_type: 'password', username, password }, client, signal));
      }),
    authorizeUrl: async (query) => {
      authorizePath ??= await signIn(async (signal) => {
        for (const path of authorizePaths) {
          // Without a query it can only complain, which an address that is not there does not.
          const reply = await endpoint.ask({ method: 'GET', path, headers: { accept: 'application/json' }, signal });
          if (reply.status !== 404) return path;
        }
        throw noOAuth();
      });
      return `${options.siteRoot}${authorizePath}?${new URLSearchParams(query)}`;
    },
    byCode: ({ code, verifier, redirectUri }) =>
      signIn(async (signal) => {
        const grant = { grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: verifier };
        return userTokens(await endpoint.redeem(grant, client, signal));
      }),
    whoIs: (accessToken) => {
      const person = personOf(accessToken);
      if (person !== undefined) return Promise.resolve(person);
      return signIn(async (signal) => {
        const reply = await ask(operations.Test_GetClaims, {}, signal, { token: accessToken });
        if (reply.status === 401 || (reply.status >= 300 && reply.status <= 399)) return undefined;
        const person = reply.status === 200 ? claimedPerson.parse(jsonOf(reply.text) ?? reply.text) : null;
        if (person === null) throw unexpected(reply.status);
        return person;
      });
    },
    accepts: (accessToken) =>
      signIn(async (signal) => {
        const reply = await ask(operations.Notifications_GetContentFreeze, {}, signal, { token: accessToken });
        return reply.status !== 401 && (reply.status < 300 || reply.status > 399);
      }),
    displayNameOf: async (person, accessToken) => {
      try {
        const reply = await signIn((signal) =>
          ask(operations.User_GetUser, { id: person.id }, signal, { token: accessToken }),
        );
        return user.parse(jsonOf(reply.text)).name;
      } catch {
        // A name for a page: whatever keeps it away, the login name does.
        return person.login;
      }
    },
  };
}

const unexpected = (status: number): DomainError =>
  new DomainError(
    'CMS_UNEXPECTED',
    'The CMS answered a sign-in in a form that its contract does not know. An operator has to check CMS_BASE_URL.',
    { details: { status } },
  );

const loginAnswer = z.object({ Token: z.unknown() }).nullable();

/** `MembershipProvidersList`. One that signs in at a page of its own (SAML) takes no password from us. */
const providersAnswer = z
  .object({
    Providers: z
      .array(
        z.object({
          Key: z.string().catch(''),
          Value: z.object({
            DisplayName: z.string().nullish(),
            Provider: z.string().nullish(),
            IsSaml: z.boolean().nullish(),
          }),
        }),
      )
      .nullish(),
  })
  .catch({})
  .transform(({ Providers }) =>
    (Providers ?? [])
      .filter(({ Value }) => Value.IsSaml !== true)
      .map(({ Key, Value }) => {
        const value = Value.Provider || Key;
        return { value, label: Value.DisplayName || value };
      })
      .filter(({ value }) => value !== ''),
  );
