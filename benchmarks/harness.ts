import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** One question and how it is answered by measuring. */
export interface Benchmark {
  readonly name: string;
  /** What it tells, in one line. */
  readonly asks: string;
  /** Runs only when it is named. */
  readonly isLong?: true;
  /** Measures; leaves no process and no file behind, also when it throws. */
  run(): Promise<Table>;
}

/** What is shown of one benchmark, as a Markdown table with remarks below it. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly remarks: readonly string[];
}

export interface Server {
  readonly url: string;
  readonly pid: number;
  close(): Promise<void>;
}

export type Settings = Readonly<Record<string, string>>;

export const projectRoot = fileURLToPath(new URL('..', import.meta.url));

/** How long a program may take to do what it was started for, and to end. */
const startMsMax = 60_000;
const endMsMax = 20_000;

/** Runs a program of the project to its end; answers how long it took, in milliseconds, and how it ended. */
export async function timeProgram(
  args: readonly string[],
  settings: Settings = {},
): Promise<{ readonly ms: number; readonly exitCode: number | null }> {
  const startedAtMs = performance.now();
  const child = start(args, settings);
  // What is not read would stop the program when the pipe is full.
  child.stdout?.resume();
  child.stderr?.resume();
  await ended(child, startMsMax);
  return { ms: performance.now() - startedAtMs, exitCode: child.exitCode };
}

/**
 * Starts a server by the program and waits for its log line that it listens; answers how long that took, in
 * milliseconds. Throws what it wrote when it ends before.
 */
export async function startServer(
  args: readonly string[],
  settings: Settings,
): Promise<Server & { readonly startMs: number }> {
  const startedAtMs = performance.now();
  const child = start(args, settings);
  try {
    const url = await listeningUrl(child);
    const startMs = performance.now() - startedAtMs;
    if (child.pid === undefined) throw new Error('The server has no process id.');
    return { url, pid: child.pid, startMs, close: () => stop(child) };
  } catch (error) {
    // A server that did not come up must not stay.
    await stop(child);
    throw error;
  }
}

/** A folder that `remove` ends. */
export function temporaryFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'igx-bench-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/**
 * The processor time that a process has used, in milliseconds, its own and the kernel's for it; children do not count.
 * `undefined` where the system has no /proc.
 */
export function processorMs(pid: number): number | undefined {
  const file = `/proc/${pid}/stat`;
  if (!existsSync(file)) return undefined;
  // The second field is the program's name, which may hold anything; the times are the 14th and 15th (proc(5)).
  const fields = readFileSync(file, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * msPerTick;
}

/** Linux tells processor times in hundredths of a second, on every architecture that Node runs on. */
const msPerTick = 10;

/** The middle one; of an even number the mean of the two in the middle. Throws when there is none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]];
  if (low === undefined || high === undefined) throw new Error('There is no median of nothing.');
  return (low + high) / 2;
}

/** A number as people read it: three significant digits, larger ones whole. */
export function figure(value: number | undefined): string {
  if (value === undefined) return '–';
  return value >= 100 ? Math.round(value).toLocaleString('en-US') : String(Number(value.toPrecision(3)));
}

function start(args: readonly string[], settings: Settings): ChildProcess {
  return spawn(process.execPath, args, {
    cwd: projectRoot,
    // Nothing of what the shell holds for a real CMS may reach what is measured.
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      NODE_ENV: 'production',
      PORT: '0',
      SANDBOX_PORT: '0',
      METRICS_PORT: '0',
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function listeningUrl(child: ChildProcess): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const written: string[] = [];
  const fail = () => reject(new Error(`The server does not listen. It wrote:\n${written.join('\n')}`));
  const timer = setTimeout(fail, startMsMax);
  child.once('close', fail);
  child.stdout?.resume();
  if (child.stderr !== null) {
    createInterface({ input: child.stderr }).on('line', (line) => {
      const url = /"url":"([^"]+)"/.exec(line)?.[1];
      if (line.includes('"msg":"listening"') && url !== undefined) resolve(url);
      if (written.length < linesKeptMax) written.push(line);
    });
  }
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    child.off('close', fail);
  }
}

/** Enough to see why a start failed; a server under load writes without end. */
const linesKeptMax = 200;

async function stop(child: ChildProcess): Promise<void> {
  child.kill('SIGTERM');
  await ended(child, endMsMax);
}

async function ended(child: ChildProcess, msMax: number): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const timer = setTimeout(() => child.kill('SIGKILL'), msMax);
  await once(child, 'close');
  clearTimeout(timer);
}
