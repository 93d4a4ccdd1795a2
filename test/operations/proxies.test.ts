import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent, getGlobalDispatcher, setGlobalDispatcher } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../sandbox/server.ts';
import { freePort } from '../support/free-port.ts';
import { startLoad } from '../support/load.ts';
import { type ClientKind, connectClient } from '../support/mcp-clients.ts';
import { poll } from '../support/poll.ts';
import { type RunningProgram, runProgram, startProgram } from '../support/programs.ts';
import { modernRequest } from '../support/raw-http.ts';
import { type RedisServer, startRedis } from '../support/redis.ts';
import {
  runCommand,
  type ServerProcess,
  type Settings,
  startServer,
  temporaryFolder,
} from '../support/server-process.ts';
import { projectRoot } from '../support/source-tree.ts';

/** The two proxies as they are shipped; only ports, host name and certificate are the test's own. */
const proxies = [
  {
    name: 'nginx',
    file: 'ops/nginx/nginx.conf',
    checks: (file: string) => ['nginx', '-t', '-c', file],
    start: (file: string) => startProgram('nginx', ['-c', file, '-g', 'daemon off;']),
  },
  {
    name: 'HAProxy',
    file: 'ops/haproxy/haproxy.cfg',
    checks: (file: string) => ['haproxy', '-c', '-f', file],
    start: (file: string) => startProgram('haproxy', ['-db', '-f', file]),
  },
] as const;

let folder: string;
let sandbox: Sandbox;
let redis: RedisServer;
let certificate: string;
const key = randomBytes(32).toString('base64');
const dispatcher = getGlobalDispatcher();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'igx-proxies-'));
  const made = await runProgram('openssl', [
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost'],
    ...['-addext', 'subjectAltName=DNS:localhost', '-keyout', join(folder, 'privkey.pem')],
    ...['-out', join(folder, 'fullchain.pem')],
  ]);
  expect(made.exitCode, made.output).toBe(0);
  certificate = readFileSync(join(folder, 'fullchain.pem'), 'utf8');
  writeFileSync(join(folder, 'mcp.pem'), readFileSync(join(folder, 'privkey.pem'), 'utf8') + certificate);
  // A connection for each request: a proxy that is reloaded closes idle ones, and a client cannot know that in time.
  setGlobalDispatcher(new Agent({ connect: { ca: certificate }, pipelining: 0 }));
  [sandbox, redis] = await Promise.all([startSandbox({ port: 0 }), startRedis()]);
});
afterAll(async () => {
  setGlobalDispatcher(dispatcher);
  await Promise.all([sandbox.close(), redis.close()]);
  rmSync(folder, { recursive: true, force: true });
});

describe.each(proxies)('two servers behind $name', (proxy) => {
  let data: ReturnType<typeof temporaryFolder>;
  let settings: Settings;
  let ports: readonly [number, number];
  let publicPort: number;
  let servers: ServerProcess[];
  let running: RunningProgram;
  let token: string;

  const start = (index: 0 | 1) => startServer({ ...settings, PORT: String(ports[index]) });

  beforeAll(async () => {
    data = temporaryFolder();
    publicPort = await freePort();
    ports = [await freePort(), await freePort()];
    settings = {
      NODE_ENV: 'production',
      CMS_BASE_URL: sandbox.siteRoot,
      OAUTH_CLIENT_ID: 'sandbox-editor',
      OAUTH_CLIENT_SECRET: 'sandbox-secret-editor',
      REDIS_URL: redis.url,
      TOKEN_ENCRYPTION_KEY: key,
      DATA_DIR: data.path,
      PUBLIC_URL: `https://localhost:${publicPort}`,
      TRUST_PROXY: '1',
      LOG_LEVEL: 'debug',
      RATE_LIMIT_RPM: '1000000',
      DRAIN_SECONDS: '3',
    };
    const file = join(folder, proxy.name);
    writeFileSync(file, await configuration(proxy.file, publicPort, ports));
    const [program = '', ...args] = proxy.checks(file);
    const checked = await runProgram(program, args);
    expect(checked.exitCode, checked.output).toBe(0);
    servers = await Promise.all([start(0), start(1)]);
    running = proxy.start(file);
    const issued = await runCommand(['token', 'issue', '--subject', 'ada', '--scopes', 'cms:read'], settings);
    token = issued.stdout.trim();
    await poll('the proxy', async () => (await status('/health').catch(() => 0)) === 200, { timeoutMs: 30_000 });
  });
  afterAll(async () => {
    await running.close();
    await Promise.all(servers.map((server) => server.close()));
    data.remove();
  });

  const url = (path: string) => new URL(path, `https://localhost:${publicPort}`);
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
    const acknowledged = await firstBytesOfStream(publicPort, token, certificate);
    expect(acknowledged).toContain('notifications/subscriptions/acknowledged');
  });

  it('keeps the inside inside, and does not believe what a client says about itself', async () => {
    expect(await status('/metrics')).toBe(404);
    expect(await status('/admin/queues')).toBe(404);
    const metadata = await fetch(url('/.well-known/oauth-protected-resource'), {
      headers: { 'X-Forwarded-Host': 'evil.example', 'X-Forwarded-Proto': 'http', Forwarded: 'host=evil.example' },
    });
    expect(await metadata.json()).toMatchObject({ resource: `https://localhost:${publicPort}/mcp` });
  });

  /** Takes a server out of nginx, or puts it back, and reloads it. */
  const setDown = (port: number, isDown: boolean): void => {
    if (proxy.name !== 'nginx') return;
    const file = join(folder, proxy.name);
    const line = new RegExp(`(server 127\\.0\\.0\\.1:${port})( down)?`);
    writeFileSync(file, readFileSync(file, 'utf8').replace(line, isDown ? '$1 down' : '$1'));
    running.process.kill('SIGHUP');
  };

  it('rolls to new processes one after the other without a failed request', async () => {
    const load = startLoad(url('/mcp'), token, concurrency);
    await poll('the load to begin', () => load.answered() > 20, { timeoutMs: 30_000 });
    for (const index of [0, 1] as const) {
      const before = load.answered();
      // As the configuration of nginx says; HAProxy notices by itself that a server is not ready any more.
      setDown(ports[index], true);
      await servers[index]?.close();
      await poll('the other one to serve', () => load.answered() > before + 20, { timeoutMs: 30_000 });
      servers[index] = await start(index);
      setDown(ports[index], false);
      const renewed = servers[index];
      await poll('the proxy to ask it', () => renewed?.stderr.some((line) => line.includes('"path":"/mcp"')), {
        timeoutMs: 60_000,
      });
    }
    const { failures, answered } = await load.stop();
    expect(failures, running.output().slice(-2000)).toEqual([]);
    expect(answered).toBeGreaterThan(60);
  });

  it('goes on when one process is killed: only what was under way on it fails', async () => {
    const load = startLoad(url('/mcp'), token, concurrency);
    await poll('the load to begin', () => load.answered() > 20, { timeoutMs: 30_000 });
    await servers[0]?.kill('SIGKILL');
    const before = load.answered();
    await poll('the other one to serve', () => load.answered() > before + 50, { timeoutMs: 30_000 });
    const { failures } = await load.stop();
    expect(failures.length, running.output().slice(-2000)).toBeLessThanOrEqual(concurrency);
    // Nobody has to sign in again.
    expect(failures.filter((failure) => failure.includes('401'))).toEqual([]);
  });
});

async function configuration(path: string, publicPort: number, ports: readonly [number, number]): Promise<string> {
  const plainPort = await freePort();
  return (
    readFileSync(join(projectRoot, path), 'utf8')
      .replaceAll(/\/etc\/(nginx|haproxy)\/tls/g, folder)
      .replaceAll('/run/nginx.pid', join(folder, 'nginx.pid'))
      // Where standard output is no file, as here, nginx cannot open it.
      .replace('access_log /dev/stdout', `access_log ${join(folder, 'access.log')}`)
      .replaceAll('mcp.example.edu', 'localhost')
      .replaceAll('127.0.0.1:3000', `127.0.0.1:${ports[0]}`)
      .replaceAll('127.0.0.1:3010', `127.0.0.1:${ports[1]}`)
      .replace('listen 443 ssl', `listen 127.0.0.1:${publicPort} ssl`)
      .replace('listen 80;', `listen 127.0.0.1:${plainPort};`)
      .replace('bind :443', `bind 127.0.0.1:${publicPort}`)
      .replace('bind :80', `bind 127.0.0.1:${plainPort}`)
  );
}

const concurrency = 6;

/** Opens a stream that stays quiet after its first message, and answers what came before anything else happened. */
function firstBytesOfStream(port: number, token: string, ca: string): Promise<string> {
  const { method, headers, body } = modernRequest(token, 'subscriptions/listen', {
    notifications: { toolsListChanged: true },
  });
  return new Promise((resolve, reject) => {
    const sent = request({ host: 'localhost', port, path: '/mcp', method, ca, headers }, (response) => {
      response.once('data', (chunk: Buffer) => {
        resolve(chunk.toString('utf8'));
        sent.destroy();
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
