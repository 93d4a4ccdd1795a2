import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createSqliteStorage, type JobQueueStorage } from '../test/support/job-queue-storage.ts';
import { startRedis } from '../test/support/redis.ts';
import { type Benchmark, figure, median } from './harness.ts';
import type { SoakOrder, SoakSample } from './queue-soak-process.ts';

/** Whether a process that adds and runs jobs for long holds on to memory: one process for each driver, side by side. */
export const queueSoak: Benchmark = {
  name: 'queue-soak',
  asks: 'Does a process that adds and runs jobs for ten minutes need more and more memory?',
  isLong: true,
  async run() {
    const storages = [await createSqliteStorage(), await createRedisStorage()];
    const children: ChildProcess[] = [];
    try {
      const rows = await Promise.all(
        storages.map(async ({ driver, location }) => {
          const order: SoakOrder = { driver, location, minutes, jobsPerSecond };
          const child = fork(program, [JSON.stringify(order)], { execArgv: ['--expose-gc'] });
          children.push(child);
          return rowOf(driver, await samplesOf(child));
        }),
      );
      return {
        columns: [
          'driver',
          'heap, last third times second third',
          'heap after a minute, MB',
          'heap at the end, MB',
          'resident at the end, MB',
          'jobs ended',
          'jobs lost',
        ],
        rows,
        remarks: [
          `${minutes} minutes, ${jobsPerSecond} jobs a second on each driver, at the same time on one machine: one in ten fails once and runs again, one in twenty is cancelled, each has a step and tells its progress. The heap is measured after a full collection, every ten seconds; the first third is left out, in which caches fill.`,
        ],
      };
    } finally {
      for (const child of children) child.kill('SIGKILL');
      for (const storage of storages) await storage.close();
    }
  },
};

const minutes = Number(process.env['SOAK_MINUTES'] ?? 10);
const jobsPerSecond = 20;
const program = fileURLToPath(new URL('./queue-soak-process.ts', import.meta.url));

async function samplesOf(child: ChildProcess): Promise<readonly SoakSample[]> {
  const samples: SoakSample[] = [];
  // The program says nothing else.
  child.on('message', (sample) => samples.push(sample as SoakSample));
  const [code] = await once(child, 'exit');
  if (code !== 0 || samples.length < 3) throw new Error(`The soak ended early (exit code ${String(code)}).`);
  return samples;
}

function rowOf(driver: string, samples: readonly SoakSample[]): readonly string[] {
  const third = Math.floor(samples.length / 3);
  const heapOf = (some: readonly SoakSample[]) => median(some.map(({ heapBytes }) => heapBytes));
  const last = samples.at(-1);
  const megabytes = (bytes: number) => figure(bytes / 1e6);
  return [
    driver,
    figure(heapOf(samples.slice(-third)) / heapOf(samples.slice(third, -third))),
    megabytes(samples[Math.min(5, samples.length - 1)]?.heapBytes ?? 0),
    megabytes(last?.heapBytes ?? 0),
    megabytes(last?.residentBytes ?? 0),
    String(last?.ended ?? 0),
    String((last?.added ?? 0) - (last?.ended ?? 0)),
  ];
}

async function createRedisStorage(): Promise<JobQueueStorage> {
  const server = await startRedis({ appendOnly: true });
  return { driver: 'redis', location: server.url, close: () => server.close() };
}
