import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type AgentClient, connectAgent } from '../../support/agent-clients.ts';
import { type Deployment, openDeployment } from '../../support/deployment.ts';
import { freePort } from '../../support/free-port.ts';
import { signInAtProvider, startIdentityProvider } from '../../support/identity-provider.ts';
import { type OAuthClient, openOAuthClient } from '../../support/oauth-client.ts';
import { createPerson, type Person } from '../../support/person.ts';
import { poll } from '../../support/poll.ts';
import { createRedisReader } from '../../support/redis-reader.ts';
import { temporaryFolder } from '../../support/server-process.ts';
import { signInAtCms } from '../../support/sign-in-at-cms.ts';

const scope = 'cms:read cms:write cms:publish';
const tuitionPage = '/admissions/tuition';

/** Each way to sign in, by a real agent over OAuth and MCP: whose rights the CMS sees then. */
describe.each(['embedded', 'redis'] as const)('sign-in drivers, %s', (storage) => {
  it('cms-login: each person works with their own rights in the CMS, and the password is nowhere', async () => {
    const deployment = await open(storage, { CMS_SIGN_IN: 'cms-login', LOG_LEVEL: 'debug' });
    const author = await agentOf(deployment, createPerson({ username: 'tlindqvist', password: 'sandbox-author-pass' }));
    expect(await author.call('get_context')).toMatchObject({ user: { name: 'Thomas Lindqvist' } });
    const page = await read(author);
    const change = { op: 'append', field: 'Summary', value: ' Edited by an author.' };
    const edited = await author.call('edit_content', { item: page.id, version: page.version_token, changes: [change] });
    expect(edited['changed']).toMatchObject([{ id: page.id }]);
    await expect(author.call('publish_content', { items: [page.id], target: 'Production' })).rejects.toThrow(
      /"code":"(FORBIDDEN|LOCKED|CONFLICT)"/,
    );

    const viewer = await agentOf(deployment, createPerson({ username: 'gwhitfield', password: 'sandbox-viewer-pass' }));
    expect(await viewer.call('get_context')).toMatchObject({ user: { name: 'Grace Whitfield' } });
    const seen = await read(viewer, '/about');
    await expect(
      viewer.call('edit_content', { item: seen.id, version: seen.version_token, changes: [change] }),
    ).rejects.toThrow(/"code":"FORBIDDEN"/);

    const stored = await everythingStored(deployment);
    expect(stored).toContain('cms:');
    for (const secret of ['sandbox-author-pass', 'sandbox-viewer-pass', ...cmsTokens(deployment)]) {
      expect(stored.includes(secret), `a secret that begins with ${secret.slice(0, 8)}`).toBe(false);
    }
  });

  it('cms-oauth: the browser signs in at the CMS', async () => {
    const port = await freePort();
    const callback = `http://127.0.0.1:${port}/callback`;
    const deployment = await open(storage, {
      CMS_SIGN_IN: 'cms-oauth',
      PORT: String(port),
      OAUTH_REDIRECT_URI: callback,
    });
    const person = createPerson({});
    const client = await openOAuthClient(deployment.url);
    const asked = await client.request({ scope });
    const atCms = await person.authorize(asked.url);
    expect(atCms.origin).toBe(deployment.sandbox.origin);
    const brought = await signInAtCms(atCms.href, { username: 'dreyes', password: 'sandbox-publisher-pass' });
    const tokens = await client.redeem(await person.authorize(`${callback}?${brought}`), asked);
    const agent = await connect(deployment, tokens.access_token);
    expect(await agent.call('get_context')).toMatchObject({ user: { name: 'Daniel Reyes' } });
  });

  it('oidc: the identity provider of the organisation says who it is, and a file as whom they work', async () => {
    const [port, providerPort] = [await freePort(), await freePort()];
    const callback = `http://127.0.0.1:${port}/callback`;
    const provider = await startIdentityProvider({
      port: providerPort,
      clientId: 'mcp-server',
      clientSecret: 'oidc-secret-of-the-test',
      redirectUri: callback,
      people: {
        ada: { name: 'Ada Lovelace', groups: ['Web Authors'] },
        grace: { name: 'Grace Hopper', groups: ['Faculty'] },
      },
    });
    onTestFinished(() => provider.kill());
    const folder = temporaryFolder();
    onTestFinished(folder.remove);
    const file = join(folder.path, 'identities.json');
    // As docs/security/connect-sign-in.md says: one secret in the file, one in a file of its own.
    writeFileSync(join(folder.path, 'authors'), 'sandbox-secret-author\n');
    writeFileSync(join(folder.path, 'oidc'), 'oidc-secret-of-the-test\n');
    writeFileSync(
      file,
      JSON.stringify({
        identities: {
          authors: { clientId: 'sandbox-author', clientSecretFile: join(folder.path, 'authors') },
          viewers: { clientId: 'sandbox-viewer', clientSecret: 'sandbox-secret-viewer' },
        },
        rules: [{ claim: 'groups', equals: 'Web Authors', identity: 'authors' }],
      }),
    );
    const deployment = await open(storage, {
      CMS_SIGN_IN: 'oidc',
      PORT: String(port),
      PUBLIC_URL: `http://127.0.0.1:${port}`,
      OIDC_ISSUER: provider.issuer,
      OIDC_CLIENT_ID: 'mcp-server',
      OIDC_CLIENT_SECRET_FILE: join(folder.path, 'oidc'),
      OIDC_SCOPES: 'openid profile groups',
      CMS_IDENTITIES_FILE: file,
    });
    const client = await openOAuthClient(deployment.url);
    const comeBackAs = async (name: string, person: Person) => {
      const asked = await client.request({ scope });
      const atProvider = await person.authorize(asked.url);
      return { asked, back: `${callback}?${await signInAtProvider(atProvider.href, name, callback)}` };
    };
    const person = createPerson({});
    const { asked, back } = await comeBackAs('ada', person);
    const tokens = await client.redeem(await person.authorize(back), asked);
    const agent = await connect(deployment, tokens.access_token);
    // The CMS sees the identity, our own records the person.
    expect(await agent.call('get_context')).toMatchObject({
      user: { name: 'Thomas Lindqvist' },
      access: { subject: `oidc:127.0.0.1:${providerPort}:ada` },
    });
    expect(JSON.stringify(deployment.server.stderr)).not.toContain('sandbox-secret-author');

    const stranger = createPerson({});
    const refused = await stranger.open((await comeBackAs('grace', stranger)).back);
    expect(Object.fromEntries(refused.away?.searchParams ?? [])).toMatchObject({
      error: 'access_denied',
      error_description: expect.stringContaining('nobody has said as whom you work in the CMS'),
    });

    const user = deployment.sandbox.state.users.find(({ userId }) => userId === 'tlindqvist');
    if (user !== undefined) user.disabled = true;
    await expect(agent.call('get_content', { items: ['/about'] })).rejects.toThrow(/"code":"CMS_SIGN_IN_FAILED"/);
  });

  it('a person whom the CMS takes no more gets a true 401 and signs in again; an outage is a 503 and ends nothing', async () => {
    const deployment = await open(storage, { CMS_SIGN_IN: 'cms-login' });
    // So short that it has ended by the time of the first call or soon after.
    deployment.sandbox.knobs.accessTokenLifetimeSeconds = 1;
    const person = createPerson({ username: 'praman', password: 'sandbox-editor-pass' });
    const client = await openOAuthClient(deployment.url);
    const { access_token: token } = await client.connect(person, { scope });

    deployment.sandbox.faults.add({ kind: 'status', code: 503, match: { path: '/oauth/token' } });
    const away = await until(deployment, token, 503);
    expect(Number(away.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(away.headers.get('www-authenticate')).toBeNull();
    deployment.sandbox.faults.clear();
    // The breaker of signing in may be open for a while; then the same token goes on.
    await until(deployment, token, 200);

    deployment.sandbox.revokeRefreshTokens();
    const refused = await until(deployment, token, 401);
    expect(refused.headers.get('www-authenticate')).toMatch(
      /^Bearer resource_metadata="[^"]+", scope="cms:read", error="invalid_token"/,
    );
    const asked = refreshes(deployment);
    for (let time = 0; time < 3; time++) expect((await ask(deployment, token)).status).toBe(401);
    expect(refreshes(deployment)).toBe(asked);

    deployment.sandbox.knobs.accessTokenLifetimeSeconds = 1199;
    const anew = await agentOf(
      deployment,
      createPerson({ username: 'praman', password: 'sandbox-editor-pass' }),
      client,
    );
    expect(await anew.call('get_context')).toMatchObject({ user: { name: 'Priya Raman' } });
  });

  it('a sign-in that ends in the middle of a call: the tool says so, the next request is 401, jobs fail clearly', async () => {
    const deployment = await open(storage, { CMS_SIGN_IN: 'cms-login' });
    const publisher = { username: 'dreyes', password: 'sandbox-publisher-pass' };
    const client = await openOAuthClient(deployment.url);
    const { access_token: token } = await client.connect(createPerson(publisher), { scope });
    const agent = await connect(deployment, token);
    const page = await read(agent);
    deployment.sandbox.knobs.publishTickMs = 60_000;
    const started = await agent.call('publish_content', { items: [page.id], target: 'Production' });
    const job = String(started['job']);
    const stored = await everythingStored(deployment);
    expect(stored).toContain(job);
    for (const secret of cmsTokens(deployment)) expect(stored.includes(secret)).toBe(false);

    deployment.sandbox.revokeTokens();
    deployment.sandbox.revokeRefreshTokens();
    await expect(agent.call('get_content', { items: ['/about'] })).rejects.toThrow(
      /"code":"UNAUTHENTICATED".*sign in again.*"blocked":true/,
    );
    const next = await ask(deployment, token);
    expect(next.status).toBe(401);
    expect(next.headers.get('www-authenticate')).toContain('error="invalid_token"');

    const again = await agentOf(deployment, createPerson(publisher));
    const failed = await untilEnded(again, job);
    expect(failed).toMatchObject({ state: 'failed', error: { code: 'UNAUTHENTICATED', blocked: true } });
  });
});

async function open(storage: 'embedded' | 'redis', settings: Readonly<Record<string, string>>): Promise<Deployment> {
  const deployment = await openDeployment(storage, settings);
  onTestFinished(() => deployment.close());
  return deployment;
}

async function connect(deployment: Deployment, token: string): Promise<AgentClient> {
  const agent = await connectAgent('v2 auto', deployment.mcpUrl, token);
  onTestFinished(() => agent.close().catch(() => undefined));
  return agent;
}

async function agentOf(deployment: Deployment, person: Person, registered?: OAuthClient): Promise<AgentClient> {
  const client = registered ?? (await openOAuthClient(deployment.url));
  return connect(deployment, (await client.connect(person, { scope })).access_token);
}

async function read(agent: AgentClient, path = tuitionPage): Promise<{ id: string; version_token: string }> {
  const answer = (await agent.call('get_content', { items: [path], include: ['fields'] })) as {
    items: { id: string; version_token: string }[];
  };
  const [item] = answer.items;
  if (item === undefined) throw new Error(`${path} was not read.`);
  return item;
}

function ask(deployment: Deployment, token: string): Promise<Response> {
  return fetch(deployment.mcpUrl, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'initialize',
      params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
    }),
  });
}

/** Asks until the answer has this status. */
function until(deployment: Deployment, token: string, status: number): Promise<Response> {
  return poll(
    `status ${status}`,
    async () => {
      const answer = await ask(deployment, token);
      await answer.body?.cancel();
      return answer.status === status && answer;
    },
    { timeoutMs: 60_000, everyMs: 200 },
  );
}

function untilEnded(agent: AgentClient, job: string): Promise<Record<string, unknown>> {
  return poll(
    'the job to end',
    async () => {
      const answer = await agent.call('get_job', { job });
      return answer['state'] === 'failed' || answer['state'] === 'succeeded' ? answer : undefined;
    },
    { timeoutMs: 60_000, everyMs: 200 },
  );
}

function refreshes(deployment: Deployment): number {
  return deployment.sandbox.calls
    .list()
    .filter(({ operationId, body }) => operationId === 'OAuth_Token' && JSON.stringify(body).includes('refresh_token'))
    .length;
}

/** The refresh tokens that the CMS has given: nobody else may have them in clear. */
function cmsTokens(deployment: Deployment): readonly string[] {
  return deployment.sandbox.state.oauth.refreshTokens.map(({ token }) => token);
}

/** Every file, every key, every line. */
async function everythingStored(deployment: Deployment): Promise<string> {
  const { DATA_DIR: folder = '', REDIS_URL: redis } = deployment.settings;
  const files = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'latin1'));
  const keys = redis === undefined ? [] : [await createRedisReader(redis).dump()];
  const lines = [deployment.server, ...(deployment.worker === undefined ? [] : [deployment.worker])].flatMap(
    ({ stdout, stderr }) => [...stdout, ...stderr],
  );
  return [...files, ...keys, ...lines].join('\n');
}
