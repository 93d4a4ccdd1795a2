import { DomainError } from '../../domain/errors.ts';
import { serviceIdentity } from '../../domain/model/cms-credential.ts';
import type { FormSignIn } from '../../domain/ports/sign-in.ts';
import { type VerifyPorts, verifyMachineToken } from '../authorization/verify-access-token.ts';

export interface ServiceSignInOptions extends VerifyPorts {
  /** The address of the CMS. */
  readonly provider: string;
}

/**
 * Sign-in for servers with one CMS identity: a person shows an access token that the operator issued for them. Nobody
 * can give more than their token may do, and the token's end is the end of what they gave.
 */
export function createServiceSignIn(options: ServiceSignInOptions): FormSignIn {
  return {
    kind: 'form',
    name: 'service',
    fields: [
      {
        name: 'token',
        label: 'Access token',
        kind: 'password',
        autocomplete: 'off',
        hint: 'The token that the operator of this server issued for you. It begins with "igx_".',
      },
    ],
    async check(input) {
      const verdict = await verifyMachineToken((input['token'] ?? '').trim(), options);
      if (!verdict.ok) {
        throw new DomainError('SIGN_IN_REFUSED', 'This access token is not valid. Ask the operator for a new one.');
      }
      const { principal, tokenId } = verdict.grant;
      return {
        subject: principal.subject,
        displayName: principal.subject,
        provider: options.provider,
        credential: { kind: 'identity', identity: serviceIdentity },
        scopesMax: principal.scopes,
        sourceTokenId: tokenId,
      };
    },
  };
}
