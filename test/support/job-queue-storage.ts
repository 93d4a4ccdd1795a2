import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClock } from '../../src/adapters/outbound/node/clock.ts';
import { createIdSource } from '../../src/adapters/outbound/node/id-source.ts';
import { connectRedis } from '../../src/adapters/outbound/redis/connection.ts';
import { createRedisExpiringRecords } from '../../src/adapters/outbound/redis/expiring-records.ts';
import { createRedisJobQueue } from '../../src/adapters/outbound/redis/job-queue.ts';
import { openDatabase } from '../../src/adapters/outbound/sqlite/database.ts';
import { createSqliteExpiringRecords } from '../../src/adapters/outbound/sqlite/expiring-records.ts';
import { createSqliteJobQueue } from '../../src/adapters/outbound/sqlite/job-queue.ts';
import type { ExpiringRecords } from '../../src/domain/ports/expiring-records.ts';
import type { JobQueue } from '../../src/domain/ports/job-queue.ts';
import { startRedis } from './redis.ts';

/** The drivers of the JobQueue, by the name that a process is told. */
export type JobQueueDriver = keyof typeof openers;

/** A storage that several JobQueues share, in this process and in others. */
export interface JobQueueStorage {
  readonly driver: JobQueueDriver;
  /** What another process needs to open the same storage: a file or a URL. */
  readonly location: string;
  close(): Promise<void>;
}

export interface OpenedJobQueue {
  readonly queue: JobQueue;
  /** Of the same storage. */
  readonly records: ExpiringRecords;
  close(): Promise<void>;
}

/** Opens a JobQueue with connections of its own, as a further process has it. */
export async function openJobQueue(
  storage: Pick<JobQueueStorage, 'driver' | 'location'>,
  onProblem: (error: unknown) => void = () => undefined,
): Promise<OpenedJobQueue> {
  return openers[storage.driver](storage.location, onProblem);
}

/** A database file in a folder of its own. */
export async function createSqliteStorage(): Promise<JobQueueStorage> {
  const folder = await mkdtemp(join(tmpdir(), 'igx-jobs-'));
  return {
    driver: 'sqlite',
    location: join(folder, 'jobs.sqlite'),
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

/** A Redis of its own, with the append-only file that the product asks for. */
export async function createRedisStorage(): Promise<JobQueueStorage> {
  const redis = await startRedis({ appendOnly: true });
  return { driver: 'redis', location: redis.url, close: () => redis.close() };
}

/** For tests that bound the runs of a worker only: more places than any of them needs. */
export const wideFleet = { all: 1_000, queue: 1_000 };

/** How long a new connection may take, in milliseconds. */
const connectTimeoutMs = 10_000;

const openers = {
  sqlite: async (location: string): Promise<OpenedJobQueue> => {
    const database = openDatabase(location);
    const queue = createSqliteJobQueue({ database, clock: createClock(), ids: createIdSource(), pollMs: 50 });
    return {
      queue,
      records: createSqliteExpiringRecords({ database, clock: createClock() }),
      close: async () => {
        await queue.close();
        database.close();
      },
    };
  },
  redis: async (location: string, onProblem: (error: unknown) => void): Promise<OpenedJobQueue> => {
    const connection = connectRedis(location, { onProblem });
    await connection.ready(connectTimeoutMs);
    const queue = createRedisJobQueue({ connection, clock: createClock(), onProblem });
    return {
      queue,
      records: createRedisExpiringRecords({ connection }),
      close: async () => {
        await queue.close();
        await connection.close();
      },
    };
  },
};
