import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectAgent } from '../support/agent-clients.ts';
import { type Deployment, openDeployment } from '../support/deployment.ts';
import { openOAuthClient } from '../support/oauth-client.ts';
import { createPerson } from '../support/person.ts';
import { createRedisReader } from '../support/redis-reader.ts';
import { runCommand } from '../support/server-process.ts';

/** Whatever happens, no secret is written in clear: not to a log at any level, not to a file, not to Redis. */
describe.each(['embedded', 'redis'] as const)('secrets on %s', (storage) => {
  let deployment: Deployment;
  let token: string;
  /** What was handed to somebody, or typed, in the flows of OAuth. */
  const handed: string[] = [];
  beforeAll(async () => {
    deployment = await openDeployment(storage, { LOG_LEVEL: 'trace', CMS_SIGN_IN: 'cms-login' });
    token = await deployment.token();
    const agent = await connectAgent('v2 auto', deployment.mcpUrl, token);
    await agent.call('get_context');
    await agent.call('get_content', { items: ['no such page'] }).catch(() => undefined);
    // The CMS forgets its tokens, so that signing in happens again, and once refuses.
    deployment.sandbox.revokeTokens();
    await agent.call('search_content', { query: 'tuition' });
    deployment.sandbox.faults.add({ match: { path: '/oauth/token' }, kind: 'status', code: 400, times: 2 });
    deployment.sandbox.revokeTokens();
    await agent.call('search_content', { query: 'deadlines' }).catch(() => undefined);
    await agent.call('publish_content', { items: ['/admissions/tuition'], target: 'Production' });
    await agent.close();
    await connectOverOAuth();
    await fetch(deployment.mcpUrl, {
      method: 'POST',
      headers: { authorization: 'Bearer igx_canary-that-is-no-token-0123456789abcdef' },
    });
  });
  afterAll(() => deployment.close());

  /** An agent of a person: a wrong password first, then the whole life of its tokens. */
  const connectOverOAuth = async () => {
    const [password, wrong] = ['sandbox-author-pass', 'canary-of-a-wrong-password'];
    const client = await openOAuthClient(deployment.url);
    const asked = await client.request({ scope: 'cms:read cms:write' });
    const mistaken = createPerson({});
    const form = await mistaken.open(asked.url);
    await mistaken.send(form, { username: 'tlindqvist', password: wrong });
    const back = await createPerson({ username: 'tlindqvist', password }).authorize(asked.url);
    const code = back.searchParams.get('code') ?? '';
    const first = await client.redeem(back, asked);
    const second = await client.refresh(first.refresh_token ?? '');
    const agent = await connectAgent('v2 auto', deployment.mcpUrl, second.access_token);
    await agent.call('get_context');
    await agent.call('preview_publish', { items: ['/admissions/tuition'], target: 'Production' });
    await agent.close();
    handed.push(password, wrong, code, asked.verifier);
    for (const { access_token, refresh_token } of [first, second]) handed.push(access_token, refresh_token ?? '');
    const stored = deployment.sandbox.state.oauth.refreshTokens.map((refresh) => refresh.token);
    handed.push(...stored);
    // The code and a refresh token once more: everything that came of them ends.
    await client.redeem(back, asked).catch(() => undefined);
    await client.refresh(first.refresh_token ?? '').catch(() => undefined);
    expect(handed.every((secret) => secret.length >= 16)).toBe(true);
    expect(handed.length).toBeGreaterThanOrEqual(9);
  };

  const secrets = () => [
    token,
    ...handed,
    'igx_canary-that-is-no-token-0123456789abcdef',
    deployment.settings['OAUTH_CLIENT_SECRET'] ?? '',
    ...deployment.sandbox.state.oauth.refreshTokens.map((refresh) => refresh.token),
  ];

  it('are in no log line', () => {
    const log = [deployment.server, deployment.worker]
      .flatMap((process) => [...(process?.stdout ?? []), ...(process?.stderr ?? [])])
      .join('\n');
    expect(log.length).toBeGreaterThan(1000);
    for (const secret of secrets()) expect(log).not.toContain(secret);
    expect(log).not.toMatch(/eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\./);
  });

  it('are in no record of the audit log, which tells of all of it', async () => {
    const { stdout } = await runCommand(['audit', 'list', '--limit', '1000'], deployment.settings);
    for (const action of ['sign_in', 'consent', 'token_issued', 'token_refused', 'access_refused', 'token_issue']) {
      expect(stdout).toContain(`"action":"${action}"`);
    }
    for (const secret of secrets()) expect(stdout).not.toContain(secret);
    const verdict = await runCommand(['audit', 'verify'], deployment.settings);
    expect(verdict).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('unbroken') });
  });

  it('are on no page of metrics', async () => {
    for (const { stderr } of [deployment.server, ...(deployment.worker === undefined ? [] : [deployment.worker])]) {
      const line = stderr.find((text) => text.includes('the metrics page is open')) ?? '';
      const page = await (await fetch(/"url":"([^"]+)"/.exec(line)?.[1] ?? '')).text();
      expect(page.length).toBeGreaterThan(1000);
      for (const secret of secrets()) expect(page).not.toContain(secret);
    }
  });

  it('are in no file of the data folder (82)', () => {
    const folder = deployment.settings['DATA_DIR'] ?? '';
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    for (const file of files) {
      const content = readFileSync(join(file.parentPath, file.name), 'latin1');
      for (const secret of secrets()) expect(content.includes(secret), file.name).toBe(false);
    }
  });

  it.runIf(storage === 'redis')('are in no key and no value of Redis (82)', async () => {
    const everything = await createRedisReader(deployment.settings['REDIS_URL'] ?? '').dump();
    expect(everything.length).toBeGreaterThan(100);
    for (const secret of secrets()) expect(everything).not.toContain(secret);
  });
});
