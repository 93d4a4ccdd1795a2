import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { runProgram } from './programs.ts';

/** Where a machine keeps the certificates that it trusts. */
const certificates = '/etc/ssl/certs/ca-certificates.crt';

/**
 * Containers without a container engine: buildah alone, its storage in a folder of the test, no daemon. `chroot` asks
 * the kernel for nothing that a machine in a container would refuse.
 */
export function buildahIn(folder: string) {
  const storage = [
    ...['--root', join(folder, 'storage'), '--runroot', join(folder, 'run')],
    // Plain folders: slower than layers that the kernel puts together, and possible everywhere.
    ...['--storage-driver', 'vfs'],
  ];
  const env = { BUILDAH_ISOLATION: 'chroot' };
  return async (command: string, ...args: readonly string[]): Promise<string> => {
    const { exitCode, output } = await runProgram('buildah', [...storage, command, ...args], { env });
    if (exitCode !== 0) throw new Error(`buildah ${command} ended with ${exitCode}:\n${output.slice(-4000)}`);
    return output.trim();
  };
}
export type Buildah = ReturnType<typeof buildahIn>;

/** Makes an image of a folder. */
export async function commitFolder(
  buildah: Buildah,
  folder: string,
  name: string,
  env: Readonly<Record<string, string>>,
): Promise<void> {
  const container = await buildah('from', 'scratch');
  await buildah('copy', container, folder, '/');
  const variables = Object.entries(env).flatMap(([key, value]) => ['--env', `${key}=${value}`]);
  await buildah('config', ...variables, container);
  await buildah('commit', '--format', 'docker', '--rm', container, name);
}

/** In place of `node:24-slim`: this machine's programs that the build calls, the Node of the tests, the machine's npm. */
export async function fillBuildRoot(root: string): Promise<void> {
  fillBase(root);
  for (const program of ['sh', 'mkdir', 'cp', 'env']) {
    await copyProgram(await which(program), root, `/usr/bin/${program}`);
  }
  symlinkSync('usr/bin', join(root, 'bin'));
  await copyProgram(process.execPath, root, '/usr/local/bin/node');
  const npm = dirname(dirname(realpathSync(await which('npm'))));
  cpSync(npm, join(root, 'usr/local/lib/node_modules/npm'), { recursive: true });
  symlinkSync('../lib/node_modules/npm/bin/npm-cli.js', join(root, 'usr/local/bin/npm'));
}

/** In place of the distroless image: the libraries that Node is linked with, certificates, /tmp, and no program at all. */
export async function fillRuntimeRoot(root: string): Promise<void> {
  fillBase(root);
  await copyLibraries(process.execPath, root);
}

/** How the build reaches the registry: as this machine does. */
export async function registryEnvironment(): Promise<Readonly<Record<string, string>>> {
  const { output } = await runProgram('npm', ['config', 'get', 'registry']);
  return {
    npm_config_registry: output.trim(),
    npm_config_prefer_offline: 'true',
    ...(existsSync(certificates) ? { npm_config_cafile: certificates, NODE_EXTRA_CA_CERTS: certificates } : {}),
  };
}

function fillBase(root: string): void {
  for (const folder of ['etc/ssl/certs', 'usr/bin', 'usr/local/bin', 'tmp', 'dev', 'proc', 'home/nonroot']) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  chmodSync(join(root, 'tmp'), 0o1777);
  writeFileSync(
    join(root, 'etc/passwd'),
    'root:x:0:0:root:/root:/sbin/nologin\nnonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin\n',
  );
  if (existsSync(certificates)) copyFileSync(certificates, join(root, certificates));
}

async function copyProgram(path: string, root: string, target: string): Promise<void> {
  mkdirSync(dirname(join(root, target)), { recursive: true });
  copyFileSync(path, join(root, target));
  await copyLibraries(path, root);
}

/** Each library where the loader found it, the loader included. */
async function copyLibraries(program: string, root: string): Promise<void> {
  const { output } = await runProgram('ldd', [program]);
  for (const [, path = ''] of output.matchAll(/(?:=> |^\s*)(\/\S+) \(/gm)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    copyFileSync(path, join(root, path));
  }
}

async function which(program: string): Promise<string> {
  const { output } = await runProgram('sh', ['-c', `command -v ${program}`]);
  return output.trim();
}
