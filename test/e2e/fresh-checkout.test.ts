import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type AgentClient, connectAgent } from '../support/agent-clients.ts';
import { poll } from '../support/poll.ts';
import { projectRoot } from '../support/source-tree.ts';

/**
 * What a new user does: clone, `npm start`, connect, stop, and the same on the next day. The tests follow one another
 * in one checkout, because that is the story; the first of them installs.
 */
describe('a fresh checkout', () => {
  let checkout: string;
  /** The token that the first start printed. */
  let token: string;
  const started = new Set<ChildProcess>();

  beforeAll(() => {
    checkout = mkdtempSync(join(tmpdir(), 'igx-checkout-'));
    for (const file of filesThatGitKnows()) cpSync(join(projectRoot, file), join(checkout, file));
  });
  afterEach(() => {
    for (const npm of started) signalGroup(npm, 'SIGKILL');
    started.clear();
  });
  afterAll(() => rmSync(checkout, { recursive: true, force: true }));

  const npmStart = (args: readonly string[] = [], settings: Readonly<Record<string, string>> = {}): Running =>
    run(['npm', 'start', ...args], settings);

  const run = ([program, ...args]: readonly [string, ...string[]], settings: Readonly<Record<string, string>> = {}) => {
    const child = spawn(program, args, {
      cwd: checkout,
      env: { ...environmentOfNewUser(), PORT: '0', SANDBOX_PORT: '0', ...settings },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own, as the shell of a terminal gives every command: Ctrl+C goes to all of it.
      detached: true,
    });
    started.add(child);
    return watch(child);
  };

  it(
    'installs, builds and serves a sandbox site on npm start, and ends with Ctrl+C',
    async () => {
      expect(existsSync(join(checkout, 'node_modules'))).toBe(false);
      const npm = npmStart();
      const welcome = await npm.welcomed();
      token = welcome.token;
      // These words are what the next test relies on when it looks for them in vain.
      expect(npm.stderr()).toContain('Installing the packages');
      expect(npm.stderr()).toContain('Building dist/');

      const agent = await connectAgent('v2 auto', welcome.mcpUrl, token);
      try {
        expect(await agent.call('get_context')).toMatchObject({ site: { sandbox: true } });
        const found = await read(agent);
        expect(found.markdown).toContain(before);
        const changes = [{ op: 'replace_text', field: 'Body', find: before, value: after }];
        await agent.call('edit_content', { item: found.id, version: found.version_token, changes });
        expect((await read(agent)).markdown).toContain(after);
      } finally {
        await agent.close();
      }

      signalGroup(npm.process, 'SIGINT');
      await endedWell(npm, 'SIGINT');
    },
    installMsMax,
  );

  it('serves the same site to the same token on the next npm start, and neither installs nor builds', async () => {
    const stamps = readStamps(checkout);
    const npm = npmStart();
    const welcome = await npm.welcomed();
    expect(npm.stderr()).not.toContain('Installing the packages');
    expect(npm.stderr()).not.toContain('Building dist/');
    expect(readStamps(checkout)).toEqual(stamps);
    expect(welcome.token).not.toBe(token);

    const agent = await connectAgent('v2 auto', welcome.mcpUrl, token);
    try {
      expect((await read(agent)).markdown).toContain(after);
    } finally {
      await agent.close();
    }

    // As a service manager ends it, which knows of npm only.
    npm.process.kill('SIGTERM');
    await endedWell(npm, 'SIGTERM');
  });

  it('ends with 0 when it is stopped without npm and its shell in between', async () => {
    const script = run(['node', 'scripts/start.mjs']);
    await script.welcomed();
    script.process.kill('SIGTERM');
    await endedWell(script, 'SIGTERM');
    expect(await script.ended()).toBe(0);
  });

  it('passes arguments on: npm start -- --help', async () => {
    const npm = npmStart(['--', '--help']);
    expect(await npm.ended()).toBe(0);
    expect(npm.stdout()).toContain('--print-clients');
  });

  it('names a broken setting and starts nothing', async () => {
    const npm = npmStart([], { PORT: 'abc' });
    expect(await npm.ended()).toBeGreaterThan(0);
    expect(npm.stderr()).toMatch(/PORT\b.*abc/);
    expect(npm.stdout()).not.toContain('MCP server');
    await noProcessLeft(npm.process);
  });
});

/** Every package is fetched, on a slow machine a Node as well. */
const installMsMax = 360_000;
const exitMsMax = 60_000;

/** The page that is edited, and what is changed in it. */
const page = '/admissions/deadlines';
const before = 'January 15, 2026';
const after = 'February 2, 2026';

/** What a clone would hold, and what is about to be committed. */
function filesThatGitKnows(): readonly string[] {
  const options = { cwd: projectRoot, encoding: 'utf8' } as const;
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], options);
  // A file that was deleted and not yet committed is still listed.
  return listed.split('\0').filter((file) => file !== '' && existsSync(join(projectRoot, file)));
}

/** What belongs to the machine, such as the way to the registry; nothing of this project's, its tools included. */
function environmentOfNewUser(): Record<string, string> {
  const names =
    /^(HOME|LANG|TMPDIR|SSL_CERT_\w+|NODE_EXTRA_CA_CERTS|(https?|no)_proxy|npm_config_(registry|cache|userconfig))$/i;
  const kept = Object.entries(process.env).flatMap(([name, value]) =>
    value !== undefined && names.test(name) ? [[name, value]] : [],
  );
  const path = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules'));
  return { ...Object.fromEntries(kept), PATH: path.join(delimiter), npm_config_prefer_offline: 'true' };
}

interface Welcome {
  readonly mcpUrl: string;
  readonly token: string;
}

interface Running {
  readonly process: ChildProcess;
  stdout(): string;
  stderr(): string;
  /** What it prints when it serves; throws when it ends before. */
  welcomed(): Promise<Welcome>;
  /** Waits until it has ended and nobody writes to its output any more; answers its exit code, or the signal it died of. */
  ended(): Promise<number | NodeJS.Signals | null>;
}

function watch(child: ChildProcess): Running {
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  let isClosed = false;
  child.once('close', () => {
    isClosed = true;
  });
  return {
    process: child,
    stdout: () => stdout,
    stderr: () => stderr,
    welcomed: () =>
      poll(
        'npm start to serve',
        () => {
          if (isClosed) throw new Error(`It ended with ${child.exitCode}:\n${stdout}\n${stderr}`);
          const mcpUrl = /MCP server +(\S+)/.exec(stdout)?.[1];
          const token = /Token +(igx_\S+)/.exec(stdout)?.[1];
          const isWhole = stdout.includes('Stop with Ctrl+C.');
          return isWhole && mcpUrl !== undefined && token !== undefined && { mcpUrl, token };
        },
        { timeoutMs: installMsMax, everyMs: 50 },
      ),
    ended: async () => {
      await poll('npm start to end', () => isClosed, { timeoutMs: exitMsMax });
      return child.signalCode ?? child.exitCode;
    },
  };
}

/**
 * The server has stopped in order, and nothing is left of it. npm itself tells of the signal where the shell between
 * npm and the script did not step aside and died of it.
 */
async function endedWell(running: Running, signal: NodeJS.Signals): Promise<void> {
  expect([0, signal]).toContain(await running.ended());
  expect(running.stderr()).toContain('"msg":"stopping"');
  expect(running.stderr()).not.toContain('did not close');
  await noProcessLeft(running.process);
}

interface ReadPage {
  readonly id: string;
  readonly version_token: string;
  readonly markdown: string;
}

async function read(agent: AgentClient): Promise<ReadPage> {
  // The shape is that of get_content's output schema when Markdown is asked for.
  const { items } = (await agent.call('get_content', { items: [page], include: ['markdown'] })) as {
    items: readonly ReadPage[];
  };
  const [first] = items;
  if (first === undefined) throw new Error(`${page} was not read`);
  return first;
}

/** What npm and the build write when they do something. */
function readStamps(checkout: string) {
  return ['dist/.built-from', 'dist/main.js', 'node_modules/.package-lock.json'].map((file) => ({
    file,
    writtenAtMs: statSync(join(checkout, file)).mtimeMs,
    text: readFileSync(join(checkout, file), 'utf8'),
  }));
}

/** To npm and to everything it has started. */
function signalGroup(npm: ChildProcess, signal: NodeJS.Signals): void {
  if (npm.pid === undefined) return;
  try {
    process.kill(-npm.pid, signal);
  } catch {
    // All of it has ended.
  }
}

async function noProcessLeft(npm: ChildProcess): Promise<void> {
  await poll('all processes of npm start to be gone', () => !isGroupAlive(npm), { timeoutMs: exitMsMax });
}

function isGroupAlive(npm: ChildProcess): boolean {
  if (npm.pid === undefined) return false;
  try {
    // Signal 0 only asks.
    process.kill(-npm.pid, 0);
    return true;
  } catch {
    // No process of the group is there.
    return false;
  }
}
