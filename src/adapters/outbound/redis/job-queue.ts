import { Queue as BullQueue } from 'bullmq';
import { type Job, jobStates, priorityDefault, type QueueName, queueNames } from '../../../domain/model/job.ts';
import { checkJobInput } from '../../../domain/policy/job-payload.ts';
import {
  type JobQuery,
  type JobQueue,
  keepSeconds,
  keptJobsMax,
  type Worker,
} from '../../../domain/ports/job-queue.ts';
import type { Clock } from '../../../domain/ports/system.ts';
import type { RedisConnection } from './connection.ts';
import { bullPriorityOf, type JobData, jobKeyOf, placesOfState } from './job-hash.ts';
import { type Acceptance, createJobScripts } from './job-scripts.ts';
import { startJobWorker } from './job-worker.ts';
import { keys } from './keys.ts';

/**
 * The JobQueue on Redis, with BullMQ. A job is BullMQ's job: its hash holds everything there is to know about it. Calls
 * fail with `STORAGE_UNAVAILABLE` in less than a second while Redis is away; workers wait for it.
 *
 * How durable an accepted job is depends on the settings of Redis: see `checkRedisSettings`. Closing ends the workers
 * but not the connection, which belongs to whoever opened it.
 */
export function createRedisJobQueue(parts: RedisJobQueueParts): JobQueue {
  const { connection, clock } = parts;
  const scripts = createJobScripts(connection.client);
  const bullQueues = createBullQueues(parts);
  const workers = new Set<Worker>();

  const handOver = ({ job, turn }: Acceptance): Promise<unknown> => {
    const { id, owner, input, attemptsMax, lanes } = job;
    const data: JobData = { id, owner, input, attemptsMax, ...(lanes === undefined ? {} : { lanes }) };
    return bullQueues[job.queue].add(job.kind, data, {
      jobId: jobKeyOf(job.id),
      timestamp: job.createdAtMs,
      delay: job.delayMs ?? 0,
      // Never 0, which would put the job before all others.
      priority: bullPriorityOf(job.priority ?? priorityDefault, turn),
      attempts: job.attemptsMax,
      // Any name that BullMQ does not know: the worker's strategy answers the wait.
      backoff: { type: 'doubling', delay: job.backoffMs },
      removeOnComplete: { age: keepSeconds, count: keptJobsMax },
      removeOnFail: { age: keepSeconds, count: keptJobsMax },
      // The trace would be that of the worker's own throw, once more for each run.
      stackTraceLimit: 0,
    });
  };

  const listOf = async (owner: string, query: JobQuery): Promise<readonly Job[]> => {
    const { limit } = query;
    const jobs: Job[] = [];
    // Entries whose jobs are gone or do not fit are passed over, so that one page of the list may not be enough.
    for (let from = 0; jobs.length < limit; from += limit) {
      const jobKeys = await connection.client.zrevrange(keys.jobsOfOwner(owner), from, from + limit - 1);
      if (jobKeys.length === 0) break;
      const found = await Promise.all(jobKeys.map((jobKey) => scripts.find(jobKey)));
      jobs.push(...found.filter((job) => job !== undefined).filter((job) => fits(job, query)));
    }
    return jobs.slice(0, limit);
  };

  const listAll = async (query: JobQuery): Promise<readonly Job[]> => {
    const places = new Set((query.states ?? jobStates).flatMap((state) => placesOfState[state]));
    const queues = query.queue === undefined ? queueNames : [query.queue];
    const bullJobs = await Promise.all(
      queues.map((queue) => bullQueues[queue].getRanges([...places], 0, Math.max(listedMax, query.limit) - 1, false)),
    );
    const found = await Promise.all([...new Set(bullJobs.flat())].map((jobKey) => scripts.find(jobKey)));
    return found
      .filter((job) => job !== undefined)
      .filter((job) => fits(job, query))
      .toSorted((one, other) => other.createdAtMs - one.createdAtMs || (one.id < other.id ? 1 : -1))
      .slice(0, query.limit);
  };

  return {
    add: async (job) => {
      checkJobInput(job.input);
      return connection.run(async () => {
        const first = await scripts.accept({ ...job, createdAtMs: clock.nowMs() });
        if (first !== undefined) await handOver(first);
        const accepted = await scripts.find(jobKeyOf(job.id));
        if (accepted === undefined) throw new Error(`The job ${job.id} was added and is not there.`);
        return accepted;
      });
    },

    get: (id) => connection.run(() => scripts.find(jobKeyOf(id))),

    list: (query) => connection.run(() => (query.owner === undefined ? listAll(query) : listOf(query.owner, query))),

    cancel: (id) => connection.run(() => scripts.cancel(jobKeyOf(id), clock.nowMs())),

    retry: (id) => connection.run(() => scripts.retry(jobKeyOf(id))),

    work: (queue, handler, options) => {
      const worker = startJobWorker({ connection, clock, queue, handler, options });
      workers.add(worker);
      return {
        close: async (graceMs) => {
          await worker.close(graceMs);
          workers.delete(worker);
        },
      };
    },

    counts: () =>
      connection.run(async () => {
        const counts = await Promise.all(
          queueNames.map(async (queue) => {
            const [count, aside] = await Promise.all([
              bullQueues[queue].getJobCounts('wait', 'prioritized', 'delayed', 'active'),
              scripts.countAside(queue),
            ]);
            const { wait = 0, prioritized = 0, delayed = 0, active = 0 } = count;
            return [queue, { queued: wait + prioritized + delayed, running: active, ...aside }] as const;
          }),
        );
        // `fromEntries` forgets that every name of the table is there.
        return Object.fromEntries(counts) as Record<QueueName, (typeof counts)[number][1]>;
      }),

    close: async () => {
      await Promise.all([...workers].map((worker) => worker.close(0)));
      workers.clear();
      await Promise.all(queueNames.map((queue) => bullQueues[queue].close()));
    },
  };
}

export interface RedisJobQueueParts {
  readonly connection: RedisConnection;
  readonly clock: Clock;
  /** Told of failures that no call answers. */
  readonly onProblem: (error: unknown) => void;
}

/** How many jobs of each place BullMQ is asked for at least, where all owners' jobs are listed: some do not fit. */
const listedMax = 1_000;

function fits(job: Job, { queue, states }: JobQuery): boolean {
  return (queue === undefined || job.queue === queue) && (states === undefined || states.includes(job.state));
}

function createBullQueues(parts: RedisJobQueueParts): Record<QueueName, BullQueue<JobData>> {
  const { client } = parts.connection;
  const entries = queueNames.map((queue) => {
    const bullQueue = new BullQueue<JobData>(queue, {
      connection: client,
      prefix: keys.jobs,
      // `checkRedisSettings` looks at the version; a look by each queue could fail and would spoil that queue for good.
      skipVersionCheck: true,
      skipMetasUpdate: true,
    });
    bullQueue.on('error', (error) => {
      // While the connection is away it reports that itself; BullMQ would repeat it for each queue.
      if (client.status === 'ready') parts.onProblem(error);
    });
    return [queue, bullQueue] as const;
  });
  // `fromEntries` forgets that every name of the table is there.
  return Object.fromEntries(entries) as Record<QueueName, BullQueue<JobData>>;
}
