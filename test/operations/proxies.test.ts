import { randomBytes } from 'node:crypto';
import { request } from 'node:https';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../sandbox/server.ts';
import { freePort } from '../support/free-port.ts';
import { startLoad } from '../support/load.ts';
import { type ClientKind, connectClient } from '../support/mcp-clients.ts';
import { poll } from '../support/poll.ts';
import { proxyNames, type RunningProxy, startProxy } from '../support/proxies.ts';
import { modernRequest } from '../support/raw-http.ts';
import { type RedisServer, startRedis } from '../support/redis.ts';
import {
  runCommand,
  type ServerProcess,
  type Settings,
  startServer,
  temporaryFolder,
} from '../support/server-process.ts';

let sandbox: Sandbox;
let redis: RedisServer;
const key = randomBytes(32).toString('base64');

beforeAll(async () => {
  [sandbox, redis] = await Promise.all([startSandbox({ port: 0 }), startRedis()]);
});
afterAll(() => Promise.all([sandbox.close(), redis.close()]));

describe.each(proxyNames)('two servers behind %s', (name) => {
  let data: ReturnType<typeof temporaryFolder>;
  let settings: Settings;
  let ports: readonly [number, number];
  let proxy: RunningProxy;
  let servers: ServerProcess[];
  let token: string;

  const start = (index: 0 | 1) => startServer({ ...settings, PORT: String(ports[index]) });

  beforeAll(async () => {
    data = temporaryFolder();
    ports = [await freePort(), await freePort()];
    proxy = await startProxy(name, ports);
    settings = {
      NODE_ENV: 'production',
      CMS_BASE_URL: sandbox.siteRoot,
      OAUTH_CLIENT_ID: 'sandbox-editor',
      OAUTH_CLIENT_SECRET: 'sandbox-secret-editor',
      REDIS_URL: redis.url,
      TOKEN_ENCRYPTION_KEY: key,
      DATA_DIR: data.path,
      PUBLIC_URL: proxy.publicUrl,
      TRUST_PROXY: '1',
      LOG_LEVEL: 'debug',
      RATE_LIMIT_RPM: '1000000',
      DRAIN_SECONDS: '3',
    };
    servers = await Promise.all([start(0), start(1)]);
    const issued = await runCommand(['token', 'issue', '--subject', 'ada', '--scopes', 'cms:read'], settings);
    token = issued.stdout.trim();
    await poll('the proxy', async () => (await status('/health').catch(() => 0)) === 200, { timeoutMs: 30_000 });
  });
  afterAll(async () => {
    await proxy.close();
    await Promise.all(servers.map((server) => server.close()));
    data.remove();
  });

  const url = (path: string) => new URL(path, proxy.publicUrl);
  const status = async (path: string) => (await fetch(url(path))).status;

  it.each(['v2 auto', 'v2 legacy', 'v1'] satisfies ClientKind[])('%s clients work, sessions included', async (kind) => {
    const clients = await Promise.all([1, 2, 3, 4].map(() => connectClient(kind, url('/mcp'), token)));
    for (const client of clients) {
      const results = await Promise.all([1, 2, 3].map(() => client.callTool('get_context', {})));
      expect(results.filter((result) => result.isError)).toEqual([]);
      await client.close();
    }
  });

  it('says at once what a stream says', async () => {
    const acknowledged = await firstBytesOfStream(proxy, token);
    expect(acknowledged).toContain('notifications/subscriptions/acknowledged');
  });

  it('keeps the inside inside, and does not believe what a client says about itself', async () => {
    expect(await status('/metrics')).toBe(404);
    expect(await status('/admin/queues')).toBe(404);
    const metadata = await fetch(url('/.well-known/oauth-protected-resource'), {
      headers: { 'X-Forwarded-Host': 'evil.example', 'X-Forwarded-Proto': 'http', Forwarded: 'host=evil.example' },
    });
    expect(await metadata.json()).toMatchObject({ resource: `${proxy.publicUrl}/mcp` });
  });

  it('rolls to new processes one after the other without a failed request', async () => {
    const load = startLoad(url('/mcp'), token, concurrency);
    await poll('the load to begin', () => load.answered() > 20, { timeoutMs: 30_000 });
    for (const index of [0, 1] as const) {
      const before = load.answered();
      proxy.setDown(ports[index], true);
      await servers[index]?.close();
      await poll('the other one to serve', () => load.answered() > before + 20, { timeoutMs: 30_000 });
      servers[index] = await start(index);
      proxy.setDown(ports[index], false);
      const renewed = servers[index];
      await poll('the proxy to ask it', () => renewed?.stderr.some((line) => line.includes('"path":"/mcp"')), {
        timeoutMs: 60_000,
      });
    }
    const { failures, answered } = await load.stop();
    expect(failures, proxy.running.output().slice(-2000)).toEqual([]);
    expect(answered).toBeGreaterThan(60);
  });

  it('lets the servers answer while the CMS is away: what they remember, and when to come back', async () => {
    const { callTool: read } = await connectClient('v2 auto', url('/mcp'), token);
    const page = { items: ['/admissions/deadlines'] };
    expect(await read('get_content', page)).toMatchObject({ isError: false });
    const port = Number(new URL(sandbox.siteRoot).port);
    await sandbox.close();
    // By then HAProxy has asked each of them more often than it takes to send one nothing more.
    const unready = ({ stderr }: ServerProcess) => stderr.filter((line) => /"\/health\/ready".*\b503\b/.test(line));
    if (name === 'HAProxy') {
      await poll('HAProxy to be told', () => servers.every((server) => unready(server).length > 2), {
        timeoutMs: 60_000,
      });
    }
    for (let count = 0; count < 20; count += 1) {
      const answer = await read('get_content', page);
      expect(answer.meta['ingeniux/stale-seconds'] ?? answer.text).toEqual(
        answer.isError ? expect.stringContaining('CMS_UNAVAILABLE') : expect.any(Number),
      );
    }
    sandbox = await startSandbox({ port });
  });

  it('goes on when one process is killed: only what was under way on it fails', async () => {
    const load = startLoad(url('/mcp'), token, concurrency);
    await poll('the load to begin', () => load.answered() > 20, { timeoutMs: 30_000 });
    await servers[0]?.kill('SIGKILL');
    const before = load.answered();
    await poll('the other one to serve', () => load.answered() > before + 50, { timeoutMs: 30_000 });
    const { failures } = await load.stop();
    expect(failures.length, proxy.running.output().slice(-2000)).toBeLessThanOrEqual(concurrency);
    // Nobody has to sign in again.
    expect(failures.filter((failure) => failure.includes('401'))).toEqual([]);
  });
});

const concurrency = 6;

/** Opens a stream that stays quiet after its first message, and answers what came before anything else happened. */
function firstBytesOfStream(proxy: RunningProxy, token: string): Promise<string> {
  const { method, headers, body } = modernRequest(token, 'subscriptions/listen', {
    notifications: { resourceSubscriptions: ['ingeniux://tree/x1'] },
  });
  return new Promise((resolve, reject) => {
    const options = { method, headers, ca: proxy.certificate };
    const sent = request(new URL('/mcp', proxy.publicUrl), options, (response) => {
      response.once('data', (chunk: Buffer) => {
        resolve(chunk.toString('utf8'));
        sent.destroy();
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
