import { DomainError } from '../../domain/errors.ts';
import type { AccessTokenRecord } from '../../domain/model/access-token.ts';
import { scopes as knownScopes, type Scope } from '../../domain/model/principal.ts';
import type { Clock, Digest, IdSource } from '../../domain/ports/system.ts';
import type { TokenStore } from '../../domain/ports/token-store.ts';
import { accessTokenPrefix } from './verify-access-token.ts';

export interface NewAccessToken {
  /** The person or machine that the bearer acts for. */
  readonly subject: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly ttlSeconds: number;
}

export interface IssuePorts {
  readonly tokens: TokenStore;
  readonly ids: IdSource;
  readonly digest: Digest;
  readonly clock: Clock;
}

/** A token that outlives a year is a password that nobody changes. */
export const tokenTtlSecondsMax = 366 * 24 * 3600;
const tokenTtlSecondsMin = 1;
const nameCharactersMax = 200;

/**
 * Issues an access token for a machine or an agent. The token's text is answered here and nowhere else: the store gets
 * its hash.
 *
 * @throws DomainError BAD_INPUT for an empty name, an unknown scope or an impossible lifetime; STORAGE_UNAVAILABLE.
 */
export async function issueAccessToken(
  request: NewAccessToken,
  ports: IssuePorts,
): Promise<{ readonly token: string; readonly record: AccessTokenRecord }> {
  const problems = problemsOf(request);
  if (problems.length > 0) throw new DomainError('BAD_INPUT', `${problems.join('; ')}.`, { details: { problems } });
  const token = ports.ids.secret(accessTokenPrefix);
  const issuedAtMs = ports.clock.nowMs();
  const record: AccessTokenRecord = {
    id: ports.ids.id('tok'),
    hash: ports.digest.sha256(token),
    subject: request.subject,
    clientId: request.clientId,
    scopes: knownScopes.filter((scope) => request.scopes.includes(scope)),
    issuedAtMs,
    expiresAtMs: issuedAtMs + request.ttlSeconds * 1000,
  };
  await ports.tokens.add(record);
  return { token, record };
}

function problemsOf(request: NewAccessToken): string[] {
  const unknown = request.scopes.filter((scope) => !isScope(scope));
  const ttl = request.ttlSeconds;
  return [
    ...(isName(request.subject) ? [] : [`The subject must have 1 to ${nameCharactersMax} visible characters`]),
    ...(isName(request.clientId) ? [] : [`The client id must have 1 to ${nameCharactersMax} visible characters`]),
    ...(request.scopes.length > 0 ? [] : ['At least one scope is needed']),
    ...(unknown.length === 0 ? [] : [`Unknown scopes: ${unknown.join(' ')}; known are ${knownScopes.join(' ')}`]),
    ...(Number.isInteger(ttl) && ttl >= tokenTtlSecondsMin && ttl <= tokenTtlSecondsMax
      ? []
      : [`The lifetime must be ${tokenTtlSecondsMin} to ${tokenTtlSecondsMax} seconds`]),
  ];
}

function isName(text: string): boolean {
  return text.trim() === text && text.length <= nameCharactersMax && /^[^\p{Cc}]+$/u.test(text);
}

function isScope(text: string): text is Scope {
  const known: readonly string[] = knownScopes;
  return known.includes(text);
}
