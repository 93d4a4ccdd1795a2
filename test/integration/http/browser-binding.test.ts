import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type BrowserBinding,
  createBrowserBinding,
  pendingSecondsMax,
} from '../../../src/adapters/inbound/http/oauth/browser-binding.ts';
import { hostCookies } from '../../../src/adapters/inbound/http/oauth/cookies.ts';
import { createDigest } from '../../../src/adapters/outbound/node/digest.ts';
import { createIdSource } from '../../../src/adapters/outbound/node/id-source.ts';
import { type Database, openDatabase } from '../../../src/adapters/outbound/sqlite/database.ts';
import { createSqliteExpiringRecords } from '../../../src/adapters/outbound/sqlite/expiring-records.ts';
import { CookieJar } from '../../support/cookie-jar.ts';
import { createFakeClock, type FakeClock } from '../../support/fake-clock.ts';

describe.each(['https://mcp.example.edu', 'http://127.0.0.1:3000'])('the browser binding at %s', (publicUrl) => {
  let clock: FakeClock;
  let database: Database;
  let server: Server;
  let url: string;

  beforeEach(async () => {
    clock = createFakeClock();
    database = openDatabase(':memory:');
    const binding = createBrowserBinding({
      records: createSqliteExpiringRecords({ database, clock }),
      ids: createIdSource(),
      digest: createDigest(),
      cookies: hostCookies(publicUrl),
    });
    server = createServer((request, response) => void serve(binding, request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    url = typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}` : '';
  });

  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    database.close();
  });

  /** Each path is one call of the binding; what it answers is the body. */
  async function serve(binding: BrowserBinding, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://test');
    const id = searchParams.get('id') ?? '';
    const csrf = searchParams.get('csrf') ?? undefined;
    const answers: Readonly<Record<string, () => Promise<unknown>>> = {
      '/bind': () => binding.bind(request, response, id),
      '/bound': () => binding.isBound(request, id),
      '/accepts': () => binding.accepts(request, id, csrf),
      '/claim': () => binding.claim(request, response, id, csrf),
      '/return': () => binding.claimReturn(request, response, id),
    };
    const answer = await answers[pathname]?.();
    response.end(JSON.stringify(answer ?? null));
  }

  const ask = async (jar: CookieJar, path: string): Promise<unknown> => {
    const answer = await fetch(url + path, { headers: { cookie: jar.header() } });
    jar.keep(answer);
    return answer.json();
  };

  const open = async (jar: CookieJar, id: string): Promise<string> => String(await ask(jar, `/bind?id=${id}`));

  it('gives each pending thing a cookie that only this host and no script can read', async () => {
    const answer = await fetch(`${url}/bind?id=one`);
    const [cookie, ...others] = answer.headers.getSetCookie();
    expect(others).toEqual([]);
    const form = /^(.*?igx-[0-9a-f]{16})=bind_[\w-]{43}; Path=\/; Max-Age=600; HttpOnly; SameSite=Lax(.*)$/.exec(
      cookie ?? '',
    );
    expect(form?.slice(1).map((text) => text.replace(/igx-.*/, 'igx-'))).toEqual(
      publicUrl.startsWith('https:') ? ['__Host-igx-', '; Secure'] : ['igx-', ''],
    );
  });

  it('keeps neither the value of the cookie nor the token', async () => {
    const jar = new CookieJar();
    const token = await open(jar, 'one');
    const rows = JSON.stringify(database.all('SELECT key, value FROM records'));
    expect(rows).toContain('browser-binding:');
    for (const secret of [token, ...jar.cookies.values()]) expect(rows).not.toContain(secret);
  });

  it('23: accepts the form of this browser for this thing, and no other', async () => {
    const [mine, foreign] = [new CookieJar(), new CookieJar()];
    const one = await open(mine, 'one');
    const two = await open(mine, 'two');
    const foreignToken = await open(foreign, 'three');
    expect(await ask(mine, `/accepts?id=one&csrf=${one}`)).toBe(true);
    for (const csrf of ['', 'x', two, foreignToken, one.slice(1), `${one}a`, one.toUpperCase()]) {
      expect(await ask(mine, `/accepts?id=one&csrf=${csrf}`), csrf).toBe(false);
    }
    expect(await ask(mine, '/accepts?id=one')).toBe(false);
    expect(await ask(foreign, `/accepts?id=one&csrf=${one}`)).toBe(false);
    expect(await ask(new CookieJar(), `/accepts?id=one&csrf=${one}`)).toBe(false);
  });

  it('24: takes an answer once, of a hundred at the same time', async () => {
    const jar = new CookieJar();
    const token = await open(jar, 'one');
    const cookie = jar.header();
    const claims = Array.from({ length: 100 }, async () =>
      (await fetch(`${url}/claim?id=one&csrf=${token}`, { headers: { cookie } })).json(),
    );
    expect((await Promise.all(claims)).filter((isFirst) => isFirst === true)).toHaveLength(1);
    expect(await ask(jar, `/accepts?id=one&csrf=${token}`)).toBe(false);
  });

  it('26: what began in one browser does not come back in another, and is not spent by the attempt', async () => {
    const [attacker, victim] = [new CookieJar(), new CookieJar()];
    await open(attacker, 'state');
    await open(victim, 'other');
    expect(await ask(victim, '/return?id=state')).toBe(false);
    expect(await ask(new CookieJar(), '/return?id=state')).toBe(false);
    expect(await ask(victim, '/bind?id=state')).toBeNull();
    expect(await ask(attacker, '/return?id=state')).toBe(true);
    expect(await ask(attacker, '/return?id=state')).toBe(false);
  });

  it('lets two tabs of one browser go their ways, in any order', async () => {
    const jar = new CookieJar();
    const first = await open(jar, 'first');
    const second = await open(jar, 'second');
    expect(await open(jar, 'first')).toBe(first);
    expect(await ask(jar, `/claim?id=second&csrf=${second}`)).toBe(true);
    expect(await ask(jar, `/claim?id=first&csrf=${first}`)).toBe(true);
    expect(jar.cookies.size).toBe(0);
  });

  it('28: is over after ten minutes', async () => {
    const jar = new CookieJar();
    const token = await open(jar, 'one');
    clock.advance(pendingSecondsMax * 1000);
    expect(await ask(jar, '/bound?id=one')).toBe(false);
    expect(await ask(jar, `/claim?id=one&csrf=${token}`)).toBe(false);
  });
});
