import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { createSeedState } from '../../../sandbox/seed.ts';
import { type Sandbox, startSandbox } from '../../../sandbox/server.ts';
import { type CredentialStores, openCredentialStores, openPlace } from '../../support/credential-stores.ts';
import { poll } from '../../support/poll.ts';
import { type RenewalProcess, startRenewalProcess } from '../../support/renewal-processes.ts';
import { inProcesses, type StorePlace } from '../../support/store-processes.ts';

/** One renewal per grant over all processes, whatever happens in the middle of it (decision 23). */
const timeoutMs = 20_000;

describe.each(['sqlite', 'redis'] as const)('renewal of a person’s CMS tokens over two processes, %s', (driver) => {
  let place: StorePlace;
  let stores: CredentialStores;
  let closePlace: () => Promise<void>;
  let sandbox: Sandbox;
  let pair: readonly [RenewalProcess, RenewalProcess];
  let grants = 0;

  beforeAll(async () => {
    sandbox = await startSandbox({ port: 0, state: createSeedState() });
    const opened = await openPlace(driver);
    place = opened.place;
    closePlace = opened.close;
    stores = await openCredentialStores(place);
    pair = await Promise.all([
      startRenewalProcess(place, sandbox.siteRoot, timeoutMs),
      startRenewalProcess(place, sandbox.siteRoot, timeoutMs),
    ]);
  });
  afterAll(async () => {
    await Promise.all(pair.map((one) => one.kill()));
    await stores.close();
    await closePlace();
    await sandbox.close();
  });
  beforeEach(() => {
    sandbox.faults.clear();
    sandbox.calls.clear();
    sandbox.knobs.accessTokenForm = 'jwt';
  });

  it('two processes with 50 calls each on an expired token: the CMS sees exactly one refresh', async () => {
    const grantId = await grantOf({ expired: true });
    const reports = await both({ grantId, calls: 50 });
    expect(reports.map(({ outcomes, calls }) => ({ outcomes, calls }))).toEqual([
      { outcomes: ['ok'], calls: 50 },
      { outcomes: ['ok'], calls: 50 },
    ]);
    expect(refreshes()).toHaveLength(1);
  });

  it('the process that renews tells so, and the one that waits for it tells that', async () => {
    let told: (readonly string[])[] = [];
    // On a busy machine the second process may come when the first has its answer: then the CMS takes longer.
    for (const ms of [500, 2_000, 8_000]) {
      const grantId = await grantOf({ expired: true });
      sandbox.faults.add({ kind: 'latency', ms, times: 1, match: { path: '/oauth/token' } });
      told = (await both({ grantId, calls: 10 })).map(({ events }) => events).sort();
      if (told.every((events) => events.length > 0)) break;
    }
    expect(told).toEqual([['token_awaited'], ['token_renewed']]);
  });

  it('a token that the CMS stops taking is renewed once, in the middle of the calls', async () => {
    const grantId = await grantOf({ expired: false });
    sandbox.revokeTokens();
    expect(await both({ grantId, calls: 20 })).toMatchObject([{ outcomes: ['ok'] }, { outcomes: ['ok'] }]);
    expect(refreshes()).toHaveLength(1);
  });

  it('a holder of the lock that was killed before it asked: another process renews, once', async () => {
    const grantId = await grantOf({ expired: true });
    await inProcesses(place, [{ act: 'acquire', keys: [`cms-renewal:${grantId}`], ttlMs: 2_000 }]);
    expect(await both({ grantId, calls: 5 })).toMatchObject([{ outcomes: ['ok'] }, { outcomes: ['ok'] }]);
    expect(refreshes()).toHaveLength(1);
  });

  it('a holder that was killed while the CMS answered: the person signs in again, and nobody asks for ever', async () => {
    const grantId = await grantOf({ expired: true });
    const doomed = await startRenewalProcess(place, sandbox.siteRoot, 500);
    onTestFinished(() => doomed.kill());
    sandbox.faults.add({ kind: 'latency', ms: 300, times: 1, match: { path: '/oauth/token' } });
    void doomed.order({ grantId, calls: 1 }).catch(() => undefined);
    await poll('the refresh to arrive', () => sandbox.faults.list().length === 0);
    await doomed.kill();
    await poll('the CMS to have used up the refresh token', () => refreshes().length === 1);
    const reports = await both({ grantId, calls: 5 });
    expect(reports).toMatchObject([{ outcomes: ['UNAUTHENTICATED'] }, { outcomes: ['UNAUTHENTICATED'] }]);
    expect(reports.flatMap(({ revocations }) => revocations)).toEqual(['upstream_rejected']);
    expect(refreshes()).toHaveLength(2);
    expect(await both({ grantId, calls: 5 })).toMatchObject([
      { outcomes: ['UNAUTHENTICATED'] },
      { outcomes: ['UNAUTHENTICATED'] },
    ]);
    expect(refreshes()).toHaveLength(2);
  });

  it('a CMS that refuses ends the grant, in both processes, after one refresh', async () => {
    const grantId = await grantOf({ expired: true });
    sandbox.revokeRefreshTokens();
    const reports = await both({ grantId, calls: 10 });
    expect(reports).toMatchObject([{ outcomes: ['UNAUTHENTICATED'] }, { outcomes: ['UNAUTHENTICATED'] }]);
    expect(reports.flatMap(({ revocations }) => revocations)).toEqual(['upstream_rejected']);
    expect(refreshes()).toHaveLength(1);
    expect(await stores.vault.find(grantId)).toBeUndefined();
  });

  it('a user who was disabled is out, and so is one without a refresh token', async () => {
    const disabled = await grantOf({ expired: false });
    const user = sandbox.state.users.find(({ userId }) => userId === 'praman');
    if (user === undefined) throw new Error('The seed has no editor.');
    user.disabled = true;
    try {
      expect(await pair[0].order({ grantId: disabled, calls: 3 })).toMatchObject({
        outcomes: ['UNAUTHENTICATED'],
        revocations: ['upstream_rejected'],
      });
    } finally {
      user.disabled = false;
    }
    const without = await grantOf({ expired: true, refreshToken: false });
    expect(await pair[1].order({ grantId: without, calls: 3 })).toMatchObject({
      outcomes: ['UNAUTHENTICATED'],
      revocations: ['upstream_rejected'],
    });
  });

  it.each([
    ['is away', { kind: 'status', code: 503 }],
    ['breaks the connection', { kind: 'drop-connection' }],
    ['answers a page', { kind: 'html-login-page' }],
    ['answers nothing', { kind: 'null-answer' }],
  ] as const)('a CMS that %s changes nothing: later the same grant goes on', async (_, fault) => {
    const grantId = await grantOf({ expired: true });
    const before = await stores.vault.find(grantId);
    sandbox.faults.add({ ...fault, match: { path: '/oauth/token' } });
    const reports = await both({ grantId, calls: 2 });
    expect(reports).toMatchObject([
      { outcomes: ['CMS_UNAVAILABLE'], revocations: [] },
      { outcomes: ['CMS_UNAVAILABLE'], revocations: [] },
    ]);
    expect(await stores.vault.find(grantId)).toEqual(before);
    sandbox.faults.clear();
    expect(await pair[0].order({ grantId, calls: 2 })).toMatchObject({ outcomes: ['ok'] });
  });

  it.each(['jwt', 'opaque'] as const)('tokens of another user end the grant (%s)', async (form) => {
    sandbox.knobs.accessTokenForm = form;
    const grantId = await grantOf({ expired: true });
    sandbox.faults.add({ kind: 'tokens-of', username: 'mokafor', match: { path: '/oauth/token' } });
    expect(await pair[0].order({ grantId, calls: 5 })).toMatchObject({
      outcomes: ['UNAUTHENTICATED'],
      revocations: ['subject_changed'],
    });
    expect(await stores.vault.find(grantId)).toBeUndefined();
  });

  it('tokens that tell nothing about themselves are held against the CMS’s own word', async () => {
    sandbox.knobs.accessTokenForm = 'opaque';
    const grantId = await grantOf({ expired: true });
    expect(await both({ grantId, calls: 5 })).toMatchObject([{ outcomes: ['ok'] }, { outcomes: ['ok'] }]);
    expect(refreshes()).toHaveLength(1);
  });

  it('many people whom the CMS refuses hold nobody else back', async () => {
    const refused = await Promise.all(Array.from({ length: 15 }, () => grantOf({ expired: true })));
    sandbox.revokeRefreshTokens();
    for (const grantId of refused) {
      expect(await pair[0].order({ grantId, calls: 1 })).toMatchObject({ outcomes: ['UNAUTHENTICATED'] });
    }
    const good = await grantOf({ expired: true });
    expect(await pair[0].order({ grantId: good, calls: 1 })).toMatchObject({ outcomes: ['ok'] });
  });

  const both = (order: Parameters<RenewalProcess['order']>[0]) => Promise.all(pair.map((one) => one.order(order)));

  const refreshes = () =>
    sandbox.calls
      .list()
      .filter(
        ({ operationId, body }) => operationId === 'OAuth_Token' && JSON.stringify(body).includes('refresh_token'),
      );

  /** A grant of the editor, with tokens that the CMS has just given. */
  async function grantOf(options: { readonly expired: boolean; readonly refreshToken?: boolean }): Promise<string> {
    const reply = await fetch(`${sandbox.siteRoot}/api/v1/accounts/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ Username: 'praman', Password: 'sandbox-editor-pass', Provider: '', Persist: false }),
    });
    const { Token } = (await reply.json()) as { Token: { access_token: string; refresh_token: string } };
    grants += 1;
    const grantId = `grant-${grants}`;
    const user = sandbox.state.users.find(({ userId }) => userId === 'praman');
    await stores.vault.put(
      grantId,
      {
        subject: `cms:${user?.id}`,
        clientId: 'agent',
        provider: sandbox.siteRoot,
      },
      {
        kind: 'tokens',
        accessToken: Token.access_token,
        ...(options.refreshToken === false ? {} : { refreshToken: Token.refresh_token }),
        expiresAtMs: options.expired ? Date.now() - 1 : Date.now() + 600_000,
      },
    );
    sandbox.calls.clear();
    return grantId;
  }
});
