import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { projectRoot } from './source-tree.ts';

/** Runs the product as people do: a process of its own, settings from the environment, nothing shared with the test. */
export interface ServerProcess {
  readonly url: string;
  readonly process: ChildProcess;
  /** Everything it wrote, line by line. */
  readonly stdout: readonly string[];
  readonly stderr: readonly string[];
  kill(signal: NodeJS.Signals): Promise<void>;
  close(): Promise<void>;
}

/** The settings that tests give; whatever the developer's own environment holds stays out. */
export type Settings = Readonly<Record<string, string>>;

const waitMsMax = 60_000;

/** A folder that ends with the test. */
export function temporaryFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'igx-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

const inherited = Object.fromEntries(['PATH', 'HOME', 'NODE_COMPILE_CACHE'].map((name) => [name, process.env[name]]));

/** Starts a command of the product; answers at once. */
export function startCommand(
  args: readonly string[],
  settings: Settings,
  input: 'pipe' | 'ignore' = 'ignore',
): ChildProcess {
  return spawn(process.execPath, [join(projectRoot, 'src/main.ts'), ...args], {
    cwd: tmpdir(),
    env: { ...inherited, NODE_ENV: 'test', ...settings },
    stdio: [input, 'pipe', 'pipe'],
  });
}

/** Runs a command of the product to its end. */
export async function runCommand(
  args: readonly string[],
  settings: Settings,
): Promise<{ readonly exitCode: number | null; readonly stdout: string; readonly stderr: string }> {
  const child = startCommand(args, settings);
  const timer = setTimeout(() => child.kill('SIGKILL'), waitMsMax);
  const [stdout, stderr, [exitCode]] = await Promise.all([
    readAll(child.stdout),
    readAll(child.stderr),
    once(child, 'close'),
  ]);
  clearTimeout(timer);
  return { exitCode: typeof exitCode === 'number' ? exitCode : null, stdout, stderr };
}

/** Starts `serve` and waits until it answers. The log tells where it listens. */
export async function startServer(settings: Settings): Promise<ServerProcess> {
  const watched = watch(
    startCommand(['serve'], { HOST: '127.0.0.1', PORT: '0', SANDBOX_PORT: '0', METRICS_PORT: '0', ...settings }),
  );
  const url = await watched.said((line) => /"msg":"listening"/.test(line) && /"url":"([^"]+)"/.exec(line)?.[1]);
  return { ...watched, url };
}

/** Starts `worker` and waits until it takes jobs. */
export async function startWorker(settings: Settings): Promise<ServerProcess> {
  const watched = watch(startCommand(['worker'], { SANDBOX_PORT: '0', METRICS_PORT: '0', ...settings }));
  await watched.said((line) => /"msg":"taking jobs"/.test(line) && 'ready');
  return { ...watched, url: '' };
}

function watch(child: ChildProcess) {
  const stdout: string[] = [];
  const stderr: string[] = [];
  const listeners = new Set<(line: string) => void>();
  const collect = (lines: string[]) => (line: string) => {
    lines.push(line);
    for (const listener of listeners) listener(line);
  };
  if (child.stdout !== null) createInterface({ input: child.stdout }).on('line', collect(stdout));
  if (child.stderr !== null) createInterface({ input: child.stderr }).on('line', collect(stderr));
  const kill = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'close');
    child.kill(signal);
    await ended;
  };
  return {
    process: child,
    stdout,
    stderr,
    kill,
    close: async () => {
      const timer = setTimeout(() => child.kill('SIGKILL'), waitMsMax);
      await kill('SIGTERM');
      clearTimeout(timer);
    },
    /** The first answer of `find` for a line written so far or later. */
    said: async (find: (line: string) => string | undefined | false): Promise<string> => {
      const { promise, resolve, reject } = Promise.withResolvers<string>();
      const look = (line: string) => {
        const found = find(line);
        if (found) resolve(found);
      };
      const fail = () => reject(new Error(`The process ended or was silent.\n${[...stdout, ...stderr].join('\n')}`));
      const timer = setTimeout(fail, waitMsMax);
      listeners.add(look);
      child.once('close', fail);
      for (const line of [...stdout, ...stderr]) look(line);
      try {
        return await promise;
      } finally {
        clearTimeout(timer);
        listeners.delete(look);
        child.off('close', fail);
      }
    },
  };
}

async function readAll(stream: NodeJS.ReadableStream | null): Promise<string> {
  if (stream === null) return '';
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}
