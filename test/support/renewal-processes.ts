import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { StorePlace } from './store-processes.ts';

/** So many calls at once in the name of one grant. */
export interface RenewalOrder {
  readonly grantId: string;
  readonly calls: number;
}

export interface RenewalReport {
  /** The different ends that the calls had: `ok` or the code of an error. */
  readonly outcomes: readonly string[];
  readonly calls: number;
  /** Why this process ended the grant, if it did. */
  readonly revocations: readonly string[];
  /** What the driver told of, in its order. */
  readonly events: readonly string[];
}

export interface RenewalProcess {
  order(order: RenewalOrder): Promise<RenewalReport>;
  /** As `kill -9`. */
  kill(): Promise<void>;
}

const program = fileURLToPath(new URL('./renewal-process.ts', import.meta.url));

/** Starts a process that calls the CMS in the name of grants whose credentials are at `place`. */
export async function startRenewalProcess(
  place: StorePlace,
  siteRoot: string,
  timeoutMs: number,
): Promise<RenewalProcess> {
  const child = spawn(process.execPath, [program, place.driver, place.location, siteRoot, String(timeoutMs)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<unknown> => {
    const line = await lines.next();
    if (line.done === true) throw new Error('The process ended without an answer; see its stderr above.');
    return JSON.parse(line.value);
  };
  await next();
  return {
    order: async (order) => {
      child.stdin.write(`${JSON.stringify(order)}\n`);
      // renewal-process.ts answers each line with a report.
      return (await next()) as RenewalReport;
    },
    kill: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}
