import type { CmsCredential, CredentialOwner } from '../model/cms-credential.ts';
import type { SealContext, Sealer } from '../ports/sealer.ts';

/** A credential as it is stored: bound to its grant and its owner, so that it opens for no other. */
export function sealCredential(
  sealer: Sealer,
  grantId: string,
  owner: CredentialOwner,
  credential: CmsCredential,
): Promise<string> {
  return sealer.seal(JSON.stringify(credential), contextOf(grantId, owner));
}

/** @throws DomainError INTERNAL for a text that was sealed for somebody else, or changed. */
export async function openCredential(
  sealer: Sealer,
  grantId: string,
  owner: CredentialOwner,
  sealed: string,
): Promise<CmsCredential> {
  // Only `sealCredential` makes texts that open with this context.
  return JSON.parse(await sealer.open(sealed, contextOf(grantId, owner))) as CmsCredential;
}

/** The credential sealed with the current key; `undefined` when it is. @throws DomainError as `openCredential`. */
export async function resealCredential(
  sealer: Sealer,
  grantId: string,
  owner: CredentialOwner,
  sealed: string,
): Promise<string | undefined> {
  if (await sealer.isCurrent(sealed)) return undefined;
  return sealCredential(sealer, grantId, owner, await openCredential(sealer, grantId, owner, sealed));
}

function contextOf(grantId: string, owner: CredentialOwner): SealContext {
  return ['credential', grantId, owner.subject, owner.clientId, owner.provider];
}
