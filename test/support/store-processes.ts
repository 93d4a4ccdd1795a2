import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { AccessTokenRecord } from '../../src/domain/model/access-token.ts';
import type { NewSchedule } from '../../src/domain/model/schedule.ts';

/** What a process shall do on the shared store. */
export type StoreOrder =
  | { readonly act: 'add-tokens'; readonly tokens: readonly AccessTokenRecord[] }
  | { readonly act: 'put-schedule'; readonly schedule: NewSchedule }
  | { readonly act: 'append-audit'; readonly subject: string; readonly count: number }
  | { readonly act: 'acquire'; readonly keys: readonly string[]; readonly ttlMs: number }
  | { readonly act: 'create-oauth' | 'consume-oauth'; readonly kind: string; readonly hashes: readonly string[] }
  | { readonly act: 'create' | 'take' | 'replace'; readonly keys: readonly string[] };

/** Where the shared store is: a database file or the URL of a Redis. */
export interface StorePlace {
  readonly driver: 'sqlite' | 'redis';
  readonly location: string;
}

/**
 * Starts one process for each order, lets them all begin at the same moment, and kills each with -9 as soon as it has
 * answered. The answers are those of `create`, `take` and `acquire`, key by key.
 */
export async function inProcesses(
  place: StorePlace,
  orders: readonly StoreOrder[],
): Promise<readonly (readonly boolean[])[]> {
  const processes = orders.map(() => startProcess(place));
  try {
    await Promise.all(processes.map(({ next }) => next()));
    return await Promise.all(
      processes.map(async ({ child, next }, index) => {
        child.stdin?.write(JSON.stringify(orders[index]));
        // store-process.ts answers with a list of booleans.
        const answers = (await next()) as readonly boolean[];
        child.kill('SIGKILL');
        return answers;
      }),
    );
  } finally {
    await Promise.all(processes.map(({ child }) => end(child)));
  }
}

const program = fileURLToPath(new URL('./store-process.ts', import.meta.url));

function startProcess({ driver, location }: StorePlace) {
  const child = spawn(process.execPath, [program, driver, location], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<unknown> => {
    const line = await lines.next();
    if (line.done === true) throw new Error('The store process ended without an answer; see its stderr above.');
    return JSON.parse(line.value);
  };
  return { child, next };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}
