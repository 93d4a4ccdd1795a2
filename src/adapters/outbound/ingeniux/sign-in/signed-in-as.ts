import type { SignedIn } from '../../../../domain/ports/sign-in.ts';
import type { CmsAccounts, UserTokens } from './accounts.ts';
import { subjectOf } from './person.ts';

/** The user of the CMS whom these fresh tokens speak of; `undefined` when the CMS itself does not take them. */
export async function signedInAs(accounts: CmsAccounts, tokens: UserTokens): Promise<SignedIn | undefined> {
  const person = await accounts.whoIs(tokens.access);
  if (person === undefined) return undefined;
  return {
    subject: subjectOf(person),
    displayName: await accounts.displayNameOf(person, tokens.access),
    provider: accounts.siteRoot,
    credential: {
      kind: 'tokens',
      accessToken: tokens.access,
      expiresAtMs: tokens.usableUntilMs,
      ...(tokens.refresh === undefined ? {} : { refreshToken: tokens.refresh }),
      ...(tokens.issuedTo === undefined ? {} : { issuedTo: tokens.issuedTo }),
    },
  };
}
