import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Deployment, openDeployment } from '../../support/deployment.ts';
import { freePort } from '../../support/free-port.ts';
import { type OAuthClient, openOAuthClient } from '../../support/oauth-client.ts';
import { createPerson, type Person } from '../../support/person.ts';
import { poll } from '../../support/poll.ts';
import { initializeBody, mcpHeaders } from '../../support/raw-http.ts';
import { signInAtCms } from '../../support/sign-in-at-cms.ts';
import { endLife } from '../../support/time-passes.ts';
import { expectAudited } from './attacks.ts';

const file = 'e2e/oauth/callback-attacks.test.ts';
const editor = { username: 'praman', password: 'sandbox-editor-pass' };
const publisher = { username: 'dreyes', password: 'sandbox-publisher-pass' };
const foreignForm = { status: 403, heading: 'This did not come from our page' };

/** Confused deputy and login CSRF: the person signs in at the CMS, where all our clients are one. */
describe.each(['embedded', 'redis'] as const)('a sign-in at the CMS, %s, refuses', (storage) => {
  let deployment: Deployment;
  let client: OAuthClient;

  beforeAll(async () => {
    const port = String(await freePort());
    deployment = await openDeployment(storage, {
      CMS_SIGN_IN: 'cms-oauth',
      PORT: port,
      OAUTH_REDIRECT_URI: `http://127.0.0.1:${port}/callback`,
      ANONYMOUS_RATE_LIMIT_RPM: '100000',
    });
    client = await openOAuthClient(deployment.url);
  });
  afterAll(() => deployment.close());

  const callback = (parameters: URLSearchParams | string) => `${deployment.url}/callback?${parameters}`;
  /** A browser that is at the CMS, and what it will bring back from there. */
  const atCms = async (person: Person, who: Readonly<Record<string, string>> = editor) => {
    const asked = await client.request();
    const address = await person.authorize(asked.url);
    return { asked, address, brought: await signInAtCms(address.href, who) };
  };
  const refusedAnswer = async (person: Person, parameters: URLSearchParams | string) => {
    const { away } = await person.open(callback(parameters));
    expect(away?.searchParams.get('error')).toBe('access_denied');
    expect(away?.searchParams.get('iss')).toBe(deployment.url);
    return away;
  };

  it('a sign-in that another browser began (26)', async () => {
    const [attacker, victim] = [createPerson({}), createPerson({})];
    // The attacker agrees and stops before the CMS; the victim is led there and signs in.
    const { address } = await atCms(attacker);
    const brought = await signInAtCms(address.href, publisher);
    expect(await victim.open(callback(brought))).toMatchObject(foreignForm);
  });

  it('a stolen state (27), and leaves the sign-in that it belongs to alone', async () => {
    const [victim, thief] = [createPerson({}), createPerson({})];
    const own = await atCms(victim);
    const stolen = new URLSearchParams({ state: own.brought.get('state') ?? '', code: 'a-code-of-the-thief' });
    expect(await thief.open(callback(stolen))).toMatchObject(foreignForm);
    const consent = await victim.open(callback(own.brought));
    expect(consent.heading).toContain('Allow');
  });

  it('a state after its time (28)', async () => {
    const person = createPerson({});
    const { brought } = await atCms(person);
    expect(await endLife(deployment.settings, { key: 'pending-sign-in:' })).toBeGreaterThan(0);
    expect(await person.open(callback(brought))).toMatchObject(foreignForm);
  });

  it('a state that was used (29)', async () => {
    const person = createPerson({});
    const { brought } = await atCms(person);
    expect((await person.open(callback(brought))).heading).toContain('Allow');
    expect(await person.open(callback(brought))).toMatchObject(foreignForm);
  });

  it('a return that nothing waits for (30)', async () => {
    for (const parameters of ['', 'code=x', 'code=x&state=state_made-up', 'code=x&state=a&state=b']) {
      expect(await createPerson({}).open(callback(parameters))).toMatchObject(foreignForm);
    }
  });

  it('a return in the browser of somebody else who signs in as well (31)', async () => {
    const [one, other] = [createPerson({}), createPerson({})];
    const [first, second] = [await atCms(one), await atCms(other, publisher)];
    expect(await other.open(callback(first.brought))).toMatchObject(foreignForm);
    // Neither is disturbed.
    expect((await one.open(callback(first.brought))).html).toContain('Raman');
    expect((await other.open(callback(second.brought))).html).toContain('Reyes');
  });

  it('a state before the person said yes (32): nothing leads to the CMS, and no state is kept', async () => {
    const person = createPerson({});
    const { url } = await client.request();
    await endLife(deployment.settings, { key: 'pending-sign-in:' });
    const page = await person.open(url);
    expect(page.away).toBeUndefined();
    expect(page.heading).toBe('Sign in at the CMS');
    expect(page.html).not.toContain('/oauth/auth?');
    expect(page.html).not.toContain('state=');
    expect(await endLife(deployment.settings, { key: 'pending-sign-in:' })).toBe(0);
    expect((await person.send(page, {})).away?.searchParams.get('state')).toMatch(/^state_[\w-]{43}$/);
  });

  it('a code of another sign-in (33)', async () => {
    const [attacker, victim] = [createPerson({}), createPerson({})];
    const foreign = await atCms(attacker, publisher);
    const own = await atCms(victim);
    own.brought.set('code', foreign.brought.get('code') ?? '');
    await refusedAnswer(victim, own.brought);
  });

  it('an answer of another issuer (34)', async () => {
    const person = createPerson({});
    const { brought } = await atCms(person);
    brought.set('iss', 'https://evil.example');
    await refusedAnswer(person, brought);
  });

  it('markup in an error that comes back (36)', async () => {
    const markup = '"><script>window.__hit=1</script><img src=x onerror=alert(1)>';
    const error = { error: markup, error_description: markup, error_uri: 'javascript:alert(1)' };
    const page = await createPerson({}).open(callback(new URLSearchParams({ ...error, state: markup })));
    expect(page).toMatchObject(foreignForm);
    expect(page.html).not.toContain('__hit');
    expect(page.html).not.toContain('onerror');
    const person = createPerson({});
    const { brought } = await atCms(person);
    const away = await refusedAnswer(person, new URLSearchParams({ ...error, state: brought.get('state') ?? '' }));
    expect(away?.href).not.toMatch(/__hit|onerror|javascript/);
  });

  const status = async (token: string): Promise<number> => {
    const answer = await fetch(deployment.mcpUrl, { method: 'POST', headers: mcpHeaders(token), body: initializeBody });
    await answer.body?.cancel();
    return answer.status;
  };
  /** An agent whose CMS token ends at once, so that each call needs a new one. */
  const connectShortly = async (who: Readonly<Record<string, string>>) => {
    deployment.sandbox.knobs.accessTokenLifetimeSeconds = 1;
    const person = createPerson({});
    const { asked, brought } = await atCms(person, who);
    return client.redeem(await person.authorize(callback(brought)), asked);
  };
  const untilRefused = (token: string) =>
    poll('401', async () => (await status(token)) === 401, { timeoutMs: 60_000, everyMs: 200 });

  it('tokens of another user at a renewal (35)', async () => {
    const tokens = await connectShortly(editor);
    deployment.sandbox.faults.add({ kind: 'tokens-of', username: 'mokafor', match: { path: '/oauth/token' } });
    await untilRefused(tokens.access_token);
    deployment.sandbox.faults.clear();
    expect(await status(tokens.access_token)).toBe(401);
    await expect(client.refresh(tokens.refresh_token ?? '')).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  it.each(['disabled', 'deleted'] as const)('a user who was %s in the CMS (67)', async (fate) => {
    const tokens = await connectShortly(publisher);
    const { users } = deployment.sandbox.state;
    const index = users.findIndex(({ userId }) => userId === publisher.username);
    const [user] = users.slice(index, index + 1);
    if (user === undefined) throw new Error('The seed has changed.');
    if (fate === 'disabled') user.disabled = true;
    else users.splice(index, 1);
    await untilRefused(tokens.access_token);
    user.disabled = false;
    if (fate === 'deleted') users.splice(index, 0, user);
    expect(await status(tokens.access_token)).toBe(401);
    await expect(client.refresh(tokens.refresh_token ?? '')).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  it('nothing without a line in the audit log', () => expectAudited(deployment.settings, file));
});
