import { serviceIdentity } from '../../../../domain/model/cms-credential.ts';
import type { Principal } from '../../../../domain/model/principal.ts';
import type { CredentialSource } from '../http/credential.ts';
import type { ClientIdentity } from './client-identity.ts';
import { identityNamed, identityRejected } from './grant-credentials.ts';

/**
 * Who asks for what is the same for everybody and remembered for all: never a person, whose rights would colour it for
 * the others.
 */
export const siteProber: Principal = { subject: 'server', clientId: 'server', scopes: [] };

/** Picks the credential by principal: those of a grant have their own, all others work as the one service identity. */
export function createCredentials(options: {
  readonly identity: (name: string) => ClientIdentity | undefined;
  readonly grants: CredentialSource;
}): CredentialSource {
  const service: CredentialSource = {
    token: async () => identityNamed(options.identity, serviceIdentity).token(),
    renew: async (_principal, refused) => identityNamed(options.identity, serviceIdentity).renew(refused),
    rejected: async (_principal, _token, cause) => identityRejected(serviceIdentity, cause),
  };
  const sourceFor = (principal: Principal): CredentialSource =>
    principal.grantId === undefined ? service : options.grants;
  return {
    token: (principal) => sourceFor(principal).token(principal),
    renew: (principal, refused) => sourceFor(principal).renew(principal, refused),
    rejected: (principal, token, cause) => sourceFor(principal).rejected(principal, token, cause),
  };
}
