import type { AccessTokenRecord } from '../../domain/model/access-token.ts';
import type { Principal } from '../../domain/model/principal.ts';
import type { OAuthRecords } from '../../domain/ports/oauth-records.ts';
import type { Clock, Digest } from '../../domain/ports/system.ts';
import type { TokenStore } from '../../domain/ports/token-store.ts';
import { accessTokenKind, readAccessToken } from '../identity/read-access-token.ts';

/** What an access token lets its bearer be, and until when. Never holds the token. */
export interface AccessGrant {
  readonly principal: Principal;
  readonly tokenId: string;
  /** The token's hash, to look it up again while a long stream is open. */
  readonly tokenHash: string;
  /** Milliseconds since 1970. */
  readonly expiresAtMs: number;
}

/** Why a token is refused: for the log. The bearer is told `invalid_token` whatever the reason (RFC 6750 section 3.1). */
export type TokenRefusal = 'malformed' | 'unknown' | 'expired' | 'revoked' | 'foreign_audience' | 'signed_out';

export type TokenVerdict =
  | { readonly ok: true; readonly grant: AccessGrant }
  | { readonly ok: false; readonly reason: TokenRefusal };

/** What the operator's own tokens are verified with. */
export interface VerifyPorts {
  readonly tokens: TokenStore;
  readonly digest: Digest;
  readonly clock: Clock;
}

/** With the tokens of the authorization server. */
export interface VerifyAnyPorts extends VerifyPorts {
  readonly oauthRecords: Pick<OAuthRecords, 'find'>;
  /** The canonical name of this server's protected resource: tokens for another one are refused. */
  readonly audience: string;
}

/** The words that every access token of this server begins with, so that leaked ones are found by scanners. */
export const accessTokenPrefix = 'igx';
export const oauthAccessTokenPrefix = 'igxa';

/**
 * Who bears this token: one that the operator issued, or one that the authorization server did. Both cost one read: a
 * revoked grant has no tokens left.
 *
 * @throws DomainError STORAGE_UNAVAILABLE when the store cannot be asked: that is no refusal.
 */
export async function verifyAccessToken(token: string, ports: VerifyAnyPorts): Promise<TokenVerdict> {
  if (oauthTokenForm.test(token)) return verifyOAuthHash(ports.digest.sha256(token), ports);
  return verifyMachineToken(token, ports);
}

/** As `verifyAccessToken`, for tokens of the operator alone. */
export async function verifyMachineToken(token: string, ports: VerifyPorts): Promise<TokenVerdict> {
  if (!machineTokenForm.test(token)) return { ok: false, reason: 'malformed' };
  return verifyMachineHash(ports.digest.sha256(token), ports);
}

/** Whether a grant that was given before still stands: neither expired nor revoked since. */
export async function isGrantAlive(grant: AccessGrant, ports: VerifyAnyPorts): Promise<boolean> {
  const verify = grant.principal.grantId === undefined ? verifyMachineHash : verifyOAuthHash;
  return (await verify(grant.tokenHash, ports)).ok;
}

/** Long enough for every secret we issue; longer text is not worth hashing. */
const machineTokenForm = new RegExp(`^${accessTokenPrefix}_[A-Za-z0-9_-]{20,200}$`);
const oauthTokenForm = new RegExp(`^${oauthAccessTokenPrefix}_[A-Za-z0-9_-]{20,200}$`);

async function verifyMachineHash(hash: string, ports: VerifyPorts): Promise<TokenVerdict> {
  const record = await ports.tokens.findByHash(hash);
  const refusal = refusalOf(record, ports.clock.nowMs());
  if (record === undefined || refusal !== undefined) return { ok: false, reason: refusal ?? 'unknown' };
  return {
    ok: true,
    grant: {
      principal: { subject: record.subject, clientId: record.clientId, scopes: record.scopes },
      tokenId: record.id,
      tokenHash: hash,
      expiresAtMs: record.expiresAtMs,
    },
  };
}

async function verifyOAuthHash(hash: string, ports: VerifyAnyPorts): Promise<TokenVerdict> {
  const record = await ports.oauthRecords.find(accessTokenKind, hash);
  const issued = record === undefined ? undefined : readAccessToken(record.value);
  if (issued === undefined) return { ok: false, reason: 'unknown' };
  if (issued.expiresAtMs <= ports.clock.nowMs()) return { ok: false, reason: 'expired' };
  if (issued.audience !== ports.audience) return { ok: false, reason: 'foreign_audience' };
  const { subject, clientId, scopes, grantId, exposure, expiresAtMs } = issued;
  return {
    ok: true,
    grant: {
      principal: { subject, clientId, scopes, grantId, ...(exposure === undefined ? {} : { exposure }) },
      // Names the token in the audit log; nobody can tell the token from it.
      tokenId: `at_${hash.slice(0, tokenIdDigits)}`,
      tokenHash: hash,
      expiresAtMs,
    },
  };
}

const tokenIdDigits = 16;

function refusalOf(record: AccessTokenRecord | undefined, nowMs: number): TokenRefusal | undefined {
  if (record === undefined) return 'unknown';
  if (record.revokedAtMs !== undefined) return 'revoked';
  return record.expiresAtMs <= nowMs ? 'expired' : undefined;
}
