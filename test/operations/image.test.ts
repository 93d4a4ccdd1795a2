import { randomBytes } from 'node:crypto';
import { chownSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSandbox } from '../../sandbox/server.ts';
import { freePort } from '../support/free-port.ts';
import {
  type Buildah,
  buildahIn,
  commitFolder,
  fillBuildRoot,
  fillRuntimeRoot,
  registryEnvironment,
} from '../support/images.ts';
import { jobsUnderWay } from '../support/jobs-under-way.ts';
import { startLoad } from '../support/load.ts';
import { poll } from '../support/poll.ts';
import { type RunningProgram, runProgram, startProgram } from '../support/programs.ts';
import { type RunningProxy, startProxy } from '../support/proxies.ts';
import { startRedis } from '../support/redis.ts';
import { runCommand, type Settings } from '../support/server-process.ts';
import { projectRoot } from '../support/source-tree.ts';

/** The user of the image. */
const uid = 65_532;
const MB = 1_000_000;
/** What `gcr.io/distroless/cc-debian12` brings, unpacked. The stand-in of this test has other libraries than that. */
const runtimeImageBytes = 23.5 * MB;
const image = 'localhost/ingeniux-cms-mcp-server:test';

let folder: string;
let buildah: Buildah;
/** The image's files, as a container would see them. */
let root: string;
let config: ImageConfig;

interface ImageConfig {
  readonly User: string;
  readonly Entrypoint: readonly string[];
  readonly Cmd: readonly string[];
  readonly Env: readonly string[];
  readonly ExposedPorts: Readonly<Record<string, object>>;
  readonly Volumes: Readonly<Record<string, object>>;
  readonly Healthcheck: { readonly Test: readonly string[] };
}

/** The real Dockerfile; only what it starts from is made here, because no registry of images can be reached. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'igx-image-'));
  buildah = buildahIn(folder);
  const [buildRoot, runtimeRoot] = [join(folder, 'build-root'), join(folder, 'runtime-root')];
  await fillBuildRoot(buildRoot);
  await fillRuntimeRoot(runtimeRoot);
  await commitFolder(buildah, buildRoot, 'localhost/build', await registryEnvironment());
  await commitFolder(buildah, runtimeRoot, 'localhost/runtime', {});
  // What the machine's npm has fetched before is not fetched again.
  const cache = join(homedir(), '.npm');
  mkdirSync(cache, { recursive: true });
  await buildah(
    'build',
    ...['--format', 'docker', '--pull=never', '--network', 'host', '--volume', `${cache}:/root/.npm`],
    ...['--build-arg', 'BUILD_IMAGE=localhost/build', '--build-arg', 'RUNTIME_IMAGE=localhost/runtime'],
    ...['--build-arg', 'BUILD_COMMIT=0a1b2c3d', '--tag', image, projectRoot],
  );
  const inspected = JSON.parse(await buildah('inspect', '--type', 'image', image)) as {
    readonly Docker: { readonly config: ImageConfig };
  };
  config = inspected.Docker.config;
  root = await buildah('mount', await buildah('from', '--pull-never', image));
}, 900_000);
afterAll(async () => {
  await buildah('umount', '--all');
  rmSync(folder, { recursive: true, force: true });
}, 120_000);

describe('the image', () => {
  it('says who runs it, what it runs, and how to ask whether it is well', () => {
    expect(config).toMatchObject({
      User: `${uid}:${uid}`,
      Entrypoint: ['/usr/local/bin/node', '/app/dist/main.js'],
      Cmd: ['serve'],
      ExposedPorts: { '3000/tcp': {}, '9464/tcp': {} },
      Volumes: { '/data': {} },
      Healthcheck: { Test: ['CMD', '/usr/local/bin/node', '/app/dist/main.js', 'doctor', '--ready'] },
    });
  });

  it('holds no program but Node, and no secret', () => {
    const programs = filesBelow(root).filter((path) => {
      const { mode } = statSync(join(root, path));
      return (mode & 0o111) !== 0 && !/^\/(lib|usr\/lib|lib64|usr\/lib64)\//.test(path) && !path.startsWith('/app/');
    });
    expect(programs).toEqual(['/usr/local/bin/node']);
    expect(filesBelow(join(root, 'app')).filter((path) => /\/(npm|\.env[^/]*|\.npmrc)$/.test(path))).toEqual([]);
    expect(config.Env.filter((variable) => /SECRET|TOKEN|PASSWORD|KEY/.test(variable))).toEqual([]);
  });

  it('holds what a running server reads, the licences included, and no tool of development', () => {
    const packages = readdirSync(join(root, 'app/node_modules'));
    expect(packages).toContain('express');
    for (const tool of ['typescript', 'vitest', '@biomejs', 'pm2', 'playwright-core'])
      expect(packages).not.toContain(tool);
    expect(filesBelow(join(root, 'app/node_modules/express'))).toContain('/LICENSE');
    expect(readdirSync(join(root, 'app'))).toContain('LICENSE');
    expect(readFileSync(join(root, 'app/dist/build.json'), 'utf8')).toBe('{"commit":"0a1b2c3d"}\n');
  });

  it('is smaller than 200 MB on the runtime image that it is published with', () => {
    const own = bytesBelow(join(root, 'app')) + statSync(join(root, 'usr/local/bin/node')).size;
    expect((own + runtimeImageBytes) / MB).toBeLessThan(200);
  });
});

describe('a container of it, as the unprivileged user on a read-only root', () => {
  let port: number;
  let server: RunningProgram;

  beforeAll(async () => {
    const data = join(folder, 'data');
    mkdirSync(data);
    chownSync(data, uid, uid);
    port = await freePort();
    server = startProgram('unshare', inContainer(data, port, config.Entrypoint, config.Cmd));
    await poll('the server', async () => (await ready()).status === 200 || server.process.exitCode !== null, {
      timeoutMs: 90_000,
      everyMs: 200,
    });
  }, 120_000);
  afterAll(() => server.close());

  const ready = () =>
    fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => new Response(undefined, { status: 503 }));

  it('serves, with the sandbox CMS inside', async () => {
    expect((await ready()).status, server.output().slice(-4000)).toBe(200);
  });

  it('runs as nobody who may do anything', async () => {
    const status = await runProgram('cat', [`/proc/${server.process.pid}/status`]);
    expect(status.output).toMatch(new RegExp(`^Uid:\\s+${uid}\\s`, 'm'));
    expect(status.output).toMatch(/^CapEff:\s+0+$/m);
    expect(status.output).toMatch(/^NoNewPrivs:\s+1$/m);
  });

  it('is found well by the health check of the image', async () => {
    const [, ...check] = config.Healthcheck.Test;
    const checked = await runProgram('unshare', inContainer(join(folder, 'data'), port, check, []));
    expect(checked, checked.output).toMatchObject({ exitCode: 0 });
  });

  it('is found unwell when nothing answers', async () => {
    const [, ...check] = config.Healthcheck.Test;
    const checked = await runProgram('unshare', inContainer(join(folder, 'data'), await freePort(), check, []));
    expect(checked).toMatchObject({ exitCode: 1 });
  });

  it('cannot write to its own files', async () => {
    const write = `try { require('node:fs').writeFileSync('/app/x', ''); } catch (error) { console.log(error.code); }`;
    const tried = await runProgram(
      'unshare',
      inContainer(join(folder, 'data'), port, ['/usr/local/bin/node', '--eval', write], []),
    );
    expect(tried.output.trim()).toBe('EROFS');
  });

  it('ends by itself when the engine asks it to', async () => {
    server.process.kill('SIGTERM');
    await poll('its end', () => server.process.exitCode !== null, { timeoutMs: 60_000 });
    expect(server.process.exitCode, server.output().slice(-2000)).toBe(0);
  });
});

describe('containers of it, rolled under load behind HAProxy', () => {
  const closers: (() => Promise<unknown> | unknown)[] = [];
  let ports: readonly [number, number];
  let proxy: RunningProxy;
  let settings: Settings;

  beforeAll(async () => {
    const [sandbox, redis] = await Promise.all([startSandbox({ port: 0 }), startRedis({ appendOnly: true })]);
    closers.push(
      () => redis.close(),
      () => sandbox.close(),
    );
    ports = [await freePort(), await freePort()];
    proxy = await startProxy('HAProxy', ports);
    closers.push(() => proxy.close());
    settings = {
      CMS_BASE_URL: sandbox.siteRoot,
      OAUTH_CLIENT_ID: 'sandbox-editor',
      OAUTH_CLIENT_SECRET: 'sandbox-secret-editor',
      REDIS_URL: redis.url,
      TOKEN_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
      PUBLIC_URL: proxy.publicUrl,
      TRUST_PROXY: '1',
      RATE_LIMIT_RPM: '1000000',
      WORKER_INLINE: 'false',
    };
  });
  afterAll(async () => {
    for (let close = closers.pop(); close !== undefined; close = closers.pop()) await close();
  });

  let count = 0;
  const start = (cmd: 'serve' | 'worker', port: number): RunningProgram => {
    const data = join(folder, `data-${++count}`);
    mkdirSync(data);
    chownSync(data, uid, uid);
    const started = startProgram('unshare', inContainer(data, port, config.Entrypoint, [cmd], settings));
    closers.push(() => started.close());
    return started;
  };
  const startServer = async (port: number): Promise<RunningProgram> => {
    const started = start('serve', port);
    const ready = () => fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => undefined);
    await poll('the server', async () => (await ready())?.ok, { timeoutMs: 90_000, everyMs: 200 });
    return started;
  };
  const startWorker = async (): Promise<RunningProgram> => {
    const started = start('worker', 0);
    await poll('the worker', () => started.output().includes('taking jobs'), { timeoutMs: 90_000 });
    return started;
  };
  /** What the engine does to a container that is replaced. */
  const stop = async (running: RunningProgram): Promise<void> => {
    running.process.kill('SIGTERM');
    await poll('its end', () => running.process.exitCode !== null, { timeoutMs: 60_000 });
    expect(running.process.exitCode, running.output().slice(-2000)).toBe(0);
  };

  it('lose no request and no job', async () => {
    const [oldServer, oldWorker] = [await startServer(ports[0]), await startWorker()];
    const issued = await runCommand(['token', 'issue', '--subject', 'ada', '--scopes', 'cms:read cms:write'], settings);
    const token = issued.stdout.trim();
    const url = new URL('/mcp/x/all', proxy.publicUrl);
    await poll('HAProxy', async () => (await fetch(new URL('/health', url)).catch(() => undefined))?.ok, {
      timeoutMs: 30_000,
    });
    const load = startLoad(url, token, 4);
    await poll('the load to begin', () => load.answered() > 20, { timeoutMs: 60_000 });
    const newWorker = startWorker();
    const jobs = jobsUnderWay(url, token);
    await jobs.begin(6);
    await newWorker;
    await stop(oldWorker);
    await startServer(ports[1]);
    await poll('HAProxy to ask the new one', () => /mcp\/two .* 200 /.test(proxy.running.output()), {
      timeoutMs: 60_000,
    });
    await stop(oldServer);
    const before = load.answered();
    await poll('the new one to serve', () => load.answered() > before + 50, { timeoutMs: 60_000 });
    const { failures } = await load.stop();
    expect(failures, proxy.running.output().slice(-2000)).toEqual([]);
    expect(await jobs.allSucceed()).toBe(6);
  }, 300_000);
});

/** What `docker run --read-only --tmpfs /tmp --volume …:/data --cap-drop ALL` does, with the tools of the system. */
function inContainer(
  data: string,
  port: number,
  entrypoint: readonly string[],
  cmd: readonly string[],
  more: Settings = {},
): string[] {
  const settings = { PORT: String(port), SANDBOX_PORT: '0', METRICS_PORT: '0', HOST: '127.0.0.1', ...more };
  const env = [...config.Env, ...Object.entries(settings).map(([name, value]) => `${name}=${value}`)];
  const steps = [
    'mount --bind "$1" "$1"',
    'mount -o remount,ro,bind "$1"',
    'mount -t tmpfs -o mode=1777 tmpfs "$1/tmp"',
    'mount --bind "$2" "$1/data"',
    'mount --rbind /dev "$1/dev"',
    'mount --rbind /proc "$1/proc"',
    'root=$1; shift 2',
    // Without chroot's own change of user, which would read the files of the image to find names.
    `exec env -i ${env.map((variable) => `'${variable}'`).join(' ')} chroot --userspec=${uid}:${uid} --groups= "$root" "$@"`,
  ];
  return [
    ...['--mount', '--', 'setpriv', '--no-new-privs', '--bounding-set=+all', '--'],
    ...['sh', '-ec', steps.join('\n'), 'sh', root, data, ...entrypoint, ...cmd],
  ];
}

/** Paths of all files, from the folder's own root; links are not followed. */
function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length));
}

function bytesBelow(folder: string): number {
  return filesBelow(folder).reduce((total, path) => total + statSync(join(folder, path)).size, 0);
}
