import { createHash, randomBytes } from 'node:crypto';
import { decodeJwt } from 'jose';
import { describe, expect, it } from 'vitest';
import { seedIds } from '../../../sandbox/seed/seed-ids.ts';
import {
  apiClient,
  credentials,
  OUT_OF_BAND,
  obtainCode,
  obtainTokens,
  requestToken,
  send,
  signIn,
} from './support/api-client.ts';
import { ownSandbox } from './support/sandboxes.ts';

const codeGrant = (code: string, extra: Record<string, string> = {}) => ({
  grant_type: 'authorization_code',
  ...credentials('editor'),
  code,
  redirect_uri: OUT_OF_BAND,
  ...extra,
});

function pkce() {
  const verifier = randomBytes(32).toString('base64url');
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  return { verifier, challenge: { code_challenge: challenge, code_challenge_method: 'S256' } };
}

describe('the out-of-band code flow (contract §9)', () => {
  it('answers a JSON code without echoing the state, and tokens for it', async () => {
    const sandbox = await ownSandbox();
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: 'sandbox-editor',
      redirect_uri: OUT_OF_BAND,
      state: 'abc',
    });
    const authorized = await send('GET', `${sandbox.siteRoot}/oauth/auth?${query}`);
    expect(authorized.status).toBe(200);
    expect(authorized.json).toEqual({ code: expect.any(String) });
    const { code } = authorized.json as { code: string };
    const answer = await requestToken(sandbox, codeGrant(code));
    expect(answer.json).toEqual({
      access_token: expect.any(String),
      token_type: 'bearer',
      expires_in: 1199,
      refresh_token: expect.any(String),
    });
    const claims = decodeJwt((answer.json as { access_token: string }).access_token);
    expect(claims.sub).toBe(seedIds.users.editor);
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(1199);
  });

  it('runs every call with the rights of the identity’s user', async () => {
    const sandbox = await ownSandbox();
    const admin = await signIn(sandbox, 'admin');
    expect((await admin.call('GET', '/test/admin-perm-test')).status).toBe(200);
    const viewer = await signIn(sandbox, 'viewer');
    const refused = await viewer.call('GET', '/test/admin-perm-test');
    expect(refused.status).toBe(500);
    expect(refused.json).toMatchObject({ ExceptionType: 'System.Security.SecurityException' });
  });

  it('takes a code once', async () => {
    const sandbox = await ownSandbox();
    const code = await obtainCode(sandbox, 'editor');
    expect((await requestToken(sandbox, codeGrant(code))).status).toBe(200);
    const again = await requestToken(sandbox, codeGrant(code));
    expect(again.status).toBe(400);
    expect(again.json).toMatchObject({ error: 'invalid_grant' });
  });

  it('takes a code for five minutes', async () => {
    let nowMs = Date.parse('2026-03-01T12:00:00Z');
    const sandbox = await ownSandbox({ now: () => new Date(nowMs) });
    const code = await obtainCode(sandbox, 'editor');
    nowMs += 5 * 60_000 + 1;
    expect((await requestToken(sandbox, codeGrant(code))).json).toMatchObject({ error: 'invalid_grant' });
  });

  it('checks the verifier when a challenge was sent', async () => {
    const sandbox = await ownSandbox();
    const { verifier, challenge } = pkce();
    const good = await obtainCode(sandbox, 'editor', challenge);
    expect((await requestToken(sandbox, codeGrant(good, { code_verifier: verifier }))).status).toBe(200);
    const bad = await obtainCode(sandbox, 'editor', challenge);
    const mismatch = await requestToken(sandbox, codeGrant(bad, { code_verifier: 'something else' }));
    expect([mismatch.status, mismatch.json]).toEqual([400, expect.objectContaining({ error: 'invalid_grant' })]);
  });

  it('refuses a wrong secret, a foreign code, another redirect_uri and an unknown grant', async () => {
    const sandbox = await ownSandbox();
    const errorOf = async (form: Record<string, string>) => (await requestToken(sandbox, form)).json;
    const code = () => obtainCode(sandbox, 'editor');
    expect(await errorOf(codeGrant(await code(), { client_secret: 'wrong' }))).toMatchObject({
      error: 'invalid_client',
    });
    expect(await errorOf(codeGrant(await code(), credentials('author')))).toMatchObject({ error: 'invalid_grant' });
    expect(await errorOf(codeGrant(await code(), { redirect_uri: 'http://else.example/' }))).toMatchObject({
      error: 'invalid_grant',
    });
    expect(await errorOf({ grant_type: 'client_credentials', ...credentials('editor') })).toEqual({
      error: 'unsupported_grant_type',
    });
  });

  it('refuses an unknown client and an unusable redirect_uri', async () => {
    const sandbox = await ownSandbox();
    const authorize = (query: Record<string, string>) =>
      send('GET', `${sandbox.siteRoot}/oauth/auth?${new URLSearchParams({ response_type: 'code', ...query })}`);
    const unknown = await authorize({ client_id: 'nobody', redirect_uri: OUT_OF_BAND });
    expect([unknown.status, unknown.json]).toEqual([400, expect.objectContaining({ error: 'invalid_client' })]);
    const unusable = await authorize({ client_id: 'sandbox-editor', redirect_uri: 'ftp://x' });
    expect(unusable.json).toMatchObject({ error: 'invalid_request' });
  });
});

describe('the browser flow', () => {
  const redirectUri = 'http://client.example/callback?keep=1';

  it('shows a sign-in page, and redirects with code and state for the user who signed in', async () => {
    const sandbox = await ownSandbox();
    const { verifier, challenge } = pkce();
    const parameters = {
      response_type: 'code',
      client_id: 'sandbox-editor',
      redirect_uri: redirectUri,
      state: 's<1>',
      ...challenge,
    };
    const page = await send('GET', `${sandbox.siteRoot}/oauth/auth?${new URLSearchParams(parameters)}`);
    expect(page.headers['content-type']).toContain('text/html');
    expect(page.text).toContain('name="state" value="s&lt;1&gt;"');
    const post = (username: string, password: string) =>
      send('POST', `${sandbox.siteRoot}/oauth/login`, {
        rawBody: new URLSearchParams({ ...parameters, username, password }).toString(),
        contentType: 'application/x-www-form-urlencoded',
      });
    const wrong = await post('dreyes', 'guess');
    expect(wrong.status).toBe(401);
    expect(wrong.text).toContain('The user name or password is wrong.');
    const right = await post('dreyes', 'sandbox-publisher-pass');
    expect(right.status).toBe(302);
    const location = new URL(String(right.headers.location));
    expect(location.searchParams.get('keep')).toBe('1');
    expect(location.searchParams.get('state')).toBe('s<1>');
    const answer = await requestToken(
      sandbox,
      codeGrant(location.searchParams.get('code') ?? '', { redirect_uri: redirectUri, code_verifier: verifier }),
    );
    expect(decodeJwt((answer.json as { access_token: string }).access_token).sub).toBe(seedIds.users.publisher);
  });
});

describe('refresh tokens', () => {
  it('rotate, and an old one is refused', async () => {
    const sandbox = await ownSandbox();
    const first = await obtainTokens(sandbox, 'editor');
    const refresh = (token: string) =>
      requestToken(sandbox, { grant_type: 'refresh_token', ...credentials('editor'), refresh_token: token });
    const second = await refresh(first.refresh_token);
    expect(second.status).toBe(200);
    const renewed = second.json as { access_token: string; refresh_token: string };
    expect(renewed.refresh_token).not.toBe(first.refresh_token);
    expect(await apiClient(sandbox, renewed.access_token).get('/pages/root')).toMatchObject({ Id: 'x1' });
    const reused = await refresh(first.refresh_token);
    expect([reused.status, reused.json]).toEqual([400, expect.objectContaining({ error: 'invalid_grant' })]);
    expect((await refresh(renewed.refresh_token)).status).toBe(200);
  });

  it('belong to the client they were issued to', async () => {
    const sandbox = await ownSandbox();
    const tokens = await obtainTokens(sandbox, 'editor');
    const answer = await requestToken(sandbox, {
      grant_type: 'refresh_token',
      ...credentials('author'),
      refresh_token: tokens.refresh_token,
    });
    expect(answer.json).toMatchObject({ error: 'invalid_grant' });
  });
});

describe('other ways to a token', () => {
  it('takes the password grant', async () => {
    const sandbox = await ownSandbox();
    const form = { grant_type: 'password', username: 'praman', password: 'sandbox-editor-pass' };
    expect((await requestToken(sandbox, form)).status).toBe(200);
    expect((await requestToken(sandbox, { ...form, password: 'no' })).json).toMatchObject({ error: 'invalid_grant' });
  });

  it('takes /accounts/login without a token, and lists the providers', async () => {
    const sandbox = await ownSandbox();
    const nobody = apiClient(sandbox, '');
    const login = await nobody.send('POST', '/accounts/login', {
      Username: 'praman',
      Password: 'sandbox-editor-pass',
      Provider: '',
      Persist: false,
    });
    expect(login).toMatchObject({
      Username: 'praman',
      Token: { token_type: 'bearer', refresh_token: expect.any(String) },
    });
    const { Token } = login as { Token: { access_token: string } };
    expect(await apiClient(sandbox, Token.access_token).get('/pages/root')).toMatchObject({ Id: 'x1' });
    expect(await nobody.get('/accounts/membership-providers')).toMatchObject({
      Providers: [{ Value: { IsSaml: false } }],
    });
    expect(
      (await nobody.call('POST', '/accounts/login', { body: { Username: 'praman', Password: 'no' } })).status,
    ).toBe(401);
    expect(JSON.stringify(sandbox.calls.list())).not.toContain('sandbox-editor-pass');
  });
});

describe('401', () => {
  const denied = { Message: 'Authorization has been denied for this request.' };

  it('for no token, a forged one and a revoked one', async () => {
    const sandbox = await ownSandbox();
    const api = await signIn(sandbox);
    for (const token of [null, 'nonsense', `${api.token}x`]) {
      const answer = await api.call('GET', '/pages/root', { token });
      expect([answer.status, answer.json]).toEqual([401, denied]);
      expect(answer.headers['www-authenticate']).toBe('Bearer');
    }
    sandbox.revokeTokens();
    expect((await api.call('GET', '/pages/root')).status).toBe(401);
    expect((await (await signIn(sandbox)).call('GET', '/pages/root')).status).toBe(200);
  });

  it('for an expired one, after the lifetime set by the knob', async () => {
    let nowMs = Date.parse('2026-03-01T12:00:00Z');
    const sandbox = await ownSandbox({ now: () => new Date(nowMs), knobs: { accessTokenLifetimeSeconds: 60 } });
    const tokens = await obtainTokens(sandbox, 'editor');
    expect(tokens.expires_in).toBe(60);
    const api = apiClient(sandbox, tokens.access_token);
    nowMs += 59_000;
    expect((await api.call('GET', '/pages/root')).status).toBe(200);
    nowMs += 2_000;
    const answer = await api.call('GET', '/pages/root');
    expect([answer.status, answer.json]).toEqual([401, denied]);
  });
});

describe('switches of signing in', () => {
  it('lists the providers of the knob, and knows its users in the first one only', async () => {
    const sandbox = await ownSandbox();
    sandbox.knobs.membershipProviders = [
      { key: 'Staff', displayName: 'Staff', isSaml: false },
      { key: 'Federation', displayName: 'Single sign-on', isSaml: true },
    ];
    const nobody = apiClient(sandbox, '');
    expect(await nobody.get('/accounts/membership-providers')).toEqual({
      Providers: [
        { Key: 'Staff', Value: { DisplayName: 'Staff', Provider: 'Staff', IsSaml: false } },
        { Key: 'Federation', Value: { DisplayName: 'Single sign-on', Provider: 'Federation', IsSaml: true } },
      ],
    });
    const login = (Provider: string) =>
      nobody.call('POST', '/accounts/login', {
        body: { Username: 'praman', Password: 'sandbox-editor-pass', Provider, Persist: false },
      });
    expect((await login('Staff')).status).toBe(200);
    expect((await login('')).status).toBe(200);
    expect((await login('Federation')).status).toBe(401);
  });

  it('an opaque token opens the API and tells nothing', async () => {
    const sandbox = await ownSandbox({ knobs: { accessTokenForm: 'opaque' } });
    const { access_token: token } = await obtainTokens(sandbox, 'editor');
    expect(token).not.toContain('.');
    expect(() => decodeJwt(token)).toThrow();
    expect(await apiClient(sandbox, token).get('/pages/root')).toMatchObject({ Id: 'x1' });
    expect((await apiClient(sandbox, `x${token}`).call('GET', '/pages/root')).status).toBe(401);
  });

  it('a revoked refresh token is refused, and a fault answers tokens of somebody else', async () => {
    const sandbox = await ownSandbox();
    const refresh = (refresh_token: string) =>
      requestToken(sandbox, { grant_type: 'refresh_token', ...credentials('editor'), refresh_token });
    const revoked = await obtainTokens(sandbox, 'editor');
    sandbox.revokeRefreshTokens();
    expect((await refresh(revoked.refresh_token)).json).toMatchObject({ error: 'invalid_grant' });
    const { refresh_token } = await obtainTokens(sandbox, 'editor');
    sandbox.faults.add({ kind: 'tokens-of', username: 'mokafor', times: 1, match: { path: '/oauth/token' } });
    const { access_token } = (await refresh(refresh_token)).json as { access_token: string };
    expect(decodeJwt(access_token)).toMatchObject({ unique_name: 'mokafor' });
  });

  it('whoever cancels on the sign-in page goes back with access_denied and the state', async () => {
    const sandbox = await ownSandbox();
    const answer = await send('POST', `${sandbox.siteRoot}/oauth/login`, {
      rawBody: new URLSearchParams({
        response_type: 'code',
        client_id: 'sandbox-editor',
        redirect_uri: 'http://client.example/callback',
        state: 'abc',
        cancel: '1',
      }).toString(),
      contentType: 'application/x-www-form-urlencoded',
    });
    expect(answer.headers.location).toBe('http://client.example/callback?error=access_denied&state=abc');
  });
});
