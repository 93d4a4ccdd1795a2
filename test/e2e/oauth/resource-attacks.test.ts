import { createHmac, createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { exposureWords } from '../../../src/application/tasks/exposure.ts';
import { tasks } from '../../../src/application/tasks/index.ts';
import { connectAgent } from '../../support/agent-clients.ts';
import { type Deployment, openDeployment } from '../../support/deployment.ts';
import { freePort } from '../../support/free-port.ts';
import { openOAuthClient } from '../../support/oauth-client.ts';
import { createPerson } from '../../support/person.ts';
import { modernRequest, rawHttp } from '../../support/raw-http.ts';
import { startServer } from '../../support/server-process.ts';
import { wrongClock } from '../../support/wrong-clock.ts';
import { expectAudited } from './attacks.ts';

const file = 'e2e/oauth/resource-attacks.test.ts';
const editor = () => createPerson({ username: 'praman', password: 'sandbox-editor-pass' });
const all = (url: string) => new URL('/mcp/x/all', url);

const part = (value: object | string) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** A JWT with a signature that is as good as the key. */
function jwt(header: object, claims: object, sign: (text: string) => string): string {
  const text = `${part(header)}.${part(claims)}`;
  return `${text}.${sign(text)}`;
}
const es256 = (key: KeyObject) => (text: string) =>
  createSign('sha256').update(text).sign({ key, dsaEncoding: 'ieee-p1363' }).toString('base64url');
const hs256 = (key: string) => (text: string) => createHmac('sha256', key).update(text).digest('base64url');

describe.each(['embedded', 'redis'] as const)('the resource on %s refuses', (storage) => {
  let deployment: Deployment;
  beforeAll(async () => {
    deployment = await openDeployment(storage, { CMS_SIGN_IN: 'cms-login', ANONYMOUS_RATE_LIMIT_RPM: '100000' });
  });
  afterAll(() => deployment.close());

  const call = async (url: string, token: string, name = 'get_context', headers: Record<string, string> = {}) => {
    const request = modernRequest(token, 'tools/call', { name, arguments: {} });
    const answer = await rawHttp(all(url), { ...request, headers: { ...request.headers, ...headers } });
    return { status: answer.status, challenge: String(answer.headers['www-authenticate'] ?? ''), text: answer.text };
  };
  const toolsets = exposureWords.filter((word) => word !== 'all');
  const connect = async (scope = 'cms:read cms:write') =>
    (await openOAuthClient(deployment.url)).connect(editor(), { scope, choice: { toolsets } });

  it('a token for another resource (57)', async () => {
    const { access_token: token } = await connect();
    expect((await call(deployment.url, token)).status).toBe(200);
    // The same storage, behind another name: what was given for the one is worth nothing at the other.
    const other = await startServer({ ...deployment.settings, PUBLIC_URL: 'http://127.0.0.1:9/other' });
    onTestFinished(() => other.close());
    const refused = await call(other.url, token);
    expect([refused.status, refused.challenge]).toEqual([401, expect.stringContaining('error="invalid_token"')]);
  });

  it('a JWT, however it is forged (59)', async () => {
    const { access_token: good } = await connect();
    const jwks = (await (await fetch(`${deployment.url}/oauth/jwks`)).json()) as { keys: Record<string, string>[] };
    const [ours = {}] = jwks.keys;
    const own = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const nowSeconds = Math.floor(Date.now() / 1000);
    const claims = {
      iss: deployment.url,
      aud: deployment.mcpUrl,
      sub: 'cms:ada',
      client_id: 'client_x',
      scope: 'cms:read cms:write cms:publish cms:admin',
      iat: nowSeconds,
      exp: nowSeconds + 600,
      jti: good,
    };
    const header = { alg: 'ES256', typ: 'at+jwt', kid: ours['kid'] };
    const signed = es256(own.privateKey);
    const publicKey = own.publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const forged: Record<string, string> = {
      'signed by another key under our key id': jwt(header, claims, signed),
      expired: jwt(header, { ...claims, exp: nowSeconds - 1 }, signed),
      'not valid yet': jwt(header, { ...claims, nbf: nowSeconds + 300 }, signed),
      'without an end': jwt(header, { ...claims, exp: undefined }, signed),
      'no algorithm': jwt({ ...header, alg: 'none' }, claims, () => ''),
      'no algorithm, in capitals': jwt({ ...header, alg: 'NoNe' }, claims, () => ''),
      'HS256 with our public key': jwt({ ...header, alg: 'HS256' }, claims, hs256(JSON.stringify(ours))),
      'HS256 with a public key': jwt({ ...header, alg: 'HS256' }, claims, hs256(publicKey)),
      'HS256 with nothing': jwt({ ...header, alg: 'HS256' }, claims, hs256('')),
      'a key id that is a path': jwt({ ...header, kid: '../../../../dev/null' }, claims, hs256('')),
      'a key id that is a query': jwt({ ...header, kid: "x' UNION SELECT 'key" }, claims, hs256('key')),
      'its own key': jwt({ ...header, kid: undefined, jwk: own.publicKey.export({ format: 'jwk' }) }, claims, signed),
      'a key from elsewhere': jwt({ ...header, jku: 'https://evil.example/jwks' }, claims, signed),
      'a certificate from elsewhere': jwt({ ...header, x5u: 'https://evil.example/cert' }, claims, signed),
      'its own certificate': jwt({ ...header, x5c: [Buffer.from(publicKey).toString('base64')] }, claims, signed),
      'critical extensions': jwt({ ...header, crit: ['exp'] }, claims, signed),
      'an empty signature': `${part(header)}.${part(claims)}.`,
      'no signature': `${part(header)}.${part(claims)}`,
      'encrypted, it says': `${part({ alg: 'dir', enc: 'A256GCM' })}..${part('iv')}.${part('text')}.${part('tag')}`,
      'a good token in its clothes': `${part(header)}.${good}.${part('x')}`,
    };
    for (const [what, token] of Object.entries(forged)) {
      const { status, challenge } = await call(deployment.url, token);
      expect([what, status]).toEqual([what, 401]);
      expect(challenge).toContain('error="invalid_token"');
    }
    expect((await call(deployment.url, good)).status).toBe(200);
  });

  it('a refresh token or a code in place of an access token (61)', async () => {
    const client = await openOAuthClient(deployment.url);
    const asked = await client.request();
    const back = await editor().authorize(asked.url);
    const code = back.searchParams.get('code') ?? '';
    expect((await call(deployment.url, code)).status).toBe(401);
    const { refresh_token: refresh = '' } = await client.redeem(back, asked);
    expect((await call(deployment.url, refresh)).status).toBe(401);
  });

  it('a call beyond the scopes, of each tool (63)', async () => {
    const { access_token: token } = await connect('cms:read');
    const beyond = tasks.filter(({ scopes }) => scopes.some((scope) => scope !== 'cms:read'));
    expect(beyond.length).toBeGreaterThan(10);
    for (const { name, scopes } of beyond) {
      const { status, challenge } = await call(deployment.url, token, name);
      expect([name, status]).toEqual([name, 403]);
      expect(challenge).toContain('error="insufficient_scope"');
      for (const scope of scopes) expect(challenge).toContain(scope);
    }
  });

  it('a foreign host or page (65)', async () => {
    const { access_token: token } = await connect();
    const path = (headers: Record<string, string>) => call(deployment.url, token, 'get_context', headers);
    for (const Host of ['evil.example', 'localhost.evil.example', '169.254.169.254']) {
      expect((await path({ Host })).status).toBe(403);
    }
    for (const Origin of ['https://evil.example', 'null', 'http://localhost.evil.example']) {
      expect((await path({ Origin })).status).toBe(403);
    }
    expect((await path({ Origin: 'http://localhost:6274' })).status).toBe(200);
  });

  it('nothing without a line in the audit log', () => expectAudited(deployment.settings, file, [85]));
});

describe('a server whose clock is wrong', () => {
  it.each(['+5m', '-5m'])(
    'a server whose clock is %s (85) lets people in, renews, and ends what has to end',
    async (offset) => {
      const deployment = await openDeployment('embedded', { CMS_SIGN_IN: 'cms-login', ...wrongClock(offset) });
      onTestFinished(() => deployment.close());
      const client = await openOAuthClient(deployment.url);
      const tokens = await client.connect(editor());
      expect(tokens.expires_in).toBe(900);
      const agent = await connectAgent('v2 auto', deployment.mcpUrl, tokens.access_token);
      expect(await agent.call('get_context')).toMatchObject({ user: { name: 'Priya Raman' } });
      // Tokens of the CMS tell their end by the clock of the CMS: that must not make us ask for new ones without end.
      const renewals = () =>
        deployment.sandbox.calls.list().filter(({ operationId }) => operationId === 'OAuth_Token').length;
      await agent.call('get_context');
      const asked = renewals();
      for (let time = 0; time < 5; time++) await agent.call('get_context');
      expect(renewals()).toBe(asked);
      await agent.close();
      const next = await client.refresh(tokens.refresh_token ?? '');
      await expect(client.refresh(tokens.refresh_token ?? '')).rejects.toMatchObject({ error: 'invalid_grant' });
      await expect(client.refresh(next.refresh_token ?? '')).rejects.toMatchObject({ error: 'invalid_grant' });
    },
  );

  it('beside one whose clock is right: nothing lives longer than it says, by either (85)', async () => {
    const port = String(await freePort());
    const deployment = await openDeployment('redis', {
      CMS_SIGN_IN: 'cms-login',
      PORT: port,
      PUBLIC_URL: `http://127.0.0.1:${port}`,
    });
    onTestFinished(() => deployment.close());
    const ahead = await startServer({ ...deployment.settings, PORT: '0', ...wrongClock('+5m') });
    onTestFinished(() => ahead.close());
    const client = await openOAuthClient(deployment.url);
    const asked = await client.request();
    const back = await editor().authorize(asked.url);
    const redeem = (url: string) =>
      fetch(`${url}/oauth/token`, {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'authorization_code',
          client_id: client.clientId,
          code: back.searchParams.get('code') ?? '',
          code_verifier: asked.verifier,
          redirect_uri: client.redirectUri,
        }),
      });
    // By the clock that is ahead, the minute of the code is long over; it is refused and not used up.
    const early = await redeem(ahead.url);
    expect([early.status, await early.json()]).toMatchObject([400, { error: 'invalid_grant' }]);
    const answer = await redeem(deployment.url);
    expect(answer.status).toBe(200);
    const { access_token: token, expires_in: seconds } = (await answer.json()) as {
      access_token: string;
      expires_in: number;
    };
    expect(seconds).toBe(900);
    for (const url of [deployment.url, ahead.url]) {
      expect((await rawHttp(all(url), modernRequest(token, 'tools/list'))).status).toBe(200);
    }
    const latest = await startServer({ ...deployment.settings, PORT: '0', ...wrongClock('+16m') });
    onTestFinished(() => latest.close());
    expect((await rawHttp(all(latest.url), modernRequest(token, 'tools/list'))).status).toBe(401);
    await expectAudited(deployment.settings, file, [57, 59, 61, 63, 65]);
  });
});
