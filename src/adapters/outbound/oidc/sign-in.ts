import * as oidc from 'openid-client';
import { z } from 'zod';
import { DomainError } from '../../../domain/errors.ts';
import type { RedirectSignIn } from '../../../domain/ports/sign-in.ts';
import { chooseIdentity, type IdentityRules, type PersonClaims, personClaims } from './choose-identity.ts';

export interface OidcSignInOptions {
  /** The issuer, exactly as it writes it. */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scopes: string;
  readonly rules: IdentityRules;
  /** For one request to the provider. */
  readonly timeoutMs: number;
}

/**
 * The sign-in driver `oidc`: the OpenID Connect provider of the organisation, by the code flow with PKCE, state and
 * nonce. Who signed in works as the CMS identity that the rules choose; whom no rule fits is refused.
 */
export function createOidcSignIn(options: OidcSignInOptions): RedirectSignIn {
  let provider: Promise<oidc.Configuration> | undefined;

  /** Its metadata and keys, asked for when first needed; a failure is not remembered. */
  const discover = (): Promise<oidc.Configuration> => {
    provider ??= discovered(options).catch((error: unknown) => {
      provider = undefined;
      throw unavailable(error);
    });
    return provider;
  };

  return {
    kind: 'redirect',
    name: 'oidc',
    provider: new URL(options.issuer).host,
    async begin({ state, callbackUrl }) {
      const configuration = await discover();
      const verifier = oidc.randomPKCECodeVerifier();
      const nonce = oidc.randomNonce();
      const url = oidc.buildAuthorizationUrl(configuration, {
        redirect_uri: callbackUrl,
        scope: options.scopes,
        state,
        nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      });
      return { url: url.href, secrets: { verifier, nonce, state } };
    },
    async finish(answer, secrets, callbackUrl) {
      const kept = keptSecrets.parse(secrets);
      const configuration = await discover();
      const claims = await claimsOf(configuration, new URL(`${callbackUrl}?${answer}`), kept);
      const identity = chooseIdentity(claims, options.rules);
      if (identity === undefined) {
        throw new DomainError(
          'SIGN_IN_REFUSED',
          'You signed in, but nobody has said as whom you work in the CMS. Ask the people who run this server to add you.',
        );
      }
      return {
        subject: `oidc:${new URL(options.issuer).host}:${claims.sub}`,
        displayName: claims.name ?? claims.email ?? claims.sub,
        provider: options.issuer,
        credential: { kind: 'identity', identity },
      };
    },
  };
}

/** What `begin` made. */
const keptSecrets = z.object({ verifier: z.string(), nonce: z.string(), state: z.string() });
type KeptSecrets = z.infer<typeof keptSecrets>;

function discovered(options: OidcSignInOptions): Promise<oidc.Configuration> {
  const issuer = new URL(options.issuer);
  return oidc.discovery(issuer, options.clientId, options.clientSecret, undefined, {
    timeout: options.timeoutMs / 1000,
    // The configuration lets http:// through for this machine only.
    execute: issuer.protocol === 'http:' ? [oidc.allowInsecureRequests] : [],
  });
}

/** Who signed in, as the provider's signed ID token tells; its user info is asked for what the token leaves out. */
async function claimsOf(configuration: oidc.Configuration, current: URL, kept: KeptSecrets): Promise<PersonClaims> {
  try {
    const tokens = await oidc.authorizationCodeGrant(configuration, current, {
      pkceCodeVerifier: kept.verifier,
      expectedState: kept.state,
      expectedNonce: kept.nonce,
      idTokenExpected: true,
    });
    const told = personClaims.parse(tokens.claims());
    if (configuration.serverMetadata().userinfo_endpoint === undefined) return told;
    const info = await oidc.fetchUserInfo(configuration, tokens.access_token, told.sub);
    // What is signed counts more.
    return personClaims.parse({ ...info, ...definedOnly(told) });
  } catch (error) {
    // Whatever does not fit (state, nonce, issuer, signature, a refusal of the provider) is one refusal to the outside.
    throw isOutage(error) ? unavailable(error) : refused(error);
  }
}

function definedOnly(claims: PersonClaims): Partial<PersonClaims> {
  return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined));
}

/** The provider was not reached, was too slow, or is failing: nothing that the person did. */
function isOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return true;
  const { cause } = error;
  if (cause instanceof Response) return cause.status >= 500 || cause.status === 429;
  // fetch reports a connection that did not come about as a TypeError with the system's error as its cause.
  if (error instanceof TypeError && cause instanceof Error && 'code' in cause) return true;
  return cause instanceof Error && cause !== error && isOutage(cause);
}

function unavailable(cause: unknown): DomainError {
  return new DomainError(
    'SIGN_IN_UNAVAILABLE',
    'The identity provider cannot be used at the moment, so nobody can sign in. Try again later.',
    { cause },
  );
}

/** One text, whatever was wrong. */
function refused(cause: unknown): DomainError {
  return new DomainError(
    'SIGN_IN_REFUSED',
    'The identity provider did not confirm the sign-in. Begin again from your client.',
    { cause },
  );
}
