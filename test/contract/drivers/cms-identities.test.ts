import { afterEach, describe, expect, it } from 'vitest';
import { createSeedState } from '../../../sandbox/seed.ts';
import { startSandbox } from '../../../sandbox/server.ts';
import { createIngeniux } from '../../../src/adapters/outbound/ingeniux/index.ts';
import { createMemoryCache } from '../../../src/adapters/outbound/memory/cache.ts';
import { createClock } from '../../../src/adapters/outbound/node/clock.ts';
import { DomainError } from '../../../src/domain/errors.ts';
import type { CmsCredential } from '../../../src/domain/model/cms-credential.ts';
import { openCredentialStores, openPlace } from '../../support/credential-stores.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (let close = closers.pop(); close !== undefined; close = closers.pop()) await close();
});

/** As whom the calls of a grant are made, and what of it may be shared. */
describe('credentials of grants', () => {
  it('several identities: each signs in once for everybody who works as it, and brings its own rights', async () => {
    const { sandbox, as, grant } = await open();
    await grant('ada', { kind: 'identity', identity: 'editors' });
    await grant('grace', { kind: 'identity', identity: 'viewers' });
    await grant('alan', { kind: 'identity', identity: 'editors' });
    const calls = ['ada', 'grace', 'alan'].flatMap((id) => Array.from({ length: 10 }, () => as(id).site.ping()));
    await Promise.all(calls);
    const codes = sandbox.calls.list().filter(({ operationId }) => operationId === 'OAuth_Authorize');
    expect(codes).toHaveLength(2);
    expect((await as('ada').site.currentUser())?.name).toBe('Priya Raman');
    expect((await as('grace').site.currentUser())?.name).toBe('Grace Whitfield');
    expect((await as(undefined).site.currentUser())?.name).toBe('Margaret Okafor');
  });

  it('an identity that is not configured any more, or refused, is the operator’s business and ends no grant', async () => {
    const { as, grant, revocations } = await open();
    await grant('gone', { kind: 'identity', identity: 'nobody' });
    await grant('broken', { kind: 'identity', identity: 'broken' });
    await grant('good', { kind: 'identity', identity: 'editors' });
    expect(await codeOf(as('gone').site.ping())).toBe('CMS_SIGN_IN_FAILED');
    expect(await codeOf(as('broken').site.ping())).toBe('CMS_SIGN_IN_FAILED');
    await as('good').site.ping();
    expect(revocations).toEqual([]);
  });

  it('`prepare` renews what has ended, lets pass what an operator has to mend, and costs nothing else', async () => {
    const { sandbox, connector, grant, tokensOf, principal, revocations } = await open();
    await connector.prepare(principal(undefined));
    await grant('broken', { kind: 'identity', identity: 'broken' });
    await connector.prepare(principal('broken'));
    await grant('fresh', await tokensOf('praman'));
    sandbox.calls.clear();
    await connector.prepare(principal('fresh'));
    expect(sandbox.calls.list()).toEqual([]);
    await grant('ended', { ...(await tokensOf('praman')), expiresAtMs: 0 });
    await connector.prepare(principal('ended'));
    expect(sandbox.calls.list().map(({ operationId }) => operationId)).toContain('OAuth_Token');
    await grant('late', { ...(await tokensOf('praman')), expiresAtMs: 0 });
    sandbox.faults.add({ kind: 'latency', ms: 3_000, match: { path: '/oauth/token' } });
    expect(await codeOf(connector.prepare(principal('late')))).toBe('CMS_UNAVAILABLE');
    expect(revocations).toEqual([]);
    expect(await codeOf(connector.prepare(principal('unknown')))).toBe('UNAUTHENTICATED');
  });

  it('one address that asks everybody to sign in does not end a grant', async () => {
    const { sandbox, as, grant, tokensOf, revocations } = await open();
    await grant('ada', await tokensOf('praman'));
    sandbox.faults.add({ kind: 'html-login-page', match: { operationId: 'User_GetUsers' } });
    expect(await codeOf(as('ada').users.list({ startIndex: 0, pageSize: 10 }))).toBe('FORBIDDEN');
    expect(revocations).toEqual([]);
    await as('ada').site.ping();
  });

  it('a kept answer of one grant never answers another, nor a machine token with the same subject', async () => {
    const { sandbox, as, grant } = await open();
    await grant('admin', { kind: 'identity', identity: 'admins' });
    await grant('viewer', { kind: 'identity', identity: 'viewers' });
    const users = (id: string | undefined) => as(id, 'the same subject').users.list({ startIndex: 0, pageSize: 10 });
    for (const id of ['admin', 'viewer', undefined, 'admin', 'viewer', undefined]) await users(id);
    const asked = sandbox.calls.list().filter(({ operationId }) => operationId === 'User_GetUsers');
    expect(asked.map(({ user }) => user)).toEqual(['mokafor', 'gwhitfield', 'mokafor']);
  });
});

it('what is the same for everybody is asked in nobody’s name, so that no person’s rights colour it', async () => {
  const { as, grant } = await open();
  await grant('broken', { kind: 'identity', identity: 'broken' });
  expect(await codeOf(as('broken').site.ping())).toBe('CMS_SIGN_IN_FAILED');
  expect(await as('broken').site.apiVersion()).toMatch(/^10\./);
});

async function open() {
  const sandbox = await startSandbox({ port: 0, state: createSeedState() });
  closers.push(() => sandbox.close());
  const { place, close } = await openPlace('sqlite');
  closers.push(close);
  const stores = await openCredentialStores(place);
  closers.push(() => stores.close());
  const clock = createClock();
  const revocations: string[] = [];
  const identity = (role: string) => ({ clientId: `sandbox-${role}`, clientSecret: `sandbox-secret-${role}` });
  const connector = createIngeniux({
    baseUrl: sandbox.siteRoot,
    ...identity('admin'),
    grants: {
      ...stores,
      identities: {
        editors: identity('editor'),
        viewers: identity('viewer'),
        admins: identity('admin'),
        broken: { clientId: 'sandbox-author', clientSecret: 'reset since' },
      },
      revokeGrant: async (id, reason) => {
        await stores.vault.remove(id);
        revocations.push(reason);
      },
    },
    timeoutMs: 2_000,
    retriesMax: 0,
    cache: createMemoryCache({ maxSize: 100, clock }),
    cacheTtlSeconds: 300,
    clock,
  });
  closers.push(() => connector.close());
  const principal = (grantId: string | undefined, subject = grantId ?? 'machine') => ({
    subject,
    clientId: 'agent',
    scopes: [],
    ...(grantId === undefined ? {} : { grantId }),
  });
  return {
    sandbox,
    connector,
    principal,
    revocations,
    as: (grantId: string | undefined, subject?: string) =>
      connector.as(principal(grantId, subject), { signal: new AbortController().signal, allowStale: false }),
    grant: async (grantId: string, credential: CmsCredential) => {
      const user = sandbox.state.users.find(({ userId }) => userId === 'praman');
      const owner = { subject: `cms:${user?.id}`, clientId: 'agent', provider: sandbox.siteRoot };
      await stores.vault.put(grantId, owner, credential);
    },
    tokensOf: async (username: string) => {
      const user = sandbox.state.users.find(({ userId }) => userId === username);
      const tokens = await connector.accounts.byPassword({ username, password: user?.password ?? '', provider: '' });
      if (tokens === undefined) throw new Error('The sandbox refused its own user.');
      return {
        kind: 'tokens',
        accessToken: tokens.access,
        refreshToken: tokens.refresh ?? '',
        expiresAtMs: tokens.usableUntilMs,
      } as const;
    },
  };
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'ok';
  } catch (error) {
    // The driver throws nothing else.
    if (error instanceof DomainError) return error.code;
    throw error;
  }
}
