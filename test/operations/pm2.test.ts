import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../sandbox/server.ts';
import { freePort } from '../support/free-port.ts';
import { jobsUnderWay } from '../support/jobs-under-way.ts';
import { startLoad } from '../support/load.ts';
import { poll } from '../support/poll.ts';
import { runProgram } from '../support/programs.ts';
import { type RedisServer, startRedis } from '../support/redis.ts';
import { runCommand } from '../support/server-process.ts';
import { projectRoot } from '../support/source-tree.ts';

interface Listed {
  readonly name: string;
  readonly pid: number;
  readonly pm2_env: {
    readonly status: string;
    readonly unstable_restarts: number;
    readonly restart_time: number;
    readonly exit_code?: number;
    /** When it was started last, in milliseconds since 1970. */
    readonly pm_uptime: number;
    readonly exec_mode: string;
  };
}

/** How often the whole server is replaced under load. */
const reloads = 5;

describe('ecosystem.config.cjs', () => {
  let home: string;
  let sandbox: Sandbox;
  let redis: RedisServer;
  let env: Record<string, string>;
  let port: number;
  let metricsPort: number;

  const pm2 = (...args: string[]) =>
    runProgram(process.execPath, [join(projectRoot, 'node_modules/pm2/bin/pm2'), ...args], { env });
  const processes = async (): Promise<readonly Listed[]> => {
    const { output } = await pm2('jlist');
    return JSON.parse(output.slice(output.indexOf('['))) as Listed[];
  };
  const online = async (name: string) =>
    (await processes()).filter((one) => one.name === name && one.pm2_env.status === 'online');

  /** Which processes the metrics pages of the two servers tell of, the one of the first instance first. */
  const told = () =>
    Promise.all(
      [0, 1].map(async (instance) => {
        const page = await (await fetch(`http://127.0.0.1:${metricsPort + instance}/metrics`)).text();
        return /^target_info\{.*service_instance_id="([^"]+)"/m.exec(page)?.[1];
      }),
    );

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'igx-pm2-'));
    [sandbox, redis] = await Promise.all([startSandbox({ port: 0 }), startRedis()]);
    port = await freePort();
    metricsPort = await freePort();
    env = {
      PM2_HOME: home,
      HOST: '127.0.0.1',
      PORT: String(port),
      METRICS_PORT: String(metricsPort),
      DATA_DIR: join(home, 'data'),
      CMS_BASE_URL: sandbox.siteRoot,
      OAUTH_CLIENT_ID: 'sandbox-editor',
      OAUTH_CLIENT_SECRET: 'sandbox-secret-editor',
      REDIS_URL: redis.url,
      TOKEN_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
      RATE_LIMIT_RPM: '1000000',
      DRAIN_SECONDS: '3',
    };
    const started = await pm2('start', 'ecosystem.config.cjs', '--env', 'production');
    expect(started.exitCode, started.output).toBe(0);
  });
  afterAll(async () => {
    await pm2('kill');
    await Promise.all([sandbox.close(), redis.close()]);
    rmSync(home, { recursive: true, force: true });
  });

  it('runs two servers on one port and a worker apart, each told to be ready by itself', async () => {
    await poll('the processes', async () => (await online('ingeniux-cms-mcp-server')).length === 2, {
      timeoutMs: 60_000,
      everyMs: 500,
    });
    const servers = await online('ingeniux-cms-mcp-server');
    expect(servers.map(({ pm2_env }) => pm2_env.exec_mode)).toEqual(['cluster_mode', 'cluster_mode']);
    expect(await online('ingeniux-cms-mcp-worker')).toHaveLength(1);
    const ready = await fetch(`http://127.0.0.1:${port}/health/ready`);
    expect(ready.status).toBe(200);
    // Their lines are where `pm2 logs` looks for them.
    const log = readFileSync(join(projectRoot, 'logs/server.log'), 'utf8').split('\n');
    for (const { pid } of servers) {
      expect(log.filter((line) => line.includes(`"pid":${pid},`) && line.includes('"listening"'))).toHaveLength(1);
    }
  });

  it('gives each server a metrics page of its own, METRICS_PORT and its number, for this machine alone', async () => {
    const instances = await poll('both pages', async () => told().catch(() => undefined));
    expect(instances).toEqual([expect.any(String), expect.any(String)]);
    expect(new Set(instances).size).toBe(2);
    expect(await told()).toEqual(instances);
    const addresses = Object.values(networkInterfaces())
      .flatMap((found) => found ?? [])
      .filter(({ internal, family }) => !internal && family === 'IPv4');
    for (const { address } of addresses) {
      await expect(fetch(`http://${address}:${metricsPort}/metrics`)).rejects.toThrow('fetch failed');
    }
  });

  it(`is reloaded ${reloads} times under load without one failed request or lost job`, async () => {
    const issued = await runCommand(['token', 'issue', '--subject', 'ada', '--scopes', 'cms:read cms:write'], {
      ...env,
      NODE_ENV: 'production',
    });
    expect(issued.exitCode, issued.stderr).toBe(0);
    const token = issued.stdout.trim();
    const jobs = jobsUnderWay(new URL(`http://127.0.0.1:${port}/mcp/x/all`), token);
    const before = (await online('ingeniux-cms-mcp-server')).map(({ pid }) => pid);
    const load = startLoad(new URL(`http://127.0.0.1:${port}/mcp`), token, 4);
    await poll('the load to begin', () => load.answered() > 20, { timeoutMs: 60_000 });
    for (let round = 0; round < reloads; round += 1) {
      await jobs.begin(2);
      // Both programs, as docs/operations/update.md says.
      const reloaded = await pm2('reload', 'ecosystem.config.cjs', '--env', 'production', '--update-env');
      expect(reloaded.exitCode, reloaded.output).toBe(0);
    }
    const { failures, answered } = await load.stop();
    expect(failures).toEqual([]);
    expect(answered).toBeGreaterThan(100);
    expect(await jobs.allSucceed()).toBe(2 * reloads);
    const after = await online('ingeniux-cms-mcp-server');
    expect(after).toHaveLength(2);
    expect(after.filter(({ pid }) => before.includes(pid))).toEqual([]);
    expect(after.map(({ pm2_env }) => pm2_env.unstable_restarts)).toEqual([0, 0]);
    // Those that took over have the pages as well.
    expect(new Set(await told()).size).toBe(2);
  }, 600_000);
});

describe('settings that cannot be used', () => {
  it('stop both programs; neither is tried again', async () => {
    const home = mkdtempSync(join(tmpdir(), 'igx-pm2-'));
    const env = { PM2_HOME: home, PORT: 'many', WEB_CONCURRENCY: '1', DATA_DIR: join(home, 'data') };
    const pm2 = (...args: string[]) =>
      runProgram(process.execPath, [join(projectRoot, 'node_modules/pm2/bin/pm2'), ...args], { env });
    try {
      await pm2('start', 'ecosystem.config.cjs', '--env', 'production');
      // A program that is tried again has begun anew within a second.
      await poll(
        'both to have ended, and to be left alone for a while',
        async () => {
          const { output } = await pm2('jlist');
          const all = JSON.parse(output.slice(output.indexOf('['))) as Listed[];
          for (const { pm2_env } of all) expect(pm2_env.restart_time).toBe(0);
          return all.every(({ pm2_env }) => pm2_env.exit_code === 78 && Date.now() - pm2_env.pm_uptime > 5_000);
        },
        { timeoutMs: 60_000, everyMs: 500 },
      );
    } finally {
      await pm2('kill');
      rmSync(home, { recursive: true, force: true });
    }
  });
});

describe('what stops a process from outside', () => {
  const read = (path: string): string => readFileSync(join(projectRoot, path), 'utf8');
  const heapOf = (text: string): number => Number(/--max-old-space-size=(\d+)/.exec(text)?.[1]);
  const mb = (text: string, unit: RegExp): number => Number(unit.exec(text)?.[1]);

  it.each(['server', 'worker'])(
    'is above the heap for the %s under systemd, and waits longer than an end takes',
    (name) => {
      const unit = read(`ops/systemd/ingeniux-cms-mcp-${name}.service`);
      const high = mb(unit, /MemoryHigh=(\d+)M/);
      expect(high).toBeGreaterThan(heapOf(unit) * 1.5);
      expect(mb(unit, /MemoryMax=(\d+)M/)).toBeGreaterThan(high);
      expect(Number(/TimeoutStopSec=(\d+)/.exec(unit)?.[1])).toBeGreaterThan(endSeconds);
    },
  );

  it('is above the heap in Compose, and waits as long', () => {
    const compose = read('docker-compose.yml');
    const common = compose.slice(compose.indexOf('x-mcp:'), compose.indexOf('\nservices:'));
    expect(mb(common, /mem_limit: (\d+)g/) * 1024).toBeGreaterThan(heapOf(common) * 1.5);
    expect(Number(/stop_grace_period: (\d+)s/.exec(common)?.[1])).toBeGreaterThan(endSeconds);
  });

  it('is above the heap under PM2, and waits as long', async () => {
    const { default: ecosystem } = (await import('../../ecosystem.config.cjs' as string)) as {
      default: { apps: { node_args: string; max_memory_restart: string; kill_timeout: number }[] };
    };
    for (const app of ecosystem.apps) {
      expect(Number.parseInt(app.max_memory_restart, 10)).toBeGreaterThan(heapOf(app.node_args) * 1.5);
      expect(app.kill_timeout).toBeGreaterThan(endSeconds * 1000);
    }
  });
});

/** The longest that an end takes: 8 s for proxies, 15 s for calls, 2 s for connections, 10 s for jobs, 4 s for the last spans. */
const endSeconds = 39;
