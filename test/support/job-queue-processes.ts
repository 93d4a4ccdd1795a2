import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ProcessOrder } from './job-queue-process.ts';
import { poll } from './poll.ts';

/** Starts a process that does the order, and follows what it says. */
export function startJobQueueProcess(order: ProcessOrder): JobQueueProcess {
  const child = spawn(process.execPath, [program, JSON.stringify(order)], { stdio: ['ignore', 'pipe', 'pipe'] });
  const said: Said[] = [];
  let complaints = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaints += chunk.toString();
  });
  // Each line is one JSON text of the program; a line that a kill has cut off is none.
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line.endsWith('}')) said.push(JSON.parse(line) as Said);
  });
  return {
    pid: child.pid ?? 0,
    said,
    signal: (name) => {
      child.kill(name);
    },
    hears: (word) =>
      poll(`the process to say "${word}" (it said ${JSON.stringify(said)}; ${complaints})`, () => {
        if (hasEnded(child) && !said.some((saying) => word in saying)) {
          throw new Error(`The process ended without saying "${word}": ${complaints}`);
        }
        return said.find((saying) => word in saying);
      }),
    ended: async () => {
      if (!hasEnded(child)) await once(child, 'exit');
    },
    kill: async () => {
      if (hasEnded(child)) return;
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
    },
  };
}

export interface JobQueueProcess {
  readonly pid: number;
  /** Everything said so far. */
  readonly said: readonly Said[];
  signal(name: 'SIGSTOP' | 'SIGCONT'): void;
  /** Waits until something was said that has this key. */
  hears(word: string): Promise<Said>;
  ended(): Promise<void>;
  /** As `kill -9`. */
  kill(): Promise<void>;
}

export type Said = Readonly<Record<string, unknown>>;

const program = fileURLToPath(new URL('./job-queue-process.ts', import.meta.url));

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
