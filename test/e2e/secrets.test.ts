import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectAgent } from '../support/agent-clients.ts';
import { type Deployment, openDeployment } from '../support/deployment.ts';
import { createRedisReader } from '../support/redis-reader.ts';

/** Whatever happens, no secret is written in clear: not to a log at any level, not to a file, not to Redis. */
describe.each(['embedded', 'redis'] as const)('secrets on %s', (storage) => {
  let deployment: Deployment;
  let token: string;
  beforeAll(async () => {
    deployment = await openDeployment(storage, { LOG_LEVEL: 'trace' });
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
    await fetch(deployment.mcpUrl, {
      method: 'POST',
      headers: { authorization: 'Bearer igx_canary-that-is-no-token-0123456789abcdef' },
    });
  });
  afterAll(() => deployment.close());

  const secrets = () => [
    token,
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

  it('are in no file of the data folder', () => {
    const folder = deployment.settings['DATA_DIR'] ?? '';
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    for (const file of files) {
      const content = readFileSync(join(file.parentPath, file.name), 'latin1');
      for (const secret of secrets()) expect(content.includes(secret), file.name).toBe(false);
    }
  });

  it.runIf(storage === 'redis')('are in no key and no value of Redis', async () => {
    const everything = await createRedisReader(deployment.settings['REDIS_URL'] ?? '').dump();
    expect(everything.length).toBeGreaterThan(100);
    for (const secret of secrets()) expect(everything).not.toContain(secret);
  });
});
