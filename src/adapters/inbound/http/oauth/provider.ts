import { type Client, type KoaContextWithOIDC, Provider } from 'oidc-provider';
import { oauthAccessTokenPrefix } from '../../../../application/authorization/verify-access-token.ts';
import { scopes } from '../../../../domain/model/principal.ts';
import { boundGuesses } from './bound-guesses.ts';
import { isRedirectAllowed } from './client-rules.ts';
import { providerConfiguration } from './configuration.ts';
import type { OAuthDeps } from './deps.ts';
import { recordProviderEvents } from './provider-events.ts';
import type { ServerKeys } from './server-keys.ts';

/** Refresh tokens are found by scanners, too. */
const refreshTokenPrefix = 'igxr';

/** The certified library, set up as this server's authorization server. */
export function createProvider(deps: OAuthDeps, keys: ServerKeys): Provider {
  const provider = new Provider(deps.publicUrl, providerConfiguration(deps, keys));
  // The router in front has put our own URL where the library looks for that of the request.
  provider.proxy = true;
  nameTokens(provider);
  // The library's own recipe for redirect addresses: an instance of it asks nobody else.
  provider.Client.prototype.redirectUriAllowed = function (this: Client, uri: string) {
    return typeof uri === 'string' && isRedirectAllowed(uri, this.redirectUris ?? []);
  };
  provider.use(describeTruly);
  provider.use(boundGuesses(deps));
  recordProviderEvents(provider, deps);
  return provider;
}

/** Gives tokens a beginning that tells whose they are. */
function nameTokens(provider: Provider): void {
  const name = (model: { readonly prototype: object }, prefix: string): void => {
    // The types do not know the method by which every model of the library makes its ids.
    const prototype = model.prototype as { generateTokenId(): string };
    const make = prototype.generateTokenId;
    prototype.generateTokenId = function () {
      return `${prefix}_${make.call(this)}`;
    };
  };
  name(provider.AccessToken, oauthAccessTokenPrefix);
  name(provider.RefreshToken, refreshTokenPrefix);
}

/** The metadata as they are here: the library tells what it could do. */
async function describeTruly(context: KoaContextWithOIDC, next: () => Promise<void>): Promise<void> {
  await next();
  if (context.oidc?.route !== 'discovery') return;
  // The library's answer on this route is its metadata as an object.
  const metadata = context.body as Record<string, unknown>;
  context.body = {
    ...metadata,
    scopes_supported: [...scopes, 'offline_access'],
    response_modes_supported: ['query'],
    revocation_endpoint_auth_methods_supported: metadata['token_endpoint_auth_methods_supported'],
  };
}
