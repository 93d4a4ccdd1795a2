import { type Configuration, errors, type KoaContextWithOIDC, type ResourceServer } from 'oidc-provider';
import { grantSeconds, refreshTokenSeconds } from '../../../../domain/model/grant.ts';
import { scopes } from '../../../../domain/model/principal.ts';
import { applyClientRules } from './client-rules.ts';
import { redirectUrisOf } from './client-view.ts';
import type { OAuthDeps } from './deps.ts';
import { deviceFlow } from './device-flow.ts';
import { fetchThrough } from './fetch-through.ts';
import { promptPolicy } from './prompts.ts';
import { answerWithPage, errorView, requestIdIn } from './provider-pages.ts';
import { isOurs, recordsAdapter } from './records-adapter.ts';
import type { ServerKeys } from './server-keys.ts';

/** How long things last, in seconds. */
export const lifetimes = {
  accessToken: 15 * 60,
  code: 60,
  deviceCode: 10 * 60,
  /** Since its last use: each use gives a new one. */
  refreshToken: refreshTokenSeconds,
  /** After that a person is asked again. */
  grant: grantSeconds,
  interaction: 10 * 60,
  session: 14 * 24 * 3600,
  idToken: 15 * 60,
} as const;

/** Where everything is, below the issuer. */
export const routes = {
  authorization: '/oauth/authorize',
  token: '/oauth/token',
  revocation: '/oauth/revoke',
  registration: '/oauth/register',
  code_verification: '/oauth/device',
  device_authorization: '/oauth/device_authorization',
  jwks: '/oauth/jwks',
  end_session: '/oauth/end-session',
} as const;

export const interactionPath = '/oauth/interaction';

/** The least that is of any use: given to clients that ask for nothing in particular. */
const baseScope = 'cms:read';

/** Scopes that clients ask for out of habit; they mean nothing here and are no reason to send anybody away. */
const toleratedScopes: ReadonlySet<string> = new Set(['openid', 'offline_access', 'profile', 'email']);

/** oidc-provider as this server uses it. */
export function providerConfiguration(deps: OAuthDeps, keys: ServerKeys): Configuration {
  const isSecure = deps.publicUrl.startsWith('https:');
  const cookie = { httpOnly: true, sameSite: 'lax', secure: isSecure, signed: true } as const;
  return {
    adapter: recordsAdapter(deps),
    clients: [],
    clientDefaults: {
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      id_token_signed_response_alg: 'ES256',
    },
    clientAuthMethods: ['none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt'],
    extraClientMetadata: {
      properties: ['software_id', 'software_version'],
      validator: (_context, key, _value, metadata) => {
        // Called for each property before anything is checked; once is enough.
        if (key === 'software_id') applyClientRules(metadata);
      },
    },
    clientBasedCORS: () => false,
    conformIdTokenClaims: true,
    cookies: {
      keys: [keys.cookieKey],
      // The prefixes make browsers insist on what they stand for; over plain http they refuse them.
      names: isSecure
        ? { session: '__Host-igx-session', interaction: '__Secure-igx-interaction', resume: '__Secure-igx-resume' }
        : { session: 'igx-session', interaction: 'igx-interaction', resume: 'igx-resume' },
      long: { ...cookie, path: '/' },
      short: cookie,
    },
    jwks: { keys: [keys.signingKey] },
    enabledJWA: { idTokenSigningAlgValues: ['ES256'] },
    responseTypes: ['code'],
    scopes: ['openid', 'offline_access'],
    subjectTypes: ['public'],
    pkce: { required: () => true },
    allowOmittingSingleRegisteredRedirectUri: false,
    routes,
    features: {
      devInteractions: { enabled: false },
      dPoP: { enabled: false },
      userinfo: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      revocation: { enabled: true },
      registration: { enabled: true, issueRegistrationAccessToken: false, idFactory: () => deps.ids.id('client') },
      deviceFlow: deviceFlow(deps),
      clientIdMetadataDocument: {
        enabled: true,
        ack: 'draft-02',
        // An id is the address of a document, not of a host.
        allowFetch: (_context, clientId) => new URL(clientId).pathname !== '/',
        cacheDuration: { min: 30, max: 86_400 },
      },
      resourceIndicators: {
        enabled: true,
        defaultResource: (_context, _client, oneOf) =>
          Array.isArray(oneOf) ? deps.resource : (oneOf ?? deps.resource),
        getResourceServerInfo: (context, resource) => resourceServer(context, resource, deps.resource),
      },
    },
    fetch: fetchThrough(deps.documents),
    interactions: {
      policy: promptPolicy(),
      url: (_context, { uid }) => `${interactionPath}/${uid}`,
    },
    findAccount: (_context, subject) => ({ accountId: subject, claims: () => ({ sub: subject }) }),
    loadExistingGrant: (context) => usableGrant(context, deps),
    // Tokens live by their grant: signing out of the browser leaves agents alone.
    expiresWithSession: () => false,
    issueRefreshToken: (_context, client) => client.grantTypeAllowed('refresh_token'),
    rotateRefreshToken: true,
    // Whatever of it was given back or used twice: the whole grant ends.
    revokeGrantPolicy: () => true,
    extraTokenClaims: async (_context, token) => {
      if (token.kind !== 'AccessToken' || token.grantId === undefined) return undefined;
      const grant = await deps.grants.find(token.grantId);
      if (grant === undefined) return undefined;
      return { exposure: { readOnly: grant.readOnly, toolsets: [...grant.toolsets] } };
    },
    renderError: (context, _out, error) => {
      answerWithPage(context, errorView(error, requestIdIn(context, deps.requestIdOf)));
    },
    ttl: {
      AccessToken: lifetimes.accessToken,
      AuthorizationCode: lifetimes.code,
      DeviceCode: lifetimes.deviceCode,
      RefreshToken: lifetimes.refreshToken,
      Grant: lifetimes.grant,
      Interaction: lifetimes.interaction,
      Session: lifetimes.session,
      IdToken: lifetimes.idToken,
    },
  };
}

/** Our one resource, also under its name with a slash at the end; tokens name the canonical one. */
function resourceServer(context: KoaContextWithOIDC, asked: string, resource: string): ResourceServer {
  if (!isOurs(asked, resource)) throw new errors.InvalidTarget();
  const { params } = context.oidc;
  if (params !== undefined) {
    const unknown = String(params['scope'] ?? '')
      .split(' ')
      .filter((scope) => scope !== '' && !isKnownScope(scope));
    if (unknown.length > 0) throw new errors.InvalidScope('requested scope is not known', unknown.join(' '));
    if (isAuthorization(context.oidc.route) && !scopes.some((scope) => hasScope(params['scope'], scope))) {
      params['scope'] = [params['scope'], baseScope].filter((part) => part !== undefined).join(' ');
    }
  }
  return {
    scope: scopes.join(' '),
    audience: resource,
    accessTokenTTL: lifetimes.accessToken,
    accessTokenFormat: 'opaque',
  };
}

function isAuthorization(route: string): boolean {
  return route === 'authorization' || route === 'device_authorization';
}

function hasScope(text: unknown, scope: string): boolean {
  return typeof text === 'string' && text.split(' ').includes(scope);
}

function isKnownScope(scope: string): boolean {
  const known: readonly string[] = scopes;
  return known.includes(scope) || toleratedScopes.has(scope);
}

/**
 * The grant that spares a person from being asked again: given to this client in this browser, for the very address that
 * is asked for, while the client had the addresses that it has now, and not revoked.
 */
async function usableGrant(context: KoaContextWithOIDC, { grants, digest }: OAuthDeps) {
  const { result, session, client, provider, params } = context.oidc;
  if (client === undefined || session === undefined) return undefined;
  const decided = result?.consent?.grantId;
  if (decided !== undefined) return provider.Grant.find(decided);
  const grantId = session.grantIdFor(client.clientId);
  if (grantId === undefined) return undefined;
  const grant = await grants.find(grantId);
  if (grant === undefined || grant.revokedAtMs !== undefined) return undefined;
  if (grant.redirectUri !== String(params?.['redirect_uri'] ?? '')) return undefined;
  if (grant.redirectUrisHash !== digest.sha256(redirectUrisOf(client))) return undefined;
  return provider.Grant.find(grantId);
}
