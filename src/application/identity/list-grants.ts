import type { Grant } from '../../domain/model/grant.ts';
import type { GrantFilter, GrantStore } from '../../domain/ports/grant-store.ts';

/** The grants that stand, newest first. */
export async function listGrants(
  filter: GrantFilter,
  { grants }: { readonly grants: Pick<GrantStore, 'list'> },
): Promise<readonly Grant[]> {
  return (await grants.list(filter)).filter((grant) => grant.revokedAtMs === undefined);
}
