import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { DomainError } from '../../../../domain/errors.ts';
import type { RedirectSignIn } from '../../../../domain/ports/sign-in.ts';
import type { CmsAccounts } from './accounts.ts';
import { signedInAs } from './signed-in-as.ts';

/**
 * The sign-in driver `cms-oauth`: the browser is sent to the sign-in page of the CMS and comes back with a code, which is
 * exchanged with our own PKCE verifier and our client's secret (contract section 9).
 */
export function createCmsOauth(options: { readonly accounts: CmsAccounts }): RedirectSignIn {
  const { accounts } = options;
  return {
    kind: 'redirect',
    name: 'cms-oauth',
    provider: new URL(accounts.siteRoot).host,
    async begin({ state, callbackUrl }) {
      const verifier = randomBytes(32).toString('base64url');
      const url = await accounts.authorizeUrl({
        response_type: 'code',
        client_id: accounts.client.clientId,
        redirect_uri: callbackUrl,
        code_challenge: createHash('sha256').update(verifier).digest('base64url'),
        code_challenge_method: 'S256',
        state,
      });
      return { url, secrets: { verifier } };
    },
    async finish(answer, secrets, callbackUrl) {
      const { verifier } = keptSecrets.parse(secrets);
      const code = answer.get('code');
      if (code === null || code === '' || answer.getAll('code').length > 1 || !isFromCms(answer, accounts.siteRoot)) {
        throw refused();
      }
      const tokens = await accounts.byCode({ code, verifier, redirectUri: callbackUrl });
      const person = tokens === undefined ? undefined : await signedInAs(accounts, tokens);
      if (person === undefined) throw refused();
      return person;
    },
  };
}

/** What `begin` made. */
const keptSecrets = z.object({ verifier: z.string() });

/** The contract knows no issuer; a CMS, or a proxy, that sends one (RFC 9207) has to send its own. */
function isFromCms(answer: URLSearchParams, siteRoot: string): boolean {
  const issuers = answer.getAll('iss');
  const known = [siteRoot, new URL(siteRoot).origin];
  return issuers.every((issuer) => known.includes(issuer.replace(/\/+$/, '')));
}

/** One text, whatever was wrong. */
const refused = (): DomainError =>
  new DomainError('SIGN_IN_REFUSED', 'The CMS did not confirm the sign-in. Begin again from your client.');
