import { setTimeout as pause } from 'node:timers/promises';
import { DomainError } from '../../../../domain/errors.ts';
import type { CmsTokens } from '../../../../domain/model/cms-credential.ts';
import type { RevocationReason } from '../../../../domain/model/grant.ts';
import type { Principal } from '../../../../domain/model/principal.ts';
import type { CredentialVault, StoredCredential } from '../../../../domain/ports/credential-vault.ts';
import type { HeldLock, Lock } from '../../../../domain/ports/lock.ts';
import type { Clock } from '../../../../domain/ports/system.ts';
import type { OnProblem } from '../events.ts';
import type { Breakers } from '../http/breaker.ts';
import type { CredentialSource } from '../http/credential.ts';
import { CallFailure, failure } from '../http/failure.ts';
import type { CmsAccounts } from './accounts.ts';
import type { ClientIdentity } from './client-identity.ts';
import { subjectOf } from './person.ts';
import type { IssuedTokens, OAuthClient, TokenEndpoint } from './token-endpoint.ts';

export interface GrantCredentialsOptions {
  readonly vault: CredentialVault;
  readonly lock: Lock;
  readonly endpoint: TokenEndpoint;
  readonly accounts: CmsAccounts;
  /** The identity of that name; `undefined` for one that is not configured (any more). */
  readonly identity: (name: string) => ClientIdentity | undefined;
  /** The secret of the client that tokens were issued to; `undefined` for one that is not configured (any more). */
  readonly client: (clientId: string) => OAuthClient | undefined;
  /** Ends a grant, in every process, because of what the CMS said. */
  readonly revokeGrant: (grantId: string, reason: RevocationReason) => Promise<void>;
  /** For one renewal. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly breakers: Breakers;
  readonly onProblem: OnProblem;
}

/**
 * The CMS credentials of grants: each person's own tokens, renewed, or the identity that they work as.
 *
 * One renewal per grant, over all processes: the refresh token of the CMS works once. Within a process callers share a
 * flight; between processes a lock lets one of them ask, and the others wait for what it stores. What it stores is
 * compared with what it read, so that one that slept past its lock changes nothing.
 *
 * The CMS's no to a refresh token ends the grant; a CMS that is away, or answers what nobody can read, does not.
 */
export function createGrantCredentials(options: GrantCredentialsOptions): CredentialSource {
  const { vault, clock, accounts } = options;
  const flights = new Map<string, Promise<string>>();
  const lockMs = options.timeoutMs + lockMarginMs;

  const find = async (grantId: string): Promise<StoredCredential> => {
    const stored = await vault.find(grantId);
    if (stored === undefined) throw ended('The access that was given has ended.');
    return stored;
  };

  const isUsable = (tokens: CmsTokens, refused: string | undefined): boolean =>
    tokens.accessToken !== refused && clock.nowMs() < tokens.expiresAtMs;

  /** The stored token, unless it has ended or is the refused one. */
  const usableOf = ({ credential }: StoredCredential, refused: string | undefined): string | undefined =>
    credential.kind === 'tokens' && isUsable(credential, refused) ? credential.accessToken : undefined;

  const renewal = (grantId: string, refused: string | undefined): Promise<string> => {
    const underWay = flights.get(grantId);
    if (underWay !== undefined) return underWay;
    const flight = renewOnce(grantId, refused).finally(() => flights.delete(grantId));
    flights.set(grantId, flight);
    return flight;
  };

  const renewOnce = async (grantId: string, refused: string | undefined): Promise<string> => {
    const endMs = clock.nowMs() + lockMs;
    do {
      const held = await options.lock.acquire(`cms-renewal:${grantId}`, lockMs);
      const token = held === undefined ? undefined : await renewHolding(held, grantId, refused);
      if (token !== undefined) return token;
      // Somebody else is at it: what they store is what is wanted.
      await pause(lookAgainMs);
      const renewed = usableOf(await find(grantId), refused);
      if (renewed !== undefined) {
        options.onProblem({ kind: 'token_awaited' });
        return renewed;
      }
    } while (clock.nowMs() < endMs);
    throw failure(
      'late',
      'CMS_TIMEOUT',
      'Renewing the sign-in to the CMS took too long. Try again later.',
      {},
      lookAgainMs,
    );
  };

  /** `undefined` when the lock was lost on the way, so that what the CMS said may be the echo of another renewal. */
  const renewHolding = async (
    held: HeldLock,
    grantId: string,
    refused: string | undefined,
  ): Promise<string | undefined> => {
    const heldUntilMs = clock.nowMs() + lockMs;
    try {
      const stored = await find(grantId);
      const renewed = usableOf(stored, refused);
      if (renewed !== undefined) return renewed;
      const { credential } = stored;
      if (credential.kind !== 'tokens') return undefined;
      const tokens = await redeem(credential);
      if (tokens === undefined) {
        const now = await find(grantId);
        if (now.version !== stored.version) return usableOf(now, refused);
        if (clock.nowMs() >= heldUntilMs) return undefined;
        options.onProblem({ kind: 'token_not_renewed', outcome: 'rejected' });
        return await revoke(grantId, 'upstream_rejected');
      }
      if (!(await insist(() => belongsTo(stored.owner.subject, tokens))))
        return await revoke(grantId, 'subject_changed');
      const next: CmsTokens = {
        ...credential,
        accessToken: tokens.access,
        expiresAtMs: tokens.usableUntilMs,
        // A CMS that rotates nothing leaves the old one good.
        ...(tokens.refresh === undefined ? {} : { refreshToken: tokens.refresh }),
      };
      if (!(await insist(() => vault.replace(grantId, stored.version, next)))) {
        return usableOf(await find(grantId), refused);
      }
      options.onProblem({ kind: 'token_renewed', grant: 'refresh_token' });
      return tokens.access;
    } finally {
      // A lock that cannot be given back ends by itself.
      await held.release().catch(() => undefined);
    }
  };

  /** New tokens; `undefined` when the CMS refuses the refresh token, or there is none. */
  const redeem = async ({ refreshToken, issuedTo }: CmsTokens): Promise<IssuedTokens | undefined> => {
    if (refreshToken === undefined) return undefined;
    const client = issuedTo === undefined ? undefined : options.client(issuedTo);
    const answer = await options.breakers.run('sign_in', async () => {
      const signal = AbortSignal.timeout(options.timeoutMs);
      const grant = { grant_type: 'refresh_token', refresh_token: refreshToken };
      const first = await options.endpoint.redeem(grant, client, signal);
      // A CMS that knows no refresh without a client says so before it looks at the token.
      const asked = client === undefined && first.kind === 'refused' && first.error === 'invalid_client';
      const reply = asked ? await options.endpoint.redeem(grant, accounts.client, signal) : first;
      // Nobody said no: the CMS, or what stands before it, is not well.
      if (reply.kind === 'garbage') {
        options.onProblem({ kind: 'token_not_renewed', outcome: 'indeterminate' });
        throw failing(reply.status);
      }
      return reply;
    });
    if (answer.kind === 'tokens') return answer.tokens;
    if (answer.error === 'invalid_grant' || (answer.error === undefined && answer.status === 401)) return undefined;
    throw failure(
      'sign_in_refused',
      'CMS_SIGN_IN_FAILED',
      'The CMS does not accept this server as an OAuth client. An operator has to check OAUTH_CLIENT_ID and OAUTH_CLIENT_SECRET.',
      { details: { status: answer.status, ...(answer.error === undefined ? {} : { oauth_error: answer.error }) } },
    );
  };

  const belongsTo = async (subject: string, tokens: IssuedTokens): Promise<boolean> => {
    const person = await accounts.whoIs(tokens.access);
    return person !== undefined && subjectOf(person) === subject;
  };

  /** The refresh token is used up by now, so what stumbles is given another chance before the sign-in is lost. */
  const insist = async (act: () => Promise<boolean>): Promise<boolean> => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await act();
      } catch (error) {
        if (attempt === triesMax) throw error;
        await pause(attempt * triesPauseMs);
      }
    }
  };

  const revoke = async (grantId: string, reason: RevocationReason): Promise<never> => {
    await options.revokeGrant(grantId, reason);
    throw ended(
      reason === 'subject_changed'
        ? 'The CMS answered with the sign-in of somebody else.'
        : 'The CMS does not accept the sign-in any more.',
    );
  };

  return {
    token: (principal) =>
      asFailure(async () => {
        const grantId = grantIdOf(principal);
        const stored = await find(grantId);
        if (stored.credential.kind === 'identity')
          return identityNamed(options.identity, stored.credential.identity).token();
        return usableOf(stored, undefined) ?? (await renewal(grantId, undefined));
      }),
    renew: (principal, refused) =>
      asFailure(async () => {
        const grantId = grantIdOf(principal);
        const stored = await find(grantId);
        if (stored.credential.kind === 'identity')
          return identityNamed(options.identity, stored.credential.identity).renew(refused);
        const token = usableOf(stored, refused) ?? (await renewal(grantId, refused));
        // A flight that began before the refusal does not know of it.
        return token === refused ? renewal(grantId, refused) : token;
      }),
    rejected: async (principal, token, cause) => {
      try {
        const grantId = grantIdOf(principal);
        const { credential } = await find(grantId);
        if (credential.kind === 'identity') return identityRejected(credential.identity, cause);
        // One address that asks everybody to sign in says nothing about the person.
        if (await accounts.accepts(token)) return callRejected(cause);
        return await revoke(grantId, 'upstream_rejected');
      } catch (error) {
        return toFailure(error);
      }
    },
  };
}

/** The identity of that name. @throws CallFailure CMS_SIGN_IN_FAILED for one that is not configured (any more). */
export function identityNamed(identities: (name: string) => ClientIdentity | undefined, name: string): ClientIdentity {
  const identity = identities(name);
  if (identity !== undefined) return identity;
  throw failure(
    'sign_in_refused',
    'CMS_SIGN_IN_FAILED',
    `The CMS identity “${name}” that this person works as is not configured. An operator has to check CMS_IDENTITIES_FILE.`,
  );
}

/** Where no grants are kept. */
export const noGrants: CredentialSource = {
  token: async () => Promise.reject(ended('No access was given here.')),
  renew: async () => Promise.reject(ended('No access was given here.')),
  rejected: async () => ended('No access was given here.'),
};

function grantIdOf(principal: Principal): string {
  if (principal.grantId === undefined) throw new Error('Only principals of grants have credentials of their own.');
  return principal.grantId;
}

/** What a person has to do when their credential has ended; the agent cannot. */
function ended(what: string): CallFailure {
  return failure('sign_in_refused', 'UNAUTHENTICATED', `${what} The user has to sign in again to go on.`);
}

function failing(status: number): CallFailure {
  return failure(
    'failing',
    'CMS_UNAVAILABLE',
    'The CMS answers nothing that can be read, so the sign-in cannot be renewed. Try again later.',
    { details: { status } },
  );
}

export function identityRejected(identity: string, cause: CallFailure): CallFailure {
  return failure(
    'sign_in_refused',
    'CMS_SIGN_IN_FAILED',
    'The CMS refuses this server although it has just signed in. An operator has to look at the configured OAuth identity.',
    { details: { identity }, cause },
  );
}

function callRejected(cause: CallFailure): CallFailure {
  return failure(
    'refused',
    'FORBIDDEN',
    'The CMS asks this user to sign in for this call, although it takes their sign-in elsewhere: they may lack the permission.',
    { cause },
  );
}

/** The chain knows CallFailures only; a storage that is away is no fault of the CMS. */
async function asFailure(act: () => Promise<string>): Promise<string> {
  try {
    return await act();
  } catch (error) {
    throw toFailure(error);
  }
}

function toFailure(error: unknown): CallFailure {
  if (error instanceof CallFailure) return error;
  // A defect rises as it is.
  if (!(error instanceof DomainError)) throw error;
  return new CallFailure('sign_in_refused', error);
}

/** A lock outlives the request that it is for, so that nobody asks while the answer may still come. */
const lockMarginMs = 5_000;
/** How soon to look again whether somebody else has renewed, in milliseconds. */
const lookAgainMs = 50;
const triesMax = 3;
const triesPauseMs = 200;
