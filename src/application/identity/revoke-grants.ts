import type { RevocationReason } from '../../domain/model/grant.ts';
import type { GrantFilter } from '../../domain/ports/grant-store.ts';
import { listGrants } from './list-grants.ts';
import { type RevokeGrantPorts, revokeGrant } from './revoke-grant.ts';

/**
 * Ends every grant that fits, and answers how many that were. One that broke off is made good by the next one.
 *
 * @throws DomainError STORAGE_UNAVAILABLE; then some may have ended and others not.
 */
export async function revokeGrants(
  filter: GrantFilter,
  reason: RevocationReason,
  ports: RevokeGrantPorts,
): Promise<number> {
  const grants = await listGrants(filter, ports);
  for (const { id } of grants) await revokeGrant(id, reason, ports);
  return grants.length;
}
