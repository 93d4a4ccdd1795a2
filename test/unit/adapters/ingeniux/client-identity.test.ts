import { createHash } from 'node:crypto';
import { Pool } from 'undici';
import { expect, onTestFinished, test } from 'vitest';
import { breakerDefaults, createBreakers } from '../../../../src/adapters/outbound/ingeniux/http/breaker.ts';
import { CallFailure } from '../../../../src/adapters/outbound/ingeniux/http/failure.ts';
import { createClientIdentity } from '../../../../src/adapters/outbound/ingeniux/sign-in/client-identity.ts';
import { createTokenEndpoint } from '../../../../src/adapters/outbound/ingeniux/sign-in/token-endpoint.ts';
import { createFakeClock } from '../../../support/fake-clock.ts';
import { type ScriptedAnswer, type ScriptedRequest, startScriptedCms } from './scripted-cms.ts';

async function open(script: (request: ScriptedRequest, index: number) => ScriptedAnswer | undefined = () => undefined) {
  const cms = await startScriptedCms(script);
  const clock = createFakeClock();
  const dispatcher = new Pool(cms.siteRoot);
  const breakers = createBreakers({ clock, tuning: breakerDefaults, onProblem: () => undefined });
  onTestFinished(async () => {
    breakers.close();
    await dispatcher.destroy();
    await cms.close();
  });
  const identity = createClientIdentity({
    endpoint: createTokenEndpoint({ dispatcher, mount: '', clock, onAttempt: () => () => undefined }),
    client: { clientId: 'the client', clientSecret: 's3cret & more' },
    settings: 'OAUTH_CLIENT_ID and OAUTH_CLIENT_SECRET',
    redirectUri: 'urn:ietf:wg:oauth:2.0:oob',
    timeoutMs: 5_000,
    clock,
    breakers,
    onProblem: () => undefined,
  });
  return { cms, clock, identity, dispatcher };
}

const codeOf = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work;
  } catch (error) {
    // The identity throws nothing but CallFailures.
    if (error instanceof CallFailure) return error.error.code;
    throw error;
  }
  throw new Error('The sign-in was expected to fail.');
};

test('the code flow is that of the contract, with PKCE and the secret', async () => {
  const { cms, identity } = await open();
  const token = await identity.token();
  const [authorize] = cms.to('/oauth/auth');
  expect(Object.fromEntries(authorize?.query ?? [])).toMatchObject({
    response_type: 'code',
    client_id: 'the client',
    redirect_uri: 'urn:ietf:wg:oauth:2.0:oob',
    code_challenge_method: 'S256',
  });
  const [exchange] = cms.to('/oauth/token');
  const form = new URLSearchParams(exchange?.body);
  expect(Object.fromEntries(form)).toMatchObject({
    grant_type: 'authorization_code',
    client_id: 'the client',
    client_secret: 's3cret & more',
    code: 'code-0',
    redirect_uri: 'urn:ietf:wg:oauth:2.0:oob',
  });
  const challenge = createHash('sha256')
    .update(form.get('code_verifier') ?? '')
    .digest('base64url');
  expect(authorize?.query.get('code_challenge')).toBe(challenge);
  expect(token).toBe('token-1');
});

test('the other authorize path is tried only where the first is unknown, and then remembered', async () => {
  const { cms, identity } = await open(({ path }) => {
    if (path === '/oauth/auth') return { json: {}, status: 404 };
    return path === '/oauth/authorize' ? { json: { code: 'c' } } : undefined;
  });
  const first = await identity.token();
  await identity.renew(first);
  expect(cms.to('/oauth/auth')).toHaveLength(1);
});

test('a redirect that carries the code is read as well', async () => {
  const { cms, identity } = await open(({ path }) =>
    path === '/oauth/auth'
      ? { text: '', type: 'text/html', status: 302, headers: { location: 'http://x/cb?code=abc&state=1' } }
      : undefined,
  );
  await identity.token();
  expect(new URLSearchParams(cms.to('/oauth/token')[0]?.body).get('code')).toBe('abc');
});

test('a renewal uses the refresh token; where it is refused, a new code', async () => {
  let refuses = false;
  const { cms, identity } = await open(({ path, body }) =>
    path === '/oauth/token' && body.includes('refresh_token=') && refuses
      ? { json: { error: 'invalid_grant' }, status: 400 }
      : undefined,
  );
  const first = await identity.token();
  const second = await identity.renew(first);
  expect(cms.to('/oauth/auth')).toHaveLength(1);
  refuses = true;
  const third = await identity.renew(second);
  expect(cms.to('/oauth/auth')).toHaveLength(2);
  expect(new Set([first, second, third]).size).toBe(3);
});

test('who comes late with a token that was renewed meanwhile gets the new one', async () => {
  const { cms, identity } = await open();
  const first = await identity.token();
  const second = await identity.renew(first);
  const before = cms.requests.length;
  expect(await identity.renew(first)).toBe(second);
  expect(await identity.token()).toBe(second);
  expect(cms.requests).toHaveLength(before);
});

test('a life time that the CMS does not tell is twenty minutes; a short one is used for half', async () => {
  let expiresIn: unknown;
  const { cms, clock, identity } = await open(({ path }, index) =>
    path === '/oauth/token' ? { json: { access_token: `t${index}`, expires_in: expiresIn } } : undefined,
  );
  await identity.token();
  clock.advance(1139_000);
  await identity.token();
  expect(cms.to('/oauth/token')).toHaveLength(1);
  expiresIn = '10';
  clock.advance(2_000);
  await identity.token();
  expect(cms.to('/oauth/token')).toHaveLength(2);
  clock.advance(4_900);
  await identity.token();
  expect(cms.to('/oauth/token')).toHaveLength(2);
  clock.advance(200);
  await identity.token();
  expect(cms.to('/oauth/token')).toHaveLength(3);
});

test.each([
  [
    'refused client',
    { json: { error: 'invalid_client', error_description: 'secret was s3cret' }, status: 400 },
    'CMS_SIGN_IN_FAILED',
  ],
  ['login page', { text: '<html>Sign in</html>', type: 'text/html' }, 'CMS_SIGN_IN_FAILED'],
  [
    'redirect without a code',
    { text: '', type: 'text/html', status: 302, headers: { location: '/login' } },
    'CMS_SIGN_IN_FAILED',
  ],
  ['no OAuth at all', { text: 'nothing here', type: 'text/plain', status: 404 }, 'CMS_SIGN_IN_FAILED'],
  ['failing server', { text: 'oops', type: 'text/plain', status: 500 }, 'CMS_UNAVAILABLE'],
  ['too many', { text: '', type: 'text/plain', status: 429 }, 'CMS_UNAVAILABLE'],
  ['broken connection', 'drop', 'CMS_UNAVAILABLE'],
] as const)('%s', async (_, answer, code) => {
  const { identity } = await open(({ path }) => (path.startsWith('/oauth/auth') ? answer : undefined));
  expect(await codeOf(identity.token())).toBe(code);
});

test('a failure is not remembered', async () => {
  let fails = true;
  const { identity } = await open(({ path }) => (path === '/oauth/auth' && fails ? 'drop' : undefined));
  expect(await codeOf(identity.token())).toBe('CMS_UNAVAILABLE');
  fails = false;
  expect(await identity.token()).toMatch(/^token-/);
});
