import type { RevokeGrantPorts } from '../../application/identity/revoke-grant.ts';
import type { Wired } from './container.ts';
import { T } from './tokens.ts';

/** What ending a grant touches. */
export function revokeGrantPorts(container: Wired): RevokeGrantPorts {
  return {
    grants: container.get(T.Grants),
    oauthRecords: container.get(T.OAuthRecords),
    vault: container.get(T.Vault),
    events: container.get(T.Events),
    security: container.get(T.Security),
    clock: container.get(T.Clock),
  };
}
