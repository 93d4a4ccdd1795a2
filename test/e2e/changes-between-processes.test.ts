import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sandboxLandmarks } from '../../sandbox/seed.ts';
import { startSandbox } from '../../sandbox/server.ts';
import { connectClient, legacyKinds, type TestClient } from '../support/mcp-clients.ts';
import { poll } from '../support/poll.ts';
import { type RedisServer, startRedis } from '../support/redis.ts';
import {
  runCommand,
  type ServerProcess,
  type Settings,
  startServer,
  temporaryFolder,
} from '../support/server-process.ts';

/**
 * What is written through one server is read through another one at once, and whoever listens there hears of it. How soon
 * is measured by `benchmarks/event-propagation.ts`; here it has to be before the write's answer (reads), and at all (news).
 */
describe('a change that is made through another server on the same Redis', () => {
  const closers: (() => Promise<unknown> | unknown)[] = [];
  let redis: RedisServer;
  let servers: readonly ServerProcess[];
  let connect: (server: number, kind: 'v2 auto' | 'v1') => Promise<TestClient>;
  beforeAll(async () => {
    redis = await startRedis({ appendOnly: true });
    closers.push(() => redis.close());
    const sandbox = await startSandbox({ port: 0 });
    closers.push(() => sandbox.close());
    const folder = temporaryFolder();
    closers.push(folder.remove);
    const settings: Settings = {
      CMS_BASE_URL: sandbox.siteRoot,
      OAUTH_CLIENT_ID: 'sandbox-editor',
      OAUTH_CLIENT_SECRET: 'sandbox-secret-editor',
      DATA_DIR: folder.path,
      REDIS_URL: redis.url,
      // Whatever is remembered would be remembered for longer than this test takes.
      CACHE_TTL: '3600',
    };
    servers = await Promise.all([startServer(settings), startServer(settings)]);
    closers.push(...servers.map((server) => () => server.close()));
    const issued = await runCommand(['token', 'issue', '--subject', 'ada', '--scopes', 'cms:read cms:write'], settings);
    const token = issued.stdout.trim();
    connect = async (server, kind) => {
      const client = await connectClient(kind, new URL(`${servers[server]?.url}/mcp/x/all`), token);
      closers.push(() => client.close());
      return client;
    };
  });
  afterAll(async () => {
    for (let close = closers.pop(); close !== undefined; close = closers.pop()) await close();
  });

  const page = sandboxLandmarks.tuitionPage;
  const uri = `ingeniux://page/${page}`;
  const categoriesAt = async (client: TestClient): Promise<string> =>
    (await client.callTool('get_content', { items: [page], include: ['categories'] })).text;
  const categorize = async (client: TestClient, change: object): Promise<void> => {
    const answer = await client.callTool('categorize_content', { items: [page], ...change });
    expect(answer.isError, answer.text).toBe(false);
  };

  it.each(['v2 auto', 'v1'] as const)('is read at once and told to who listens there (%s)', async (kind) => {
    const [here, there] = [await connect(0, 'v2 auto'), await connect(1, kind)];
    const heard: string[] = [];
    await there.watch(uri, (changed) => heard.push(changed));
    for (const name of ['Journalists', 'Water', 'Parents']) {
      await categorize(here, { remove: [name] });
      expect(await categoriesAt(there)).not.toContain(`"${name}"`);
      const before = heard.length;
      await categorize(here, { add: [name] });
      expect(await categoriesAt(there)).toContain(name);
      await poll('the news', () => heard.length > before);
    }
  });

  it('is read anew by who was cut off meanwhile, and who listens is told to look', async () => {
    const [here, there] = [await connect(0, 'v2 auto'), await connect(1, 'v1')];
    expect(legacyKinds).toContain('v1');
    const heard: string[] = [];
    await there.watch(uri, (changed) => heard.push(changed));
    await categorize(here, { remove: ['Journalists'] });
    await categorize(here, { add: ['Journalists'] });
    await poll('the news', () => heard.length > 0);
    expect(await categoriesAt(there)).toContain('Journalists');
    const before = heard.length;
    // Nothing that is told while Redis is away is kept for anybody.
    await redis.kill();
    await redis.restart();
    await poll('who listens to be told to look again', () => heard.length > before, { timeoutMs: 60_000 });
    await poll('the write to be possible again', async () => {
      const change = { items: [page], remove: ['Journalists'] };
      // Until its server has Redis again the call is refused.
      const answer = await here.callTool('categorize_content', change).catch(() => undefined);
      return answer?.isError === false;
    });
    const read = await poll('the read to be possible again', () => categoriesAt(there).catch(() => undefined));
    expect(read).not.toContain('Journalists');
  });
});
