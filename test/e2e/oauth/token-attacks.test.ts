import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Deployment, openDeployment } from '../../support/deployment.ts';
import { type OAuthClient, openOAuthClient, registerClient } from '../../support/oauth-client.ts';
import { createPerson, type Person } from '../../support/person.ts';
import { modernRequest } from '../../support/raw-http.ts';
import { endLife } from '../../support/time-passes.ts';
import { expectAudited } from './attacks.ts';

const file = 'e2e/oauth/token-attacks.test.ts';
/** These need a server that lets an address ask rarely. */
const floods = [55, 68];

type Fields = Readonly<Record<string, string>>;

const post = (deployment: Deployment, path: string, fields: Fields, headers: Fields = {}): Promise<Response> =>
  fetch(`${deployment.url}${path}`, { method: 'POST', headers, body: new URLSearchParams(fields) });

const errorOf = async (answer: Response): Promise<unknown[]> => {
  const { error } = (await answer.json()) as { error: string };
  return [answer.status, error];
};

/** A code and everything that it takes to redeem it. */
async function codeOf(client: OAuthClient, person: Person): Promise<Record<string, string>> {
  const asked = await client.request();
  const back = await person.authorize(asked.url);
  return {
    grant_type: 'authorization_code',
    client_id: client.clientId,
    code: back.searchParams.get('code') ?? '',
    code_verifier: asked.verifier,
    redirect_uri: client.redirectUri,
  };
}

describe.each(['embedded', 'redis'] as const)('the token endpoint on %s refuses', (storage) => {
  let deployment: Deployment;
  let person: Person;
  let client: OAuthClient;
  const token = (fields: Fields, headers: Fields = {}) => post(deployment, '/oauth/token', fields, headers);

  beforeAll(async () => {
    deployment = await openDeployment(storage, { CMS_SIGN_IN: 'service', ANONYMOUS_RATE_LIMIT_RPM: '100000' });
    person = createPerson({ token: await deployment.token('cms:read cms:write') });
    client = await openOAuthClient(deployment.url);
  });
  afterAll(() => deployment.close());

  const statusWith = async (bearer: string): Promise<number> => {
    const answer = await fetch(deployment.mcpUrl, modernRequest(bearer, 'tools/list'));
    await answer.body?.cancel();
    return answer.status;
  };

  it('a code after its time (41)', async () => {
    const right = await codeOf(client, person);
    expect(await endLife(deployment.settings, { kind: 'AuthorizationCode' })).toBeGreaterThan(0);
    expect(await errorOf(await token(right))).toEqual([400, 'invalid_grant']);
  });

  it('a code whose verifier was guessed too often (40)', async () => {
    const guess = (right: Fields, at: number) => token({ ...right, code_verifier: `${at}`.padStart(43, 'v') });
    const attacked = await codeOf(client, person);
    for (let at = 0; at < 6; at += 1) expect(await errorOf(await guess(attacked, at))).toEqual([400, 'invalid_grant']);
    expect(await errorOf(await token(attacked))).toEqual([400, 'invalid_grant']);
    // A client that was mistaken a few times has not lost its code by that.
    const mistaken = await codeOf(client, person);
    for (let at = 0; at < 5; at += 1) expect((await guess(mistaken, at)).status).toBe(400);
    expect((await token(mistaken)).status).toBe(200);
  });

  it('another resource than the code is for (43)', async () => {
    const right = await codeOf(client, person);
    for (const resource of [
      'https://other.example/mcp',
      `${deployment.mcpUrl}#part`,
      `${deployment.url}/mcp/readonly`,
    ]) {
      expect(await errorOf(await token({ ...right, resource }))).toEqual([400, 'invalid_target']);
    }
    // The client has not lost its code by that.
    expect((await token({ ...right, resource: deployment.mcpUrl })).status).toBe(200);
  });

  it('a refresh token that was used (46): all of its family is dead', async () => {
    const own = await openOAuthClient(deployment.url);
    const first = await own.connect(person);
    const second = await own.refresh(first.refresh_token ?? '');
    const third = await own.refresh(second.refresh_token ?? '');
    expect(await statusWith(third.access_token)).toBe(200);
    await expect(own.refresh(first.refresh_token ?? '')).rejects.toMatchObject({ error: 'invalid_grant' });
    for (const { access_token, refresh_token } of [first, second, third]) {
      expect(await statusWith(access_token)).toBe(401);
      await expect(own.refresh(refresh_token ?? '')).rejects.toMatchObject({ error: 'invalid_grant' });
    }
  });

  it('another way to authenticate than the client’s own (49)', async () => {
    const metadata = { redirect_uris: ['https://agent.example/callback'] };
    const register = async (token_endpoint_auth_method: string) =>
      (await (await registerClient(deployment.url, { ...metadata, token_endpoint_auth_method })).json()) as {
        client_id: string;
        client_secret: string;
      };
    const [basic, posted] = [await register('client_secret_basic'), await register('client_secret_post')];
    const grant = {
      grant_type: 'authorization_code',
      code: 'x',
      code_verifier: 'v'.repeat(43),
      ...metadata,
      redirect_uri: 'https://agent.example/callback',
    };
    const { redirect_uris: _, ...fields } = grant;
    const header = (id: string, secret: string) => ({
      authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
    });
    // A secret counts in the header and in the body alike (RFC 6749 section 2.3.1); without it nobody is a client that has
    // one, and nobody has one who is public.
    const tries: [string, Fields, Fields][] = [
      ['basic without', { ...fields, client_id: basic.client_id }, {}],
      ['post without', { ...fields, client_id: posted.client_id }, {}],
      ['a wrong secret', fields, header(basic.client_id, 'wrong')],
      ['the secret of another', { ...fields, client_id: posted.client_id, client_secret: basic.client_secret }, {}],
      ['a public client by basic', fields, header(client.clientId, 'any')],
      ['a public client by post', { ...fields, client_id: client.clientId, client_secret: 'any' }, {}],
    ];
    for (const [what, given, headers] of tries) {
      expect([what, ...(await errorOf(await token(given, headers)))]).toEqual([what, 401, 'invalid_client']);
    }
    const { client_id, client_secret } = posted;
    const both = await token({ ...fields, client_id, client_secret }, header(client_id, client_secret));
    expect(await errorOf(both)).toEqual([400, 'invalid_request']);
    // In its own way it is known, and only the code is wrong.
    expect(await errorOf(await token(fields, header(basic.client_id, basic.client_secret)))).toEqual([
      400,
      'invalid_grant',
    ]);
  });

  it('what stands in the query (50)', async () => {
    const right = await codeOf(client, person);
    const { code, code_verifier, ...rest } = right;
    const query = new URLSearchParams({ code: code ?? '', code_verifier: code_verifier ?? '' });
    expect(await errorOf(await token({}))).toEqual([400, 'invalid_request']);
    expect(await errorOf(await post(deployment, `/oauth/token?${query}`, rest))).toEqual([400, 'invalid_request']);
    const all = await post(deployment, `/oauth/token?${new URLSearchParams(right)}`, {});
    expect(await errorOf(all)).toEqual([400, 'invalid_request']);
    const log = [...deployment.server.stdout, ...deployment.server.stderr].join('\n');
    expect(log).not.toContain(code);
    expect((await token(right)).status).toBe(200);
  });

  it.each<[string, Fields, number, string]>([
    ['nothing', {}, 400, 'invalid_request'],
    ['no kind of grant', { client_id: '{own}' }, 400, 'invalid_request'],
    ['the implicit grant', { client_id: '{own}', grant_type: 'implicit' }, 400, 'unsupported_grant_type'],
    ['an unknown client', { client_id: 'client_x', grant_type: 'refresh_token' }, 401, 'invalid_client'],
    ['no refresh token', { client_id: '{own}', grant_type: 'refresh_token' }, 400, 'invalid_request'],
    [
      'a made-up refresh token',
      { client_id: '{own}', grant_type: 'refresh_token', refresh_token: 'igxr_x' },
      400,
      'invalid_grant',
    ],
  ])('%s, each with its own error and status (54)', async (_, given, status, error) => {
    const fields = Object.fromEntries(
      Object.entries(given).map(([name, value]) => [name, value.replace('{own}', client.clientId)]),
    );
    const answer = await token(fields);
    expect(answer.headers.get('cache-control')).toContain('no-store');
    expect(await errorOf(answer)).toEqual([status, error]);
  });

  it('whoever authenticates by a header, and tells it by a header (54)', async () => {
    const basic = { authorization: `Basic ${Buffer.from('client_x:secret').toString('base64')}` };
    const answer = await token({ grant_type: 'refresh_token', refresh_token: 'igxr_x' }, basic);
    // RFC 6749 section 5.2.
    expect(answer.headers.get('www-authenticate')).toMatch(/^Basic /);
    expect(await errorOf(answer)).toEqual([401, 'invalid_client']);
  });

  it('takes as long to refuse a token that is nearly right (56) as one that is not', async () => {
    const own = await openOAuthClient(deployment.url);
    const { refresh_token: real = '' } = await own.connect(person);
    const near = `${real.slice(0, -1)}${real.endsWith('A') ? 'B' : 'A'}`;
    const far = `igxr_${randomBytes(32).toString('base64url')}`;
    const times: Record<'near' | 'far', number[]> = { near: [], far: [] };
    const ask = async (kind: 'near' | 'far') => {
      const began = performance.now();
      const answer = await token({
        grant_type: 'refresh_token',
        client_id: own.clientId,
        refresh_token: kind === 'near' ? near : far,
      });
      await answer.text();
      times[kind].push(performance.now() - began);
      expect(answer.status).toBe(400);
    };
    // In turns, so that whatever else the machine does meets both alike.
    for (let turn = 0; turn < 60; turn++) {
      await ask('near');
      await ask('far');
    }
    const ratio = quickQuarter(times.near) / quickQuarter(times.far);
    expect(ratio).toBeGreaterThan(0.5);
    expect(ratio).toBeLessThan(2);
    // The guesses were no uses of it.
    expect(await own.refresh(real)).toHaveProperty('access_token');
  });

  it('nothing without a line in the audit log', () => expectAudited(deployment.settings, file, floods));
});

/** The time that a quarter of them stay below: what the machine does beside makes single ones slow, none fast. */
function quickQuarter(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 4)] ?? 0;
}

describe.each(['embedded', 'redis'] as const)('a server on %s that lets an address ask rarely ends', (storage) => {
  let deployment: Deployment;
  beforeAll(async () => {
    deployment = await openDeployment(storage, { CMS_SIGN_IN: 'service', ANONYMOUS_RATE_LIMIT_RPM: '40' });
  });
  afterAll(() => deployment.close());

  it('a flood of registrations, each of which ends by itself (68)', async () => {
    const statuses: number[] = [];
    for (let time = 0; time < 10; time++) statuses.push((await registerClient(deployment.url)).status);
    // A tenth of what an address may ask.
    expect(statuses).toEqual([201, 201, 201, 201, 429, 429, 429, 429, 429, 429]);
  });

  it('guesses of a verifier or of a token, after the first ones (55)', async () => {
    const guess = (verifier: string) =>
      post(deployment, '/oauth/token', {
        grant_type: 'authorization_code',
        client_id: 'client_x',
        code: 'code',
        code_verifier: verifier,
        redirect_uri: 'http://127.0.0.1:45454/callback',
      });
    let limited: Response | undefined;
    for (let time = 0; time < 60 && limited === undefined; time++) {
      const answer = await guess(`${time}`.padStart(43, 'v'));
      await answer.text();
      if (answer.status === 429) limited = answer;
      else expect(answer.status).toBe(401);
    }
    expect(Number(limited?.headers.get('retry-after'))).toBeGreaterThan(0);
    const { status } = await guess('v'.repeat(43));
    expect(status).toBe(429);
  });

  it('and tells the audit log', async () => {
    await expectAudited(deployment.settings, file, [40, 41, 43, 46, 49, 50, 54, 56]);
  });
});
