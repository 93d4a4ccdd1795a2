import type { RevocationReason } from '../../domain/model/grant.ts';
import type { CredentialVault } from '../../domain/ports/credential-vault.ts';
import type { EventBus } from '../../domain/ports/event-bus.ts';
import type { GrantStore } from '../../domain/ports/grant-store.ts';
import type { OAuthRecords } from '../../domain/ports/oauth-records.ts';
import type { Clock } from '../../domain/ports/system.ts';
import type { SecurityRecorder } from '../audit/record-security-event.ts';

export interface RevokeGrantPorts {
  readonly grants: GrantStore;
  readonly oauthRecords: OAuthRecords;
  readonly vault: CredentialVault;
  readonly events: EventBus;
  readonly security: SecurityRecorder;
  readonly clock: Clock;
}

/**
 * Ends a grant for good: its tokens, its CMS credential and the streams that were opened with it, in every process. One
 * that has ended already is ended again without another record, so that a revocation that broke off is made good by the
 * next one.
 *
 * @throws DomainError STORAGE_UNAVAILABLE; then the grant may have ended in part, and calling again ends the rest.
 */
export async function revokeGrant(id: string, reason: RevocationReason, ports: RevokeGrantPorts): Promise<void> {
  // First the mark that stays: whatever comes after it finds the grant revoked.
  const isFirst = await ports.grants.revoke(id, ports.clock.nowMs(), reason);
  await ports.oauthRecords.revokeGrant(id);
  await ports.vault.remove(id);
  await ports.events.publish([{ type: 'grant_revoked', grantId: id }]);
  if (!isFirst) return;
  const grant = await ports.grants.find(id);
  await ports.security.record({
    action: 'grant_revoked',
    outcome: 'ok',
    reason,
    grantId: id,
    ...(grant === undefined ? {} : { subject: grant.subject, clientId: grant.clientId, scopes: grant.scopes }),
  });
}
