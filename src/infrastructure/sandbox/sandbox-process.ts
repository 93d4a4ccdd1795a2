import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { StartFailure } from '../lifecycle/start-failure.ts';

export interface SandboxProcess {
  /** What `CMS_BASE_URL` would be. */
  readonly siteRoot: string;
  close(): Promise<void>;
}

export interface SandboxProcessOptions {
  /** 0 takes a free one. */
  readonly port: number;
  /** Whether it serves the older service layer too. */
  readonly services: 'on' | 'off';
  /** Where the sandbox keeps its state; without it, it begins anew each time. */
  readonly dataFile?: string;
  /** Hears what the sandbox writes to its standard error. */
  readonly onOutput: (line: string) => void;
}

/** How long the sandbox may take to listen, and to end. */
const startMsMax = 20_000;
const endMsMax = 5_000;

/**
 * The sandbox CMS beside this process: the one that listens on the port already, where another of our programs has
 * started it, else a new process that ends with this one. It is a program of its own and shares no code with us.
 */
export async function openSandbox(options: SandboxProcessOptions): Promise<SandboxProcess> {
  const running = options.port === 0 ? undefined : await findRunning(options.port);
  if (running !== undefined) return { siteRoot: running, close: async () => {} };
  try {
    return await startSandbox(options);
  } catch (error) {
    // Another of our programs may have been faster by a moment: then its sandbox is the one.
    const faster = options.port === 0 ? undefined : await findRunning(options.port);
    if (faster === undefined) throw error;
    return { siteRoot: faster, close: async () => {} };
  }
}

/** Where the sandbox's program is: beside the sources when they run unbuilt, inside `dist` when built. */
export function sandboxProgram(): string {
  const candidates = ['../../../sandbox/main.ts', '../../sandbox/main.js'].map((path) =>
    fileURLToPath(new URL(path, import.meta.url)),
  );
  const isSource = import.meta.url.endsWith('.ts');
  const program = candidates[isSource ? 0 : 1];
  if (program === undefined || !existsSync(program)) {
    throw new Error('The sandbox CMS is not part of this installation: set CMS_BASE_URL, or run "npm run build".');
  }
  return program;
}

async function findRunning(port: number): Promise<string | undefined> {
  try {
    const siteRoot = `http://127.0.0.1:${port}/cxp4`;
    const answer = await fetch(`${siteRoot}/_sandbox/faults`, { signal: AbortSignal.timeout(2000) });
    // A web server of another kind may answer whatever it is asked; only the sandbox lists its faults.
    return answer.ok && Array.isArray(await answer.json()) ? siteRoot : undefined;
  } catch {
    // Nothing listens there, which is the usual case, or something that does not speak JSON.
    return undefined;
  }
}

async function startSandbox(options: SandboxProcessOptions): Promise<SandboxProcess> {
  const child = spawn(
    process.execPath,
    [
      sandboxProgram(),
      '--port',
      String(options.port),
      '--exit-with-parent',
      '--services',
      options.services,
      ...(options.dataFile === undefined ? [] : ['--data', options.dataFile]),
    ],
    // It needs nothing of our environment; our secrets must not reach it. Its input ends with us, and it with that.
    // In a group of its own, Ctrl+C reaches only us: calls that are under way need it until they have ended.
    {
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'], NODE_ENV: process.env['NODE_ENV'] },
    },
  );
  createInterface({ input: child.stderr }).on('line', options.onOutput);
  const lines = createInterface({ input: child.stdout });
  const timer = setTimeout(() => child.kill('SIGKILL'), startMsMax);
  try {
    const siteRoot = await Promise.race([
      firstSiteRoot(lines, options.port),
      once(child, 'exit').then(() => {
        throw endedEarly(options.port);
      }),
    ]);
    return {
      siteRoot,
      close: async () => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        const ended = once(child, 'exit');
        child.kill('SIGTERM');
        const kill = setTimeout(() => child.kill('SIGKILL'), endMsMax);
        await ended;
        clearTimeout(kill);
      },
    };
  } finally {
    clearTimeout(timer);
  }
}

/** The sandbox says in one JSON line that it listens. */
async function firstSiteRoot(lines: AsyncIterable<string>, port: number): Promise<string> {
  for await (const line of lines) {
    const said: unknown = JSON.parse(line);
    if (typeof said === 'object' && said !== null && 'siteRoot' in said && typeof said.siteRoot === 'string') {
      return said.siteRoot;
    }
  }
  throw endedEarly(port);
}

function endedEarly(port: number): StartFailure {
  const message = `SANDBOX_PORT: the sandbox CMS cannot be started on port ${port}; its own words are in the log.`;
  return new StartFailure(message, undefined);
}
