import { DomainError } from '../../domain/errors.ts';
import type { RateLimiter } from '../../domain/ports/rate-limiter.ts';
import type { FormSignIn } from '../../domain/ports/sign-in.ts';
import { type VerifyPorts, verifyAccessToken } from '../authorization/verify-access-token.ts';

export interface ServiceSignInOptions extends VerifyPorts {
  readonly limiter: RateLimiter;
  /** The address of the CMS. */
  readonly provider: string;
}

/** The CMS identity of the settings: everyone who signs in works with it. */
export const serviceIdentity = 'service';

/** How often one address may try in a minute. A token cannot be guessed; this keeps the log short. */
const attemptsPerMinute = 10;

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
    async check(input, { address }) {
      const { allowed, retryAfterSeconds } = await options.limiter.take(`sign-in:${address}`, attemptsPerMinute);
      if (!allowed) {
        throw new DomainError('RATE_LIMITED', 'Too many attempts. Wait a minute, then try again.', {
          ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
        });
      }
      const verdict = await verifyAccessToken((input['token'] ?? '').trim(), options);
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
