import type { RevocationReason } from '../../domain/model/grant.ts';
import type { GrantRevoker } from '../../domain/ports/grant-revoker.ts';
import type { GrantFilter } from '../../domain/ports/grant-store.ts';
import { listGrants } from './list-grants.ts';

/**
 * Ends every grant that fits, and answers how many that were. One that broke off is made good by the next one.
 *
 * @throws DomainError STORAGE_UNAVAILABLE; then some may have ended and others not.
 */
export async function revokeGrants(
  filter: GrantFilter,
  reason: RevocationReason,
  revoker: GrantRevoker,
): Promise<number> {
  const grants = await listGrants(filter, revoker);
  for (const { id } of grants) await revoker.revoke(id, reason);
  return grants.length;
}
