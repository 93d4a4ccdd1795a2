import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Deployment, openDeployment } from '../../support/deployment.ts';
import { type OAuthClient, openOAuthClient, registerClient } from '../../support/oauth-client.ts';
import { createPerson, type Person } from '../../support/person.ts';
import { rawHttp } from '../../support/raw-http.ts';
import { expectAudited } from './attacks.ts';

let deployment: Deployment;
let person: Person;
let client: OAuthClient;

beforeAll(async () => {
  deployment = await openDeployment('embedded', { CMS_SIGN_IN: 'service', ANONYMOUS_RATE_LIMIT_RPM: '100000' });
  person = createPerson({ token: await deployment.token('cms:read cms:write') });
  client = await openOAuthClient(deployment.url);
});
afterAll(() => deployment.close());

const post = (path: string, fields: Readonly<Record<string, string>>): Promise<Response> =>
  fetch(`${deployment.url}${path}`, { method: 'POST', body: new URLSearchParams(fields) });

/** Where a changed authorization request leads: an answer to the client, or a page. */
async function authorize(changes: Readonly<Record<string, string | undefined>>) {
  const { url } = await client.request();
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  }
  return createPerson({}).open(url);
}

/** Whether the MCP endpoint takes the token. */
async function isAccepted(token: string): Promise<boolean> {
  const answer = await fetch(deployment.mcpUrl, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: '{}',
  });
  await answer.body?.cancel();
  return answer.status !== 401;
}

describe('the metadata of the authorization server', () => {
  const forms = ['oauth-authorization-server', 'openid-configuration'].flatMap((name) => [
    `/.well-known/${name}`,
    `/.well-known/${name}/mcp`,
    `/mcp/.well-known/${name}`,
  ]);

  it.each(forms)('are at %s, for pages of any allowed origin (78)', async (path) => {
    const origin = 'http://localhost:6274';
    const answer = await fetch(`${deployment.url}${path}`, { headers: { origin } });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('access-control-allow-origin')).toBe(origin);
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
    expect(await answer.json()).toMatchObject({
      issuer: deployment.url,
      authorization_endpoint: `${deployment.url}/oauth/authorize`,
      token_endpoint: `${deployment.url}/oauth/token`,
      registration_endpoint: `${deployment.url}/oauth/register`,
      revocation_endpoint: `${deployment.url}/oauth/revoke`,
      device_authorization_endpoint: `${deployment.url}/oauth/device_authorization`,
      code_challenge_methods_supported: ['S256'],
      response_types_supported: ['code'],
      authorization_response_iss_parameter_supported: true,
      client_id_metadata_document_supported: true,
      scopes_supported: ['cms:read', 'cms:write', 'cms:publish', 'cms:admin', 'offline_access'],
    });
  });

  it('tell our own URL whatever the request says of itself', async () => {
    const answer = await rawHttp(new URL('/.well-known/oauth-authorization-server', deployment.url), {
      headers: {
        Host: 'localhost:1',
        'X-Forwarded-Host': 'evil.example',
        'X-Forwarded-Proto': 'https',
        Forwarded: 'host=evil.example;proto=https',
      },
    });
    expect(answer.status).toBe(200);
    expect(answer.text).not.toMatch(/evil|https:|localhost/);
    expect(answer.json()).toMatchObject({ issuer: deployment.url, jwks_uri: `${deployment.url}/oauth/jwks` });
  });
});

describe('the authorization endpoint', () => {
  it('sends nobody to an unknown client (1)', async () => {
    const page = await authorize({ client_id: 'client_unknown' });
    expect(page).toMatchObject({ status: 400, heading: 'This program is not known here' });
    expect(page.away).toBeUndefined();
    expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  });

  it.each([
    'http://127.0.0.1:45454/callback/',
    'http://127.0.0.1:45454/callback?more=1',
    'http://127.0.0.1:45454/Callback',
    'http://127.0.0.1:45454/x/../callback',
    'http://127.0.0.1:45454/%63allback',
    'http://127.0.0.1:45454\\callback',
    'http://user@127.0.0.1:45454/callback',
    'http://127.0.0.1:45454@evil.example/callback',
    'http://localhost:45454/callback',
    'https://127.0.0.1:45454/callback',
    'http://127.0.0.1.evil.example:45454/callback',
    'javascript:alert(1)//127.0.0.1/callback',
  ])('sends nobody to an address that is not the client’s (2, 3): %s', async (redirect_uri) => {
    const page = await authorize({ redirect_uri });
    expect(page).toMatchObject({ status: 400, heading: 'The way back does not fit' });
    expect(page.away).toBeUndefined();
  });

  it('lets a program take another port of its loopback address', async () => {
    expect(await authorize({ redirect_uri: 'http://127.0.0.1:51515/callback' })).toMatchObject({ heading: 'Sign in' });
  });

  it('lets a client of localhost take another port only where it left the port open (7)', async () => {
    const fixed = await openOAuthClient(deployment.url, { redirect_uris: ['http://localhost:45454/callback'] });
    const open = await openOAuthClient(deployment.url, { redirect_uris: ['http://localhost/callback'] });
    const other = { redirect_uri: 'http://localhost:51515/callback' };
    const stranger = createPerson({});
    expect(await stranger.open((await fixed.request(other)).url)).toMatchObject({
      heading: 'The way back does not fit',
    });
    expect(await stranger.open((await open.request(other)).url)).toMatchObject({ heading: 'Sign in' });
  });

  it.each<[string, Record<string, string | undefined>, string]>([
    ['without PKCE (8)', { code_challenge: undefined, code_challenge_method: undefined }, 'invalid_request'],
    ['with plain PKCE (9)', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['without a method of PKCE (10)', { code_challenge_method: undefined }, 'invalid_request'],
    ['with another method of PKCE (11)', { code_challenge_method: 'S512' }, 'invalid_request'],
    ['with a challenge of another length (12)', { code_challenge: 'short' }, 'invalid_request'],
    ['for a token (13)', { response_type: 'token' }, 'unsupported_response_type'],
    ['for an ID token (13)', { response_type: 'id_token' }, 'unsupported_response_type'],
    ['for a form to be posted', { response_mode: 'form_post' }, 'unsupported_response_mode'],
    ['for another resource (16)', { resource: 'https://other.example/mcp' }, 'invalid_target'],
    ['for our resource with a fragment (16)', { resource: '{ours}#part' }, 'invalid_target'],
    ['for an unknown scope (17)', { scope: 'cms:read cms:everything' }, 'invalid_scope'],
    ['without a person (20)', { prompt: 'none' }, 'login_required'],
    ['in a request object (21)', { request: 'eyJhbGciOiJub25lIn0.e30.' }, 'request_not_supported'],
    ['by reference (21)', { request_uri: 'https://evil.example/request' }, 'request_uri_not_supported'],
  ])('refuses a request %s, and tells the client', async (_, changes, error) => {
    const given = Object.fromEntries(
      Object.entries(changes).map(([name, value]) => [name, value?.replace('{ours}', deployment.mcpUrl)]),
    );
    const { away } = await authorize({ state: 'the state', ...given });
    // What asks for a token is answered where tokens would be (OAuth 2.0, multiple response types).
    const answer = new URLSearchParams(away?.search === '' ? away.hash.slice(1) : away?.search);
    expect(Object.fromEntries(answer)).toMatchObject({ error, state: 'the state', iss: deployment.url });
    expect(away?.href.startsWith(client.redirectUri)).toBe(true);
  });

  it('gives the least to a client that asks for nothing in particular', async () => {
    const asking = await openOAuthClient(deployment.url);
    const asked = await asking.request();
    asked.url.searchParams.delete('scope');
    asked.url.searchParams.delete('resource');
    const tokens = await asking.redeem(await person.authorize(asked.url), asked);
    expect(tokens.scope).toBe('cms:read');
    expect(await isAccepted(tokens.access_token)).toBe(true);
  });

  it('knows our resource with a slash at its end', async () => {
    const asking = await openOAuthClient(deployment.url);
    const asked = await asking.request({ resource: `${deployment.mcpUrl}/` });
    const back = await person.authorize(asked.url);
    const answer = await post('/oauth/token', {
      grant_type: 'authorization_code',
      client_id: asking.clientId,
      code: back.searchParams.get('code') ?? '',
      redirect_uri: asking.redirectUri,
      code_verifier: asked.verifier,
    });
    const { access_token: token } = (await answer.json()) as { access_token: string };
    expect(await isAccepted(token)).toBe(true);
  });
});

describe('a page of an interaction', () => {
  it('belongs to the browser that it began in', async () => {
    const { url } = await client.request();
    const page = await createPerson({}).open(url);
    expect(page.heading).toBe('Sign in');
    expect(await createPerson({}).open(page.url)).toMatchObject({ heading: 'This page is over' });
  });

  it('takes no form without its token, or with one of another page (23)', async () => {
    const { url } = await client.request();
    const one = createPerson({});
    const page = await one.open(url);
    const foreign = await createPerson({}).open((await client.request()).url);
    const stolen = /name="csrf" value="([^"]+)"/.exec(foreign.html)?.[1] ?? '';
    expect(stolen).not.toBe('');
    for (const token of ['', 'x', stolen]) {
      const html = page.html.replace(/name="csrf" value="[^"]+"/, `name="csrf" value="${token}"`);
      expect(await one.send({ ...page, html }, { token: 'igx_x' })).toMatchObject({
        status: 403,
        heading: 'This did not come from our page',
      });
    }
  });

  it('takes one decision, however often it is sent (24)', async () => {
    const { url } = await client.request();
    const token = await deployment.token('cms:read');
    const one = createPerson({ token });
    const consent = await one.send(await one.open(url), { token });
    expect(consent.heading).toContain('Allow');
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => one.send(consent, { decision: 'allow', toolset: 'default' })),
    );
    expect(answers.filter(({ away }) => away?.searchParams.has('code'))).toHaveLength(1);
    expect(answers.filter(({ away }) => away === undefined).every(({ status }) => status >= 400)).toBe(true);
  });

  it('says what is wrong with what was typed, and lets nobody in', async () => {
    const one = createPerson({});
    const page = await one.open((await client.request()).url);
    const again = await one.send(page, { token: 'igx_00000000000000000000000000000000000000000000' });
    expect(again).toMatchObject({ status: 200, heading: 'Sign in' });
    expect(again.html).toContain('did not accept');
    expect(again.html).not.toContain('igx_0000');
    const jumped = page.url.href;
    expect((await one.open(jumped)).heading).toBe('Sign in');
  });
});

describe('the token endpoint', () => {
  it('is not for GET, and keeps nothing in caches (52, 53)', async () => {
    const got = await fetch(`${deployment.url}/oauth/token?client_id=${client.clientId}`);
    expect(got.status).toBe(405);
    expect(got.headers.get('allow')).toBe('POST');
    for (const answer of [got, await post('/oauth/token', {})]) {
      expect(answer.headers.get('cache-control')).toContain('no-store');
    }
  });

  it.each<[string, Record<string, string>, number, string]>([
    ['an unknown code', {}, 400, 'invalid_grant'],
    ['no code', { code: '' }, 400, 'invalid_request'],
    ['an unknown client', { client_id: 'client_unknown' }, 401, 'invalid_client'],
    ['an unknown kind of grant', { grant_type: 'urn:example:other' }, 400, 'unsupported_grant_type'],
    [
      'the password grant (51)',
      { grant_type: 'password', username: 'a', password: 'b' },
      400,
      'unsupported_grant_type',
    ],
    ['the grant of clients alone (51)', { grant_type: 'client_credentials' }, 400, 'unsupported_grant_type'],
    ['an unknown refresh token', { grant_type: 'refresh_token', refresh_token: 'igxr_x' }, 400, 'invalid_grant'],
  ])('refuses %s', async (_, changes, status, error) => {
    const answer = await post('/oauth/token', {
      grant_type: 'authorization_code',
      client_id: client.clientId,
      code: 'unknown',
      code_verifier: 'v'.repeat(43),
      redirect_uri: client.redirectUri,
      ...changes,
    });
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ error });
  });

  it('takes a code only as it was given; a failure does not use it up, a second use ends everything (37 to 40)', async () => {
    const other = await openOAuthClient(deployment.url);
    const asked = await client.request();
    const code = (await person.authorize(asked.url)).searchParams.get('code') ?? '';
    const right = {
      grant_type: 'authorization_code',
      client_id: client.clientId,
      code,
      code_verifier: asked.verifier,
      redirect_uri: client.redirectUri,
    };
    for (const wrong of [
      { client_id: other.clientId },
      { redirect_uri: 'http://127.0.0.1:1/callback' },
      { code_verifier: 'v'.repeat(43) },
    ]) {
      const answer = await post('/oauth/token', { ...right, ...wrong });
      expect([answer.status, await answer.json()]).toMatchObject([400, { error: 'invalid_grant' }]);
    }
    const { access_token: token } = (await (await post('/oauth/token', right)).json()) as { access_token: string };
    expect(await isAccepted(token)).toBe(true);
    expect((await post('/oauth/token', right)).status).toBe(400);
    expect(await isAccepted(token)).toBe(false);
  });

  it('widens nothing at a refresh, and gives a refresh token to its own client only (44, 45)', async () => {
    const asking = await openOAuthClient(deployment.url);
    const other = await openOAuthClient(deployment.url);
    const tokens = await asking.connect(person, { scope: 'cms:read' });
    const refresh = (changes: Record<string, string>) =>
      post('/oauth/token', {
        grant_type: 'refresh_token',
        client_id: asking.clientId,
        refresh_token: tokens.refresh_token ?? '',
        ...changes,
      });
    expect(await (await refresh({ scope: 'cms:read cms:write' })).json()).toMatchObject({ error: 'invalid_scope' });
    expect(await (await refresh({ client_id: other.clientId })).json()).toMatchObject({ error: 'invalid_grant' });
    expect(await (await refresh({ resource: 'https://other.example/mcp' })).json()).toMatchObject({
      error: 'invalid_target',
    });
    expect((await refresh({})).status).toBe(200);
  });
});

describe('the revocation endpoint', () => {
  it.each(['refresh_token', 'access_token'] as const)('ends the grant of a %s at once (48)', async (kind) => {
    const asking = await openOAuthClient(deployment.url);
    const tokens = await asking.connect(person);
    const other = await asking.connect(createPerson({ token: await deployment.token('cms:read cms:write') }));
    const answer = await post('/oauth/revoke', { client_id: asking.clientId, token: String(tokens[kind]) });
    expect(answer.status).toBe(200);
    expect(await isAccepted(tokens.access_token)).toBe(false);
    await expect(asking.refresh(tokens.refresh_token ?? '')).rejects.toMatchObject({ error: 'invalid_grant' });
    expect(await isAccepted(other.access_token)).toBe(true);
  });

  it('leaves the tokens of another client alone', async () => {
    const tokens = await (await openOAuthClient(deployment.url)).connect(person);
    await post('/oauth/revoke', { client_id: client.clientId, token: tokens.access_token });
    await post('/oauth/revoke', { client_id: client.clientId, token: tokens.refresh_token ?? '' });
    expect(await isAccepted(tokens.access_token)).toBe(true);
  });
});

describe('a registration', () => {
  it.each<[string, Record<string, unknown>]>([
    ['a script (4, 68)', { redirect_uris: ['javascript:alert(1)'] }],
    ['data (4)', { redirect_uris: ['data:text/html,hello'] }],
    ['a script of another kind (4)', { redirect_uris: ['vbscript:msgbox(1)'] }],
    ['a file (4)', { redirect_uris: ['file:///etc/passwd'] }],
    ['an unknown app', { redirect_uris: ['evil-app://callback'] }],
    ['plain http elsewhere (5)', { redirect_uris: ['http://agent.example/callback'] }],
    ['a name like localhost (6)', { redirect_uris: ['http://localhost.evil.example/callback'] }],
    ['a wildcard', { redirect_uris: ['https://*.example/callback'] }],
    ['a fragment', { redirect_uris: ['https://agent.example/callback#part'] }],
    ['a user in the address', { redirect_uris: ['https://user:pw@agent.example/callback'] }],
    ['no address', { redirect_uris: [] }],
    ['too many addresses', { redirect_uris: Array.from({ length: 11 }, (_, i) => `https://agent.example/${i}`) }],
    ['a long name', { client_name: 'x'.repeat(201) }],
    ['a great deal of text', { software_id: 'x'.repeat(20_000) }],
    ['the implicit grant', { grant_types: ['implicit'], response_types: ['token'] }],
  ])('is refused with %s', async (_, metadata) => {
    const answer = await registerClient(deployment.url, metadata);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({
      error: expect.stringMatching(/^invalid_(redirect_uri|client_metadata)$/),
    });
  });

  it('gives a secret only where one was asked for', async () => {
    const plain = await registerClient(deployment.url);
    expect(await plain.json()).not.toHaveProperty('client_secret');
    const confidential = await registerClient(deployment.url, {
      redirect_uris: ['https://agent.example/callback'],
      token_endpoint_auth_method: 'client_secret_post',
    });
    expect(await confidential.json()).toMatchObject({ client_secret: expect.any(String), application_type: 'web' });
  });
});

describe('the device flow', () => {
  it('connects a program without a browser', async () => {
    const device = await openOAuthClient(deployment.url, {
      grant_types: ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token', 'authorization_code'],
    });
    const started = (await (
      await post('/oauth/device_authorization', {
        client_id: device.clientId,
        scope: 'cms:read',
        resource: deployment.mcpUrl,
      })
    ).json()) as {
      device_code: string;
      user_code: string;
      verification_uri: string;
      verification_uri_complete: string;
    };
    expect(started.verification_uri).toBe(`${deployment.url}/oauth/device`);
    const ask = () =>
      post('/oauth/token', {
        grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
        client_id: device.clientId,
        device_code: started.device_code,
      });
    expect(await (await ask()).json()).toMatchObject({ error: 'authorization_pending' });
    const token = await deployment.token('cms:read');
    const one = createPerson({ token });
    const typed = await one.open(started.verification_uri_complete);
    expect(typed.html).toContain(started.user_code);
    expect(typed.html).not.toContain('<script');
    const shown = await one.send(typed, { user_code: started.user_code });
    expect(shown.heading).toBe('Is this your code?');
    const signIn = await one.send(shown, { confirm: 'yes' });
    expect(signIn.heading).toBe('Sign in');
    const consent = await one.send(signIn, { token });
    const done = await one.send(consent, { decision: 'allow', toolset: 'default' });
    expect(done.heading).toBe('Connected');
    const tokens = (await (await ask()).json()) as { access_token: string; scope: string };
    expect(tokens.scope).toBe('cms:read');
    expect(await isAccepted(tokens.access_token)).toBe(true);
    expect(await (await ask()).json()).toMatchObject({ error: 'invalid_grant' });
  });
});

it('each refusal is in the audit log', () => expectAudited(deployment.settings, 'e2e/oauth/endpoints.test.ts'));
