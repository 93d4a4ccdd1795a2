import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../sandbox/server.ts';
import { freePort } from '../support/free-port.ts';
import { jobsUnderWay } from '../support/jobs-under-way.ts';
import { startLoad } from '../support/load.ts';
import { type Machine, startMachine, whyNoMachine } from '../support/machine.ts';
import { poll } from '../support/poll.ts';
import { type RunningProxy, startProxy } from '../support/proxies.ts';
import { type RedisServer, startRedis } from '../support/redis.ts';
import { projectRoot } from '../support/source-tree.ts';

const server = 'ingeniux-cms-mcp-server';
const worker = 'ingeniux-cms-mcp-worker';
const folder = join(projectRoot, 'ops/systemd');

const reason = await whyNoMachine();
if (reason !== undefined) process.stderr.write(`The units are not run under systemd: ${reason}.\n`);

/** The units as docs/operations/deploy.md installs them, on two machines, each with a systemd of its own. */
describe.skipIf(reason !== undefined)('two machines with server and worker under systemd, behind nginx', () => {
  const closers: (() => Promise<unknown> | unknown)[] = [];
  let ports: readonly [number, number];
  let machines: readonly Machine[];
  let sandbox: Sandbox;
  let redis: RedisServer;
  let proxy: RunningProxy;
  let token: string;

  const on = (machine: Machine | undefined): Machine => {
    if (machine === undefined) throw new Error('There are two machines.');
    return machine;
  };
  const succeeds = async (machine: Machine, ...command: [string, ...string[]]): Promise<string> => {
    const { exitCode, output } = await machine.run(...command);
    expect(exitCode, `${command.join(' ')}\n${output}`).toBe(0);
    return output;
  };
  const shows = async (machine: Machine, unit: string, property: string): Promise<string> =>
    (await succeeds(machine, 'systemctl', 'show', '--value', `--property=${property}`, unit)).trim();
  const isReady = (index: number) => async () =>
    (await fetch(`http://127.0.0.1:${ports[index]}/health/ready`).catch(() => undefined))?.ok;
  const untilReady = async (index: number): Promise<void> => {
    try {
      await poll(`server ${index} to be ready`, isReady(index), { timeoutMs: 60_000, everyMs: 100 });
    } catch (error) {
      const said = await on(machines[index]).run('tail', '--lines=20', `/run/${server}.log`);
      throw new Error(said.output, { cause: error });
    }
  };

  /** What deploy.md says under "systemd", line by line. */
  async function install(machine: Machine, index: number): Promise<void> {
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.service'))) {
      const text = readFileSync(join(folder, file), 'utf8').replace('/usr/bin/node', '/opt/node');
      await machine.write(`/etc/systemd/system/${file}`, text);
    }
    for (const unit of [server, worker]) {
      const secrets = readFileSync(join(folder, 'secrets.conf'), 'utf8');
      await machine.write(`/etc/systemd/system/${unit}.service.d/secrets.conf`, secrets);
      // There is no journal on this machine.
      const log = `append:/run/${unit}.log`;
      const logs = `[Service]\nStandardOutput=${log}\nStandardError=${log}\n`;
      await machine.write(`/etc/systemd/system/${unit}.service.d/log.conf`, logs);
    }
    const secrets = {
      oauth_client_secret: 'sandbox-secret-editor',
      redis_url: redis.url,
      token_encryption_key: key,
    };
    for (const [name, text] of Object.entries(secrets)) {
      await machine.write(`/etc/ingeniux-cms-mcp/secrets/${name}`, text, 0o600);
    }
    const settings = {
      PORT: String(ports[index]),
      CMS_BASE_URL: sandbox.siteRoot,
      OAUTH_CLIENT_ID: 'sandbox-editor',
      PUBLIC_URL: proxy.publicUrl,
      TRUST_PROXY: '1',
      RATE_LIMIT_RPM: '1000000',
      DRAIN_SECONDS: '3',
      METRICS_PORT: '0',
    };
    const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`);
    await machine.write('/etc/ingeniux-cms-mcp/environment', lines.join(''), 0o600);
    await succeeds(machine, 'systemctl', 'daemon-reload');
    await succeeds(machine, 'systemctl', 'enable', '--now', server, worker);
  }
  const key = randomBytes(32).toString('base64');

  beforeAll(async () => {
    [sandbox, redis] = await Promise.all([startSandbox({ port: 0 }), startRedis({ appendOnly: true })]);
    closers.push(
      () => redis.close(),
      () => sandbox.close(),
    );
    ports = [await freePort(), await freePort()];
    proxy = await startProxy('nginx', ports);
    closers.push(() => proxy.close());
    machines = await Promise.all([startMachine(), startMachine()]);
    closers.push(() => Promise.all(machines.map((machine) => machine.close())));
    await Promise.all(machines.map(install));
    await Promise.all([untilReady(0), untilReady(1)]);
  }, 180_000);
  afterAll(async () => {
    for (let close = closers.pop(); close !== undefined; close = closers.pop()) await close();
  }, 60_000);

  it('run as a user of their own that has no rights, is held by the filter, and writes to its folder only', async () => {
    for (const unit of [server, worker]) {
      const pid = await shows(on(machines[0]), unit, 'MainPID');
      const status = await succeeds(on(machines[0]), 'cat', `/proc/${pid}/status`);
      expect(status).not.toMatch(/^Uid:\s+0\s/m);
      expect(status).toMatch(/^CapEff:\s+0+$/m);
      expect(status).toMatch(/^NoNewPrivs:\s+1$/m);
      expect(status).toMatch(/^Seccomp:\s+2$/m);
      const mounts = await succeeds(on(machines[0]), 'cat', `/proc/${pid}/mountinfo`);
      expect(mounts).toMatch(/ \/ ro,/);
      expect(mounts).toMatch(/ \/var\/lib\/private\/ingeniux-cms-mcp rw,/);
      const environment = await succeeds(on(machines[0]), 'cat', `/proc/${pid}/environ`);
      expect(environment).not.toContain(key);
      expect(environment).not.toContain('sandbox-secret-editor');
    }
  });

  it('take commands with their settings and secrets: doctor is content, and a token is issued', async () => {
    const script = join(folder, 'ingeniux-cms-mcp.sh');
    const examined = await on(machines[0]).run('sh', script, 'doctor');
    expect(examined, examined.output).toMatchObject({ exitCode: 0 });
    const issue = ['token', 'issue', '--subject', 'ada', '--scopes', 'cms:read cms:write cms:publish'];
    const issued = await on(machines[0]).run('sh', script, ...issue);
    expect(issued, issued.output).toMatchObject({ exitCode: 0 });
    token = /igx_[\w-]+/.exec(issued.output)?.[0] ?? '';
    expect(token).not.toBe('');
  });

  it('are restarted one after the other without a failed request or a lost job', async () => {
    const url = new URL('/mcp/x/all', proxy.publicUrl);
    const load = startLoad(url, token, 4);
    await poll('the load to begin', () => load.answered() > 20, { timeoutMs: 60_000 });
    const jobs = jobsUnderWay(url, token);
    for (const [index, machine] of machines.entries()) {
      await jobs.begin(4);
      await succeeds(machine, 'systemctl', 'restart', worker);
      const before = load.answered();
      proxy.setDown(ports[index] ?? 0, true);
      await succeeds(machine, 'systemctl', 'restart', server);
      await untilReady(index);
      proxy.setDown(ports[index] ?? 0, false);
      await poll('requests to be answered', () => load.answered() > before + 20, { timeoutMs: 60_000 });
    }
    const { failures } = await load.stop();
    expect(failures, proxy.running.output().slice(-2000)).toEqual([]);
    expect(await jobs.allSucceed()).toBe(8);
    for (const machine of machines) {
      for (const unit of [server, worker]) {
        expect([await shows(machine, unit, 'Result'), await shows(machine, unit, 'NRestarts')]).toEqual([
          'success',
          '0',
        ]);
      }
    }
  }, 300_000);

  it('are started again when they are killed, and not when a setting cannot be used', async () => {
    const machine = on(machines[1]);
    await succeeds(machine, 'systemctl', 'kill', '--signal=SIGKILL', '--kill-whom=main', server);
    await poll('systemd to start it again', async () => (await shows(machine, server, 'NRestarts')) === '1', {
      timeoutMs: 30_000,
      everyMs: 200,
    });
    await untilReady(1);
    await machine.write('/etc/ingeniux-cms-mcp/environment', 'PORT=many\n', 0o600);
    await machine.run('systemctl', 'restart', server);
    await poll('it to fail', async () => (await shows(machine, server, 'ActiveState')) === 'failed', {
      timeoutMs: 30_000,
      everyMs: 200,
    });
    expect(await shows(machine, server, 'ExecMainStatus')).toBe('78');
    expect(await succeeds(machine, 'tail', '--lines=3', `/run/${server}.log`)).toContain('PORT');
  });
});
