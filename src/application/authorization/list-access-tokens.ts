import type { AccessTokenRecord } from '../../domain/model/access-token.ts';
import type { Scope } from '../../domain/model/principal.ts';
import type { Clock } from '../../domain/ports/system.ts';
import type { TokenStore } from '../../domain/ports/token-store.ts';

/** A token as it is shown: everything but its hash. */
export interface AccessTokenView {
  readonly id: string;
  readonly subject: string;
  readonly clientId: string;
  readonly scopes: readonly Scope[];
  readonly issuedAtMs: number;
  readonly expiresAtMs: number;
  readonly state: 'active' | 'expired' | 'revoked';
}

/** All tokens, oldest first. */
export async function listAccessTokens(ports: {
  readonly tokens: TokenStore;
  readonly clock: Clock;
}): Promise<readonly AccessTokenView[]> {
  const nowMs = ports.clock.nowMs();
  return (await ports.tokens.list()).map((record) => ({
    id: record.id,
    subject: record.subject,
    clientId: record.clientId,
    scopes: record.scopes,
    issuedAtMs: record.issuedAtMs,
    expiresAtMs: record.expiresAtMs,
    state: stateOf(record, nowMs),
  }));
}

function stateOf(record: AccessTokenRecord, nowMs: number): AccessTokenView['state'] {
  if (record.revokedAtMs !== undefined) return 'revoked';
  return record.expiresAtMs <= nowMs ? 'expired' : 'active';
}
