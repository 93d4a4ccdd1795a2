// Puts a Node that is new enough in front of every npm script: where the machine's Node is older than the
// engines field asks for, the pinned one of tools/node is linked into node_modules/.bin, which npm puts first
// on the PATH of its scripts. Stays readable by old Nodes: that is who runs it.
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const NEEDED = [24, 11, 1];
const SUPPORTED = ['linux-x64', 'linux-arm64', 'win32-x64', 'darwin-x64'];

const windows = process.platform === 'win32';
const link = join(root, 'node_modules', '.bin', windows ? 'node.exe' : 'node');
const tools = join(root, 'tools', 'node');
const pinned = join(tools, 'node_modules', '.bin', windows ? 'node.exe' : 'node');

/** Ensures that `node` of the npm scripts is new enough; ends the process with advice where that cannot be done. */
export function ensureNode() {
  if (isNewEnough(process.versions.node) || existsSync(link)) return;
  const platform = `${process.platform}-${process.arch}`;
  if (!SUPPORTED.includes(platform) || isMusl()) {
    console.error(
      `This project needs Node ${NEEDED.join('.')} or newer; this is ${process.versions.node} on ${platform}. Install Node 24 and try again.`,
    );
    process.exit(1);
  }
  console.error(
    `Node ${process.versions.node} is older than ${NEEDED.join('.')}: installing the pinned Node 24 beside it.`,
  );
  execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: tools,
    // npm's own standard output must not mix with that of the command being run.
    stdio: ['ignore', 2, 2],
    shell: windows,
  });
  for (const part of ['include', 'share']) {
    rmSync(join(tools, 'node_modules', `node-${process.platform}-${process.arch}`, part), {
      recursive: true,
      force: true,
    });
  }
  mkdirSync(dirname(link), { recursive: true });
  if (windows) copyFileSync(pinned, link);
  else symlinkSync(pinned, link);
}

/** The Node to start other programs with: the pinned one where it was needed, else the one that runs this. */
export function nodePath() {
  return existsSync(link) ? link : process.execPath;
}

function isNewEnough(version) {
  const parts = version.split('.').map(Number);
  for (let i = 0; i < NEEDED.length; i += 1) {
    if (parts[i] !== NEEDED[i]) return parts[i] > NEEDED[i];
  }
  return true;
}

function isMusl() {
  return process.platform === 'linux' && !process.report.getReport().header.glibcVersionRuntime;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) ensureNode();
