import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Deployment, openDeployment } from '../../support/deployment.ts';
import { openOAuthClient } from '../../support/oauth-client.ts';
import { createPerson } from '../../support/person.ts';
import { rawHttp } from '../../support/raw-http.ts';
import { expectAudited } from './attacks.ts';

let deployment: Deployment;
let token: string;

beforeAll(async () => {
  deployment = await openDeployment('embedded', { CMS_SIGN_IN: 'service', ANONYMOUS_RATE_LIMIT_RPM: '100000' });
  token = await deployment.token('cms:read cms:write');
});
afterAll(() => deployment.close());

const webAgent = () => openOAuthClient(deployment.url, { redirect_uris: ['https://agent.example/callback'] });

describe('the authorization endpoint refuses', () => {
  it.each([
    'https://agent.example:8443/callback',
    'https://agent.example/callback/',
    'https://agent.example/callback?next=https://evil.example',
    'https://agent.example/callback#part',
    'https://agent.example/x/../callback',
    'https://agent.example/%2e/callback',
    'https://agent.example/%2E%2E/callback',
    'https://agent.example/Callback',
    'https://AGENT.example/callback',
    'https://agent.example./callback',
    'https://agent.example\\@evil.example/callback',
    'https://user@agent.example/callback',
    'https://agent.example@evil.example/callback',
    'https://agent.example\t/callback',
    'https://agent.example/call\nback',
    ' https://agent.example/callback',
    'https://аgent.example/callback',
    'https://xn--gent-53d.example/callback',
    'https://agent.example.evil.example/callback',
    'http://agent.example/callback',
    '//agent.example/callback',
  ])('an address that only looks like the registered one (3): %j', async (redirect_uri) => {
    const { url } = await (await webAgent()).request({ redirect_uri });
    const page = await createPerson({}).open(url);
    expect(page).toMatchObject({ status: 400, heading: 'The way back does not fit' });
    expect(page.away).toBeUndefined();
    expect(page.headers.get('location')).toBeNull();
  });

  it('parameters that come twice (14)', async () => {
    const client = await webAgent();
    const { url } = await client.request();
    const twice: readonly (readonly [string, string])[] = [
      ['client_id', 'client_other'],
      ['redirect_uri', 'https://evil.example/callback'],
      ['scope', 'cms:admin'],
      ['code_challenge', 'x'.repeat(43)],
      ['code_challenge_method', 'plain'],
      ['state', 'another'],
      ['response_type', 'token'],
    ];
    for (const [name, value] of twice) {
      const doubled = new URL(url);
      doubled.searchParams.append(name, value);
      const page = await createPerson({}).open(doubled);
      const error = page.away?.searchParams.get('error') ?? (page.status === 400 ? 'invalid_request' : page.heading);
      expect([name, error]).toEqual([name, 'invalid_request']);
      expect(page.away?.searchParams.has('code') ?? false).toBe(false);
      if (page.away !== undefined) expect(page.away.origin).toBe('https://agent.example');
    }
  });

  it('parameters of the query and of the body mixed (15)', async () => {
    const client = await webAgent();
    const { url } = await client.request();
    const all = [...url.searchParams];
    for (const split of [1, 3, all.length - 1]) {
      const address = new URL(url.pathname, url);
      address.search = new URLSearchParams(all.slice(0, split)).toString();
      const answer = await fetch(address, {
        method: 'POST',
        redirect: 'manual',
        headers: { accept: 'text/html' },
        body: new URLSearchParams(all.slice(split)),
      });
      await answer.body?.cancel();
      // Requests come by GET alone: there is no body that could say something else than the query.
      expect([answer.status, answer.headers.get('location')]).toEqual([404, null]);
    }
  });

  it('nothing for a state that is huge or breaks lines (18): it comes back as it was', async () => {
    const client = await openOAuthClient(deployment.url);
    for (const state of ['s'.repeat(12_000), 'a\r\nSet-Cookie: igx=1\r\n\r\n<script>', '"><script>alert(1)</script>']) {
      const { url } = await client.request({ state, code_challenge_method: 'plain' });
      const answer = await rawHttp(url);
      expect(answer.headers['set-cookie']?.toString() ?? '').not.toContain('igx=1');
      const back = new URL(String(answer.headers['location']));
      expect(back.searchParams.get('state')).toBe(state);
      expect(back.searchParams.get('error')).toBe('invalid_request');
    }
  });
});

describe('the person is asked', () => {
  it('about a second client of somebody who has signed in (25)', async () => {
    const person = createPerson({ token });
    const first = await openOAuthClient(deployment.url);
    await first.connect(person, { scope: 'cms:read' });
    expect((await person.authorize((await first.request({ scope: 'cms:read' })).url)).searchParams.has('code')).toBe(
      true,
    );
    const second = await openOAuthClient(deployment.url, { client_name: 'Second agent' });
    const { url } = await second.request({ scope: 'cms:read' });
    const page = await person.open(url);
    expect(page.away).toBeUndefined();
    expect(page.html).toContain('Second agent');
    url.searchParams.set('prompt', 'none');
    const silent = await createPerson({ token }).open(url);
    expect(silent.away?.searchParams.get('error')).toBe('login_required');
    const known = await person.open(url);
    expect(known.away?.searchParams.get('error')).toMatch(/^(login|consent|interaction)_required$/);
  });

  it('with a warning, about a client that calls itself like a known one (69)', async () => {
    for (const client_name of ['Claude', 'CIaude', 'Сlaude Desktop']) {
      const person = createPerson({ token });
      const client = await openOAuthClient(deployment.url, { client_name });
      const signIn = await person.open((await client.request()).url);
      const consent = await person.send(signIn, { token });
      expect(consent.heading).toContain('Allow');
      expect(consent.html).toContain('nothing shows that it comes from the makers of');
    }
  });
});

it('each refusal is in the audit log', () =>
  expectAudited(deployment.settings, 'e2e/oauth/authorization-attacks.test.ts'));
