import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../../../src/adapters/outbound/sqlite/database.ts';
import { createSqliteGrantStore } from '../../../src/adapters/outbound/sqlite/grant-store.ts';
import type { Grant } from '../../../src/domain/model/grant.ts';
import type { GrantStore } from '../../../src/domain/ports/grant-store.ts';
import { CookieJar, type PageAnswer } from '../../support/cookie-jar.ts';
import { type Deployment, openDeployment } from '../../support/deployment.ts';

/** Of the embedded storage. */
const databaseFile = 'server.db';

const grant = (id: string, subject = 'ada', more: Partial<Grant> = {}): Grant => ({
  id,
  subject,
  displayName: subject,
  clientId: 'https://claude.ai/oauth/client.json',
  clientName: `Client of ${id}`,
  clientHost: 'claude.ai',
  redirectUri: 'https://claude.ai/callback',
  redirectUrisHash: 'a'.repeat(64),
  scopes: ['cms:read', 'cms:write'],
  toolsets: ['default'],
  readOnly: false,
  signIn: 'service',
  createdAtMs: Date.UTC(2026, 0, 5, 9),
  lastUsedAtMs: Date.UTC(2026, 0, 6, 10),
  ...more,
});

describe('the pages about grants', () => {
  let deployment: Deployment;
  let database: Database;
  let grants: GrantStore;
  let token: string;

  beforeAll(async () => {
    deployment = await openDeployment('embedded', { CMS_SIGN_IN: 'service' });
    database = openDatabase(join(deployment.settings['DATA_DIR'] ?? '', databaseFile));
    grants = createSqliteGrantStore({ database });
    token = await deployment.token();
  });

  afterAll(async () => {
    database?.close();
    await deployment?.close();
  });

  const page = (path: string): string => `${deployment.url}/oauth/grants${path}`;
  const signIn = async (jar: CookieJar): Promise<PageAnswer> => {
    const { hidden } = await jar.get(page(''));
    return jar.post(page('/sign-in'), { ...hidden, token });
  };
  const signedIn = async (): Promise<CookieJar> => {
    const jar = new CookieJar();
    const answer = await signIn(jar);
    expect(answer.status, answer.text).toBe(303);
    return jar;
  };

  it('ask who is there before anything is shown', async () => {
    await grants.put(grant('grant_hidden'));
    const jar = new CookieJar();
    const first = await jar.get(page(''));
    expect(first.status).toBe(200);
    expect(first.text).toContain('Access token');
    expect(first.text).not.toContain('grant_hidden');
    expect((await jar.get(page('/revoke?grant=grant_hidden'))).headers.get('location')).toBe('/oauth/grants');
    expect((await jar.post(page('/revoke'), { ...first.hidden, grant: 'grant_hidden' })).status).toBe(303);
    expect((await grants.find('grant_hidden'))?.revokedAtMs).toBeUndefined();
  });

  it('say what is wrong in the place where it is wrong', async () => {
    const jar = new CookieJar();
    const { hidden } = await jar.get(page(''));
    const empty = await jar.post(page('/sign-in'), hidden);
    expect(empty.text).toContain('Fill in every field.');
    const wrong = await jar.post(page('/sign-in'), { ...hidden, token: 'igx_wrong' });
    expect(wrong.text).toContain('did not accept that');
    expect(wrong.text).not.toContain('igx_wrong');
    expect((await jar.post(page('/sign-in'), { ...hidden, token })).status).toBe(303);
  });

  it('show a person their own living grants', async () => {
    await grants.put(grant('grant_mine'));
    await grants.put(grant('grant_theirs', 'grace'));
    await grants.put(grant('grant_over'));
    await grants.revoke('grant_over', Date.UTC(2026, 0, 7), 'operator');
    const { text } = await (await signedIn()).get(page(''));
    expect(text).toContain('Client of grant_mine');
    expect(text).toContain('2026-01-06 10:00 UTC');
    expect(text).not.toContain('grant_theirs');
    expect(text).not.toContain('grant_over');
  });

  it('revoke one after asking, and tell that once', async () => {
    await grants.put(grant('grant_one'));
    const jar = await signedIn();
    const asked = await jar.get(page('/revoke?grant=grant_one'));
    expect(asked.text).toContain('Revoke the access of <bdi>Client of grant_one</bdi>?');
    expect((await jar.post(page('/revoke'), asked.hidden)).status).toBe(303);
    expect(await grants.find('grant_one')).toMatchObject({ revocationReason: 'person' });
    expect((await jar.get(page(''))).text).toContain('Revoked. Its access has ended.');
    expect((await jar.get(page(''))).text).not.toContain('Revoked. Its access has ended.');
  });

  it('64: know nothing of a grant of somebody else', async () => {
    await grants.put(grant('grant_grace', 'grace'));
    const jar = await signedIn();
    expect((await jar.get(page('/revoke?grant=grant_grace'))).status).toBe(404);
    const { hidden } = await jar.get(page(''));
    await jar.post(page('/revoke'), { ...hidden, grant: 'grant_grace' });
    expect((await grants.find('grant_grace'))?.revokedAtMs).toBeUndefined();
  });

  it('23: refuse a form without the token of this session, and do nothing', async () => {
    await grants.put(grant('grant_safe'));
    const [jar, other] = [await signedIn(), await signedIn()];
    const foreign = (await other.get(page(''))).hidden['csrf'] ?? '';
    for (const csrf of ['', 'x', foreign]) {
      const refused = await jar.post(page('/revoke'), { csrf, grant: 'grant_safe' });
      expect(refused.status).toBe(403);
      expect(refused.text).toContain('This did not come from our page');
    }
    expect((await new CookieJar().post(page('/sign-in'), { csrf: foreign, visit: 'visit_x', token })).status).toBe(403);
    expect((await grants.find('grant_safe'))?.revokedAtMs).toBeUndefined();
  });

  it('24: take a sign-in form once', async () => {
    const jar = new CookieJar();
    const { hidden } = await jar.get(page(''));
    expect((await jar.post(page('/sign-in'), { ...hidden, token })).status).toBe(303);
    expect((await jar.post(page('/sign-in'), { ...hidden, token })).status).toBe(403);
  });

  it('revoke all after asking, then sign out', async () => {
    await grants.put(grant('grant_a'));
    await grants.put(grant('grant_b'));
    const jar = await signedIn();
    const asked = await jar.get(page('/revoke'));
    expect(asked.text).toContain('Client of grant_a');
    await jar.post(page('/revoke'), asked.hidden);
    const after = await jar.get(page(''));
    expect(after.text).toMatch(/\d+ revoked\. Their access has ended\./);
    expect(after.text).toContain('no program may work for you');
    const out = await jar.post(page('/sign-out'), after.hidden);
    expect(out.text).toContain('You are signed out');
    expect((await jar.get(page(''))).text).toContain('Access token');
  });

  it('30: meet a return that nothing waits for with 403 or a page that says so', async () => {
    const answer = await new CookieJar().get(`${deployment.url}/callback?code=x&state=y`);
    expect([403, 404]).toContain(answer.status);
    expect(answer.headers.get('content-type')).toContain('text/html');
  });
});

describe('people of an address that asks for too much', () => {
  it('get a page that says when to come back, and its stylesheet; programs get JSON', async () => {
    const deployment = await openDeployment('embedded', { ANONYMOUS_RATE_LIMIT_RPM: '2' });
    try {
      const ask = (accept: string) => fetch(`${deployment.url}/oauth/grants`, { headers: { accept } });
      for (const _ of [1, 2]) expect((await ask('text/html')).status).toBe(200);
      const refused = await ask('text/html,application/xhtml+xml,*/*;q=0.8');
      expect(refused.status).toBe(429);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      const text = await refused.text();
      expect(text).toContain('Too many requests');
      const stylesheet = /href="(\/oauth\/assets\/[^"]+\.css)"/.exec(text)?.[1] ?? '';
      const styles = await fetch(deployment.url + stylesheet);
      expect(styles.status).toBe(200);
      expect(styles.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      expect(await (await ask('application/json')).json()).toMatchObject({ error: { code: 'RATE_LIMITED' } });
    } finally {
      await deployment.close();
    }
  });
});
