import type { AccessTokenRecord } from '../../domain/model/access-token.ts';
import type { Principal } from '../../domain/model/principal.ts';
import type { Clock, Digest } from '../../domain/ports/system.ts';
import type { TokenStore } from '../../domain/ports/token-store.ts';

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
export type TokenRefusal = 'malformed' | 'unknown' | 'expired' | 'revoked' | 'signed_out';

export type TokenVerdict =
  | { readonly ok: true; readonly grant: AccessGrant }
  | { readonly ok: false; readonly reason: TokenRefusal };

export interface VerifyPorts {
  readonly tokens: TokenStore;
  readonly digest: Digest;
  readonly clock: Clock;
}

/** The words that every access token of this server begins with, so that leaked ones are found by scanners. */
export const accessTokenPrefix = 'igx';

/**
 * Who bears this token.
 *
 * @throws DomainError STORAGE_UNAVAILABLE when the store cannot be asked: that is no refusal.
 */
export async function verifyAccessToken(token: string, ports: VerifyPorts): Promise<TokenVerdict> {
  if (!tokenForm.test(token)) return { ok: false, reason: 'malformed' };
  return verifyHash(ports.digest.sha256(token), ports);
}

/** Whether a grant that was given before still stands: neither expired nor revoked since. */
export async function isGrantAlive(grant: AccessGrant, ports: VerifyPorts): Promise<boolean> {
  return (await verifyHash(grant.tokenHash, ports)).ok;
}

/** Long enough for every secret we issue; longer text is not worth hashing. */
const tokenForm = new RegExp(`^${accessTokenPrefix}_[A-Za-z0-9_-]{20,200}$`);

async function verifyHash(hash: string, ports: VerifyPorts): Promise<TokenVerdict> {
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

function refusalOf(record: AccessTokenRecord | undefined, nowMs: number): TokenRefusal | undefined {
  if (record === undefined) return 'unknown';
  if (record.revokedAtMs !== undefined) return 'revoked';
  return record.expiresAtMs <= nowMs ? 'expired' : undefined;
}
