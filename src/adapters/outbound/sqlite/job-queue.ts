import type { JobQueue } from '../../../domain/ports/job-queue.ts';
import type { Clock, IdSource } from '../../../domain/ports/system.ts';
import type { Database } from './database.ts';
import { createJobRows } from './job-rows.ts';
import { type JobWorker, startJobWorker } from './job-worker.ts';

/**
 * The embedded JobQueue: jobs are rows of the database file, which several processes may share. A worker sees the jobs
 * and cancellations of its own process at once, and those of other processes within `pollMs`.
 *
 * Closing ends the workers but not the database, which belongs to whoever opened it.
 */
export function createSqliteJobQueue(parts: SqliteJobQueueParts): JobQueue {
  const { database, clock, ids, pollMs = pollMsDefault } = parts;
  const rows = createJobRows(database, clock);
  const workers = new Set<JobWorker>();
  const wakeWorkers = (): void => {
    for (const worker of workers) worker.wake();
  };

  return {
    add: async (job) => {
      const accepted = rows.add(job);
      wakeWorkers();
      return accepted;
    },
    get: async (id) => rows.find(id),
    list: async (query) => rows.list(query),
    cancel: async (id) => {
      const job = rows.cancel(id);
      wakeWorkers();
      return job;
    },
    retry: async (id) => {
      const job = rows.retry(id);
      wakeWorkers();
      return job;
    },
    work: (queue, handler, options) => {
      // A job that ends frees a place that a worker of another queue may wait for.
      const worker = startJobWorker({ rows, clock, ids, pollMs, queue, handler, options, onPlaceFree: wakeWorkers });
      workers.add(worker);
      return {
        close: async (graceMs) => {
          await worker.close(graceMs);
          workers.delete(worker);
        },
      };
    },
    counts: async () => rows.counts(),
    close: async () => {
      await Promise.all([...workers].map((worker) => worker.close(0)));
      workers.clear();
    },
  };
}

export interface SqliteJobQueueParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly ids: IdSource;
  /** How often a worker looks for what other processes did, in milliseconds. */
  readonly pollMs?: number;
}

const pollMsDefault = 200;
