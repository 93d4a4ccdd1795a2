import { chownSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../support/free-port.ts';
import {
  type Buildah,
  buildahIn,
  commitFolder,
  fillBuildRoot,
  fillRuntimeRoot,
  registryEnvironment,
} from '../support/images.ts';
import { poll } from '../support/poll.ts';
import { type RunningProgram, runProgram, startProgram } from '../support/programs.ts';
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

/** What `docker run --read-only --tmpfs /tmp --volume …:/data --cap-drop ALL` does, with the tools of the system. */
function inContainer(data: string, port: number, entrypoint: readonly string[], cmd: readonly string[]): string[] {
  const settings = { PORT: String(port), SANDBOX_PORT: '0', METRICS_PORT: '0', HOST: '127.0.0.1' };
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
