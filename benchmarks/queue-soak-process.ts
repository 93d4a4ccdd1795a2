import { setTimeout as pause } from 'node:timers/promises';
import { DomainError } from '../src/domain/errors.ts';
import { finalJobStates } from '../src/domain/model/job.ts';
import { type JobQueueDriver, openJobQueue, wideFleet } from '../test/support/job-queue-storage.ts';

/** One process of the soak: adds jobs at a steady rate, runs them, and tells its memory. */
export interface SoakOrder {
  readonly driver: JobQueueDriver;
  readonly location: string;
  readonly minutes: number;
  readonly jobsPerSecond: number;
}

export interface SoakSample {
  readonly heapBytes: number;
  readonly residentBytes: number;
  readonly added: number;
  readonly ended: number;
}

const sampleMs = 10_000;
const endMsMax = 60_000;

// The benchmark wrote it.
const order = JSON.parse(process.argv[2] ?? '') as SoakOrder;
const { queue, close } = await openJobQueue(order, (error) => process.stderr.write(`${String(error)}\n`));
let [added, ended] = [0, 0];
const worker = queue.work(
  'reports',
  async (run) => {
    const number = Number(run.job.input);
    await run.step('first', async () => ({ kept: 'x'.repeat(500) }));
    await run.progress({ percent: 50, message: 'half' });
    if (number % 10 === 0 && run.job.attempts === 1) throw new DomainError('CMS_UNAVAILABLE', 'away');
    return { number };
  },
  {
    concurrency: 4,
    fleet: wideFleet,
    leaseMs: 30_000,
    onProblem: (error) => process.stderr.write(`${String(error)}\n`),
  },
);

const open = new Set<string>();
const endsAtMs = performance.now() + order.minutes * 60_000;
let sampledAtMs = performance.now();
for (let at = 0; performance.now() < endsAtMs; at += 1) {
  const { id } = await patiently(() =>
    queue.add({
      ...{ id: `soak_${at}`, queue: 'reports', kind: 'soak', owner: `owner-${at % 7}`, input: at },
      ...{ attemptsMax: 3, backoffMs: 20 },
    }),
  );
  added += 1;
  open.add(id);
  if (at % 20 === 0) await patiently(() => queue.cancel(id));
  await forgetEnded();
  if (performance.now() - sampledAtMs >= sampleMs) {
    sampledAtMs = performance.now();
    sample();
  }
  await pause(1_000 / order.jobsPerSecond);
}
for (const untilMs = performance.now() + endMsMax; open.size > 0 && performance.now() < untilMs; await pause(50)) {
  await forgetEnded();
}
sample();
await worker.close(1_000);
await close();
process.disconnect();

/** The oldest few that have not ended yet are looked at; nobody keeps what has. */
async function forgetEnded(): Promise<void> {
  for (const id of [...open].slice(0, 5)) {
    const job = await patiently(() => queue.get(id));
    if (job === undefined || !finalJobStates.includes(job.state)) continue;
    open.delete(id);
    ended += 1;
  }
}

/** On a machine this busy, Redis may not answer in time. */
async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'STORAGE_UNAVAILABLE') throw error;
      await pause(50);
    }
  }
}

function sample(): void {
  globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  const told: SoakSample = { heapBytes: heapUsed, residentBytes: rss, added, ended };
  process.send?.(told);
}
