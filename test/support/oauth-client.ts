import * as openid from 'openid-client';
import type { Person, PersonChoice } from './person.ts';

/** A program of somebody else's that connects over OAuth, with openid-client. */
export interface OAuthClient {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly config: openid.Configuration;
  /** The address that the program opens in the browser, and what it keeps for the answer. */
  request(changes?: Readonly<Record<string, string>>): Promise<AuthorizationRequest>;
  /** Lets a person decide and redeems the code. */
  connect(person: Person, options?: ConnectOptions): Promise<Tokens>;
  redeem(answer: URL, request: AuthorizationRequest): Promise<Tokens>;
  refresh(refreshToken: string, parameters?: Readonly<Record<string, string>>): Promise<Tokens>;
}

export interface AuthorizationRequest {
  readonly url: URL;
  readonly verifier: string;
  readonly state: string;
}

export interface ConnectOptions {
  readonly scope?: string;
  readonly choice?: PersonChoice;
}

export type Tokens = openid.TokenEndpointResponse;

/** What a program registers by itself, as older agents do. */
export async function registerClient(
  base: string,
  metadata: Readonly<Record<string, unknown>> = {},
): Promise<Response> {
  return fetch(`${base}/oauth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      client_name: 'Test agent',
      redirect_uris: ['http://127.0.0.1:45454/callback'],
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      ...metadata,
    }),
  });
}

export async function openOAuthClient(
  base: string,
  metadata: Readonly<Record<string, unknown>> = {},
): Promise<OAuthClient> {
  const answer = await registerClient(base, metadata);
  if (answer.status !== 201) throw new Error(`The registration was refused: ${await answer.text()}`);
  // What RFC 7591 section 3.2.1 asks for.
  const { client_id: clientId, redirect_uris: redirectUris } = (await answer.json()) as {
    client_id: string;
    redirect_uris: string[];
  };
  const redirectUri = redirectUris[0] ?? '';
  const config = await openid.discovery(new URL(base), clientId, undefined, openid.None(), {
    execute: [openid.allowInsecureRequests],
    algorithm: 'oauth2',
  });
  const resource = `${base}/mcp`;

  const request: OAuthClient['request'] = async (changes = {}) => {
    const verifier = openid.randomPKCECodeVerifier();
    const state = openid.randomState();
    const url = openid.buildAuthorizationUrl(config, {
      redirect_uri: redirectUri,
      scope: 'cms:read cms:write',
      resource,
      state,
      code_challenge: await openid.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      ...changes,
    });
    return { url, verifier, state };
  };
  const redeem: OAuthClient['redeem'] = (back, { verifier, state }) =>
    openid.authorizationCodeGrant(config, back, { pkceCodeVerifier: verifier, expectedState: state }, { resource });

  return {
    clientId,
    redirectUri,
    config,
    request,
    redeem,
    async connect(person, { scope, choice } = {}) {
      const asked = await request(scope === undefined ? {} : { scope });
      return redeem(await person.authorize(asked.url, choice), asked);
    },
    refresh: (refreshToken, parameters = {}) => openid.refreshTokenGrant(config, refreshToken, parameters),
  };
}
