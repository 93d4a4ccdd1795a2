import { describe, expect, it, onTestFinished } from 'vitest';
import { seedIds } from '../../../sandbox/seed/seed-ids.ts';
import { createSeedState } from '../../../sandbox/seed.ts';
import { type Sandbox, startSandbox } from '../../../sandbox/server.ts';
import { createIngeniux } from '../../../src/adapters/outbound/ingeniux/index.ts';
import { createCmsLogin } from '../../../src/adapters/outbound/ingeniux/sign-in/cms-login.ts';
import { createCmsOauth } from '../../../src/adapters/outbound/ingeniux/sign-in/cms-oauth.ts';
import { createMemoryCache } from '../../../src/adapters/outbound/memory/cache.ts';
import { createMemoryEventBus } from '../../../src/adapters/outbound/memory/event-bus.ts';
import { createClock } from '../../../src/adapters/outbound/node/clock.ts';
import { createDigest } from '../../../src/adapters/outbound/node/digest.ts';
import { createIdSource } from '../../../src/adapters/outbound/node/id-source.ts';
import { issueAccessToken } from '../../../src/application/authorization/issue-access-token.ts';
import { revokeAccessToken } from '../../../src/application/authorization/revoke-access-token.ts';
import { createServiceSignIn } from '../../../src/application/identity/service-sign-in.ts';
import { createMemoryTokenStore } from '../../support/memory-token-store.ts';
import { poll } from '../../support/poll.ts';
import { signInAtCms } from '../../support/sign-in-at-cms.ts';
import { endOf, formExemptions, signInContract } from '../suites/sign-in.ts';

const attempt = { address: '192.0.2.7' };
const callbackUrl = 'http://127.0.0.1:3000/callback';
const wrongPassword = 'canary-wrong-password-7d793037';

signInContract({
  name: 'cms-login',
  open: async () => {
    const { sandbox, signIn, close } = await openCmsLogin();
    const check = (username: string, password: string, more: Record<string, string> = {}) =>
      signIn.check({ username, password, ...more }, attempt);
    const disabled = sandbox.state.users.find(({ userId }) => userId === 'tlindqvist');
    if (disabled === undefined) throw new Error('The seed has no author.');
    disabled.disabled = true;
    return {
      signIn: (person) =>
        person === 'one' ? check('praman', 'sandbox-editor-pass') : check('dreyes', 'sandbox-publisher-pass'),
      refused: {
        'wrong password': () => check('praman', wrongPassword),
        'unknown user': () => check('canary-nobody', wrongPassword),
        'disabled user': () => check('tlindqvist', 'sandbox-author-pass'),
        'another provider': () => check('praman', 'sandbox-editor-pass', { provider: 'Elsewhere' }),
        'no password': () => check('praman', ''),
        'no user': () => check('', wrongPassword),
        'far too long': () => check('praman', wrongPassword.repeat(100)),
      },
      secrets: [wrongPassword, 'sandbox-editor-pass', 'sandbox-author-pass', 'canary-nobody'],
      breakDown: async () => {
        sandbox.faults.add({ kind: 'status', code: 503 });
        return 'CMS_UNAVAILABLE';
      },
      close,
    };
  },
  exempt: formExemptions,
});

signInContract({
  name: 'service',
  open: async () => {
    const { ports, issue } = openTokens();
    const signIn = createServiceSignIn({ ...ports, provider: 'https://cms.example' });
    const check = (token: string) => signIn.check({ token }, attempt);
    const [one, another, revoked, expired] = await Promise.all([
      issue('ada', 3600),
      issue('grace', 3600),
      issue('ada', 3600),
      issue('ada', -1),
    ]);
    await revokeAccessToken(revoked.id, { ...ports, events: createMemoryEventBus({ onProblem: () => undefined }) });
    return {
      signIn: (person) => check(person === 'one' ? one.token : another.token),
      refused: {
        unknown: () => check('igx_canary0123456789012345678901234567890123'),
        revoked: () => check(revoked.token),
        expired: () => check(expired.token),
        'no token': () => check(''),
        'something else': () => check(wrongPassword),
      },
      secrets: [revoked.token, expired.token, 'igx_canary', wrongPassword],
      close: async () => undefined,
    };
  },
  exempt: {
    ...formExemptions,
    'a place that is away refuses nobody: it is an outage': 'it asks the storage of this server only',
  },
});

signInContract({
  name: 'cms-oauth',
  open: async () => {
    const { sandbox, accounts, close } = await openCms();
    const signIn = createCmsOauth({ accounts });
    const begin = () => signIn.begin({ state: 'the state', callbackUrl });
    const walk = async (username: string, password: string) => {
      const begun = await begin();
      return { begun, answer: await signInAtCms(begun.url, { username, password }) };
    };
    const asEditor = () => walk('praman', 'sandbox-editor-pass');
    return {
      signIn: async (person) => {
        const { begun, answer } = await (person === 'one' ? asEditor() : walk('dreyes', 'sandbox-publisher-pass'));
        return signIn.finish(answer, begun.secrets, callbackUrl);
      },
      refused: {
        'the person says no': async () => {
          const begun = await begin();
          return signIn.finish(await signInAtCms(begun.url, { cancel: '1' }), begun.secrets, callbackUrl);
        },
        'a code that the CMS did not give': async () => {
          const { secrets } = await begin();
          return signIn.finish(new URLSearchParams({ code: 'canary-code' }), secrets, callbackUrl);
        },
        'no code': async () => signIn.finish(new URLSearchParams(), (await begin()).secrets, callbackUrl),
        'two codes': async () => {
          const { begun, answer } = await asEditor();
          answer.append('code', 'canary-code');
          return signIn.finish(answer, begun.secrets, callbackUrl);
        },
        'another address to come back to': async () => {
          const { begun, answer } = await asEditor();
          return signIn.finish(answer, begun.secrets, 'http://127.0.0.1:3000/elsewhere');
        },
        'an answer of another issuer (mix-up)': async () => {
          const { begun, answer } = await asEditor();
          answer.set('iss', 'https://evil.example');
          return signIn.finish(answer, begun.secrets, callbackUrl);
        },
      },
      secrets: ['canary-code', 'sandbox-secret-editor'],
      breakDown: async () => {
        await asEditor();
        sandbox.faults.add({ kind: 'status', code: 503, match: { path: '/oauth/token' } });
        return 'CMS_UNAVAILABLE';
      },
      mixUp: async () => {
        const [first, second] = [await asEditor(), await asEditor()];
        return signIn.finish(first.answer, second.begun.secrets, callbackUrl);
      },
      twice: async () => {
        const { begun, answer } = await asEditor();
        await signIn.finish(answer, begun.secrets, callbackUrl);
        return signIn.finish(answer, begun.secrets, callbackUrl);
      },
      close,
    };
  },
});

describe('cms-login', () => {
  it('answers the CMS user, their name, and their own tokens', async () => {
    const { sandbox, signIn } = await disposed(openCmsLogin());
    expect(await signIn.check({ username: ' PRaman ', password: 'sandbox-editor-pass' }, attempt)).toEqual({
      subject: `cms:${seedIds.users.editor}`,
      displayName: 'Priya Raman',
      provider: sandbox.siteRoot,
      credential: {
        kind: 'tokens',
        accessToken: expect.any(String),
        refreshToken: expect.any(String),
        expiresAtMs: expect.any(Number),
      },
    });
  });

  it('names a user alike whether the tokens tell who they are or the CMS has to be asked', async () => {
    const { sandbox, signIn } = await disposed(openCmsLogin());
    const input = { username: 'praman', password: 'sandbox-editor-pass' };
    const { subject, displayName } = await signIn.check(input, attempt);
    sandbox.knobs.accessTokenForm = 'opaque';
    expect(await signIn.check(input, attempt)).toMatchObject({ subject, displayName });
  });

  it('where the CMS does not serve its own sign-in, OAuth’s password grant does', async () => {
    const { sandbox, signIn } = await disposed(openCmsLogin());
    sandbox.faults.add({ kind: 'status', code: 405, match: { operationId: 'Accounts_Login' } });
    const { credential } = await signIn.check({ username: 'praman', password: 'sandbox-editor-pass' }, attempt);
    expect(credential).toMatchObject({ kind: 'tokens', issuedTo: 'sandbox-editor' });
    const wrong = await endOf(signIn.check({ username: 'praman', password: wrongPassword }, attempt));
    expect(wrong.code).toBe('SIGN_IN_REFUSED');
  });

  it('a refusal that the CMS sends as an exception is a refusal, and a broken CMS is an outage', async () => {
    const { sandbox, signIn } = await disposed(openCmsLogin());
    const input = { username: 'praman', password: wrongPassword };
    const match = { operationId: 'Accounts_Login' };
    sandbox.faults.add({ kind: 'exception', type: 'SecurityException', message: wrongPassword, times: 1, match });
    expect((await endOf(signIn.check(input, attempt))).code).toBe('SIGN_IN_REFUSED');
    sandbox.faults.add({ kind: 'exception', type: 'TypeLoadException', message: wrongPassword, times: 1, match });
    const broken = await endOf(signIn.check(input, attempt));
    expect(broken.code).toBe('CMS_UNAVAILABLE');
    expect(JSON.stringify([broken, String(broken.cause)])).not.toContain(wrongPassword);
  });

  it('a changed password lets the old one in no more', async () => {
    const { sandbox, signIn } = await disposed(openCmsLogin());
    const user = sandbox.state.users.find(({ userId }) => userId === 'praman');
    if (user !== undefined) user.password = 'a new one';
    const old = await endOf(signIn.check({ username: 'praman', password: 'sandbox-editor-pass' }, attempt));
    expect(old.code).toBe('SIGN_IN_REFUSED');
    expect(await signIn.check({ username: 'praman', password: 'a new one' }, attempt)).toMatchObject({
      displayName: 'Priya Raman',
    });
  });

  it('asks for the provider where the CMS lists several that take a password', async () => {
    const { sandbox, signIn } = await disposed(
      openCmsLogin([
        { key: 'Staff', displayName: 'Staff', isSaml: false },
        { key: 'Campus', displayName: 'Campus accounts', isSaml: false },
        { key: 'Federation', displayName: 'Single sign-on', isSaml: true },
      ]),
    );
    await poll('the list of the CMS', () => signIn.fields.length === 3);
    expect(signIn.fields.map(({ name }) => name)).toEqual(['username', 'password', 'provider']);
    expect(signIn.fields[2]?.options).toEqual([
      { value: 'Staff', label: 'Staff' },
      { value: 'Campus', label: 'Campus accounts' },
    ]);
    const input = { username: 'praman', password: 'sandbox-editor-pass' };
    expect(await signIn.check({ ...input, provider: 'Staff' }, attempt)).toMatchObject({ displayName: 'Priya Raman' });
    expect((await endOf(signIn.check({ ...input, provider: 'Campus' }, attempt))).code).toBe('SIGN_IN_REFUSED');
    expect(JSON.stringify(sandbox.calls.list())).not.toContain('sandbox-editor-pass');
  });

  it('shows two fields while the CMS does not tell its providers', async () => {
    const sandbox = await startSandbox({ port: 0, state: createSeedState() });
    sandbox.faults.add({ kind: 'status', code: 503 });
    const problems: string[] = [];
    const { accounts, close } = connectorTo(sandbox);
    onTestFinished(close);
    const signIn = createCmsLogin({
      accounts,
      clock: createClock(),
      onProblem: ({ kind }) => problems.push(kind),
    });
    await poll('the failure to be told', () => problems.includes('background_failure'));
    expect(signIn.fields.map(({ name }) => name)).toEqual(['username', 'password']);
  });
});

describe('cms-oauth', () => {
  it('sends the browser to the CMS with our state and PKCE, and gets tokens of our client', async () => {
    const { sandbox, accounts } = await disposed(openCms());
    const signIn = createCmsOauth({ accounts });
    const begun = await signIn.begin({ state: 'a state & more', callbackUrl });
    const url = new URL(begun.url);
    expect(`${url.origin}${url.pathname}`).toBe(`${sandbox.siteRoot}/oauth/auth`);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      response_type: 'code',
      client_id: 'sandbox-editor',
      redirect_uri: callbackUrl,
      state: 'a state & more',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
    });
    expect(begun.url).not.toContain('sandbox-secret-editor');
    const answer = await signInAtCms(begun.url, { username: 'tlindqvist', password: 'sandbox-author-pass' });
    expect(answer.get('state')).toBe('a state & more');
    expect(await signIn.finish(answer, begun.secrets, callbackUrl)).toMatchObject({
      subject: `cms:${seedIds.users.author}`,
      displayName: 'Thomas Lindqvist',
      credential: { kind: 'tokens', issuedTo: 'sandbox-editor' },
    });
  });
});

describe('service', () => {
  it('gives no more than the token may, and names the token that it came of', async () => {
    const { ports, issue } = openTokens();
    const signIn = createServiceSignIn({ ...ports, provider: 'https://cms.example' });
    const { token, id } = await issue('ada', 3600);
    expect(await signIn.check({ token: ` ${token} ` }, attempt)).toEqual({
      subject: 'ada',
      displayName: 'ada',
      provider: 'https://cms.example',
      credential: { kind: 'identity', identity: 'service' },
      scopesMax: ['cms:read'],
      sourceTokenId: id,
    });
  });
});

function connectorTo(sandbox: Sandbox) {
  const clock = createClock();
  const connector = createIngeniux({
    baseUrl: sandbox.siteRoot,
    clientId: 'sandbox-editor',
    clientSecret: 'sandbox-secret-editor',
    timeoutMs: 10_000,
    retriesMax: 0,
    cache: createMemoryCache({ maxSize: 10, clock }),
    cacheTtlSeconds: 0,
    clock,
  });
  return {
    accounts: connector.accounts,
    close: async () => {
      await connector.close();
      await sandbox.close();
    },
  };
}

async function openCms() {
  const sandbox = await startSandbox({ port: 0, state: createSeedState() });
  return { sandbox, ...connectorTo(sandbox) };
}

async function openCmsLogin(membershipProviders?: Sandbox['knobs']['membershipProviders']) {
  const opened = await openCms();
  if (membershipProviders !== undefined) opened.sandbox.knobs.membershipProviders = membershipProviders;
  const signIn = createCmsLogin({ accounts: opened.accounts, clock: createClock(), onProblem: () => undefined });
  return { ...opened, signIn };
}

async function disposed<T extends { close(): Promise<void> }>(opening: Promise<T>): Promise<T> {
  const opened = await opening;
  onTestFinished(() => opened.close());
  return opened;
}

function openTokens() {
  const ports = {
    tokens: createMemoryTokenStore(),
    ids: createIdSource(),
    digest: createDigest(),
    clock: createClock(),
  };
  return {
    ports,
    /** A token; one with a negative time has ended. */
    issue: async (subject: string, ttlSeconds: number) => {
      const clock = { nowMs: () => ports.clock.nowMs() - (ttlSeconds < 0 ? 10_000 : 0) };
      const { token, record } = await issueAccessToken(
        { subject, clientId: 'cli', scopes: ['cms:read'], ttlSeconds: Math.abs(ttlSeconds) },
        { ...ports, clock },
      );
      return { token, id: record.id };
    },
  };
}
