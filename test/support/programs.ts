import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { projectRoot } from './source-tree.ts';

/** Programs of the system's administrator are not on everybody's PATH. */
const path = `${process.env['PATH'] ?? ''}:/usr/sbin:/usr/local/sbin:/sbin`;

export interface Ended {
  readonly exitCode: number | null;
  /** What it wrote to standard output and error, as it came. */
  readonly output: string;
}

/** Runs a program of the system to its end, in the project's folder. */
export async function runProgram(
  program: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Ended> {
  const child = spawnProgram(program, args, options);
  const chunks: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk));
  const [exitCode] = (await once(child, 'close')) as [number | null];
  return { exitCode, output: Buffer.concat(chunks).toString('utf8') };
}

export interface RunningProgram {
  readonly process: ChildProcess;
  /** Everything it wrote so far. */
  readonly output: () => string;
  close(): Promise<void>;
}

/** Starts a program of the system that runs until it is closed. */
export function startProgram(
  program: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> } = {},
): RunningProgram {
  const child = spawnProgram(program, args, options);
  const chunks: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk));
  // A test that ends without closing leaves no program behind.
  const endWithUs = () => child.kill('SIGTERM');
  process.once('exit', endWithUs);
  child.once('exit', () => process.off('exit', endWithUs));
  return {
    process: child,
    output: () => Buffer.concat(chunks).toString('utf8'),
    close: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'close');
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), killAfterMs);
      await ended;
      clearTimeout(timer);
    },
  };
}

const killAfterMs = 10_000;

function spawnProgram(
  program: string,
  args: readonly string[],
  { cwd = projectRoot, env = {} }: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> },
): ChildProcess {
  return spawn(program, args, { cwd, env: { ...process.env, PATH: path, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
}
