import type { CmsCredential, CredentialOwner } from '../model/cms-credential.ts';
import type { SealedStore } from './sealer.ts';

/**
 * The CMS credentials of grants, by the id of the grant.
 *
 * Laws:
 * - A credential is sealed with its owner before it is stored: nothing of it is in the store in clear, and what was
 *   sealed for one owner is not answered for another.
 * - `put` is durable when it answers, and takes the place of what was there.
 * - `find` answers what was stored last, in every process; `undefined` for a grant without a credential.
 * - `replace` stores the next credential only over the version that is expected, and answers whether it did: of several
 *   at once with the same version, exactly one does. It keeps the owner.
 * - A version is never used twice, not even for a grant whose credential was removed and put anew.
 * - `reseal` changes neither credential nor version, and loses nothing that is stored at the same time.
 * - `remove` is seen in every process as soon as it answers; an absent credential is no error.
 */
export interface CredentialVault extends SealedStore {
  put(grantId: string, owner: CredentialOwner, credential: CmsCredential): Promise<void>;
  find(grantId: string): Promise<StoredCredential | undefined>;
  replace(grantId: string, expectedVersion: string, next: CmsCredential): Promise<boolean>;
  remove(grantId: string): Promise<void>;
  close(): Promise<void>;
}

export interface StoredCredential {
  readonly owner: CredentialOwner;
  readonly credential: CmsCredential;
  /** Names this state of the credential; tells nothing else. */
  readonly version: string;
}
