import type { Grant } from '../../domain/model/grant.ts';
import type { CredentialVault } from '../../domain/ports/credential-vault.ts';
import type { GrantStore } from '../../domain/ports/grant-store.ts';
import type { SignedIn } from '../../domain/ports/sign-in.ts';

export interface RecordGrantPorts {
  readonly grants: GrantStore;
  readonly vault: CredentialVault;
}

/**
 * Keeps what a person gave to a client, and how its calls reach the CMS. `signedIn` is absent where a person widens what
 * they gave before: then the credential stays what it is.
 *
 * @throws DomainError STORAGE_UNAVAILABLE; then nothing was given.
 */
export async function recordGrant(
  grant: Grant,
  signedIn: SignedIn | undefined,
  ports: RecordGrantPorts,
): Promise<void> {
  // The credential first: a grant without one would be refused by the CMS.
  if (signedIn !== undefined) {
    const { provider, credential } = signedIn;
    await ports.vault.put(grant.id, { subject: grant.subject, clientId: grant.clientId, provider }, credential);
  }
  await ports.grants.put(grant);
}
