import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { poll } from './poll.ts';
import { type Ended, runProgram, startProgram } from './programs.ts';
import { projectRoot } from './source-tree.ts';

/**
 * A machine of the test's own whose first process is systemd: processes, mounts and control groups apart, the network
 * shared. It knows no unit but those of this project and the targets that these name; files that it changes are its own.
 */
export interface Machine {
  /** Runs a program there, as root. */
  run(program: string, ...args: readonly string[]): Promise<Ended>;
  /** Writes a file there, with the folders that it needs. */
  write(path: string, text: string, mode?: number): Promise<void>;
  close(): Promise<void>;
}

const controllers = ['systemd', 'memory', 'pids'] as const;
const groupsRoot = '/sys/fs/cgroup';
const installed = '/opt/ingeniux-cms-mcp-server';

/** Why no such machine can be had here, or `undefined`. */
export async function whyNoMachine(): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return 'only root may make one';
  for (const part of ['systemd/systemd', ...bus.map((unit) => `systemd/system/${unit}`)]) {
    if (!existsSync(join('/lib', part))) return `there is no ${part}`;
  }
  if (!controllers.every((name) => existsSync(join(groupsRoot, name, 'cgroup.procs'))))
    return 'the control groups of this machine are not those of version 1';
  const apart = await runProgram('unshare', [...namespaces, '--', 'mount', '-t', 'tmpfs', 'tmpfs', '/run']);
  return apart.exitCode === 0 ? undefined : `the kernel refuses: ${apart.output.trim()}`;
}

const namespaces = ['--kill-child', '--pid', '--fork', '--mount', '--mount-proc', '--uts', '--ipc', '--cgroup'];

/** Starts one, with the built program where deploy.md puts it and no unit installed yet. */
export async function startMachine(): Promise<Machine> {
  const folder = mkdtempSync(join(tmpdir(), 'igx-machine-'));
  const group = folder.slice(folder.lastIndexOf('/') + 1);
  prepareEtc(join(folder, 'etc'));
  for (const name of controllers) mkdirSync(join(groupsRoot, name, group));
  const manager = startProgram('sh', ['-euc', start, 'sh', folder, group, projectRoot, process.execPath]);
  // A test that ends without closing leaves no machine behind.
  const killWithUs = () => manager.process.kill('SIGKILL');
  process.once('exit', killWithUs);
  manager.process.once('exit', () => process.off('exit', killWithUs));
  // `unshare` stands between, and ends with it.
  const first = await poll(
    'systemd to be the first process',
    async () => {
      if (manager.process.exitCode !== null) throw new Error(manager.output());
      const { output } = await runProgram('pgrep', ['--parent', String(manager.process.pid), '--exact', 'systemd']);
      return /\d+/.exec(output)?.[0];
    },
    { timeoutMs: 30_000 },
  );
  const run: Machine['run'] = (...command) =>
    runProgram('nsenter', ['--target', first, '--all', 'env', `SYSTEMD_UNIT_PATH=${units}`, ...command]);
  await poll('systemd to be up', async () => (await run('systemctl', 'is-system-running')).output === 'running\n', {
    timeoutMs: 30_000,
  });
  await run('systemctl', 'start', ...bus);
  return {
    run,
    async write(path, text, mode = 0o644) {
      const file = join(folder, 'written');
      writeFileSync(file, text);
      // The folder of the test is there, too, under its own name.
      const made = await run('install', '-D', '-m', mode.toString(8), file, path);
      if (made.exitCode !== 0) throw new Error(made.output);
    },
    async close() {
      const ended = new Promise((resolve) => manager.process.once('close', resolve));
      manager.process.kill('SIGKILL');
      await ended;
      for (const name of controllers) await removeGroup(join(groupsRoot, name, group));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const units = '/etc/systemd/system';
/** What units name, and what systemd wants itself; of this machine's own units none shall start. */
const targets = ['sysinit', 'basic', 'sockets', 'shutdown', 'umount', 'network', 'network-online', 'multi-user'];
/** What `systemd-run` asks through. */
const bus = ['dbus.socket', 'dbus.service'];

function prepareEtc(etc: string): void {
  cpSync('/etc', etc, { recursive: true, verbatimSymlinks: true });
  rmSync(join(etc, 'systemd/system'), { recursive: true, force: true });
  mkdirSync(join(etc, 'systemd/system'), { recursive: true });
  for (const name of targets) {
    writeFileSync(join(etc, 'systemd/system', `${name}.target`), '[Unit]\nDefaultDependencies=no\n');
  }
  for (const unit of bus) cpSync(join('/lib/systemd/system', unit), join(etc, 'systemd/system', unit));
}

/** The Node of the tests stands in for `/usr/bin/node`, which may be too old. */
const start = `
folder=$1 group=$2 project=$3 node=$4
for name in ${controllers.join(' ')}; do echo $$ > ${groupsRoot}/$name/$group/cgroup.procs; done
exec unshare ${namespaces.join(' ')} -- sh -euc '
  folder=$1 project=$2 node=$3
  mount -t tmpfs tmpfs ${groupsRoot}
  mkdir ${controllers.map((name) => join(groupsRoot, name)).join(' ')}
  mount -t cgroup -o none,name=systemd cgroup ${groupsRoot}/systemd
  mount -t cgroup -o memory cgroup ${groupsRoot}/memory
  mount -t cgroup -o pids cgroup ${groupsRoot}/pids
  mount -t tmpfs tmpfs /run
  mount -t tmpfs tmpfs /var/lib
  mount -t tmpfs tmpfs /opt
  mount --bind "$folder/etc" /etc
  mkdir -p ${installed}/dist ${installed}/node_modules
  touch /opt/node ${installed}/package.json
  mount --bind "$node" /opt/node
  for part in dist node_modules package.json; do mount --bind "$project/$part" ${installed}/$part; done
  # What systemd mounts for a unit comes to it from here.
  mount --make-rshared /
  exec env -i PATH="$PATH" container=test SYSTEMD_UNIT_PATH=${units} \\
    /lib/systemd/systemd --system --unit=multi-user.target --log-target=console --show-status=no
' sh "$folder" "$project" "$node"`;

/** A group can be removed when the kernel has done with its processes; those below it first. */
async function removeGroup(path: string): Promise<void> {
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (entry.isDirectory()) await removeGroup(join(path, entry.name));
  }
  await poll('the control group to be empty', () => {
    try {
      rmdirSync(path);
      return true;
    } catch (error) {
      // Its last process is just ending.
      if ((error as NodeJS.ErrnoException).code === 'EBUSY') return false;
      throw error;
    }
  });
}
