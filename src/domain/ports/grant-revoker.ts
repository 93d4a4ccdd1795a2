import type { RevocationReason } from '../model/grant.ts';
import type { GrantStore } from './grant-store.ts';

/** Grants, and what it takes to revoke one: what belongs to it lies in several stores. */
export interface GrantRevoker {
  readonly grants: Pick<GrantStore, 'list'>;
  /**
   * Ends a grant for good, with its tokens, its CMS credential and the streams that were opened with it. Again for the
   * same grant makes good what broke off.
   *
   * @throws DomainError STORAGE_UNAVAILABLE; then the grant may have ended in part.
   */
  revoke(id: string, reason: RevocationReason): Promise<void>;
}
