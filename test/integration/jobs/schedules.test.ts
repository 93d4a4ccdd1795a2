import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ScheduleClock, startScheduleClock } from '../../../src/adapters/inbound/jobs/schedule-clock.ts';
import { createMemoryEventBus } from '../../../src/adapters/outbound/memory/event-bus.ts';
import { createCalendar } from '../../../src/adapters/outbound/node/calendar.ts';
import { createIdSource } from '../../../src/adapters/outbound/node/id-source.ts';
import { connectRedis } from '../../../src/adapters/outbound/redis/connection.ts';
import { createRedisJobQueue } from '../../../src/adapters/outbound/redis/job-queue.ts';
import { createRedisJobScheduler } from '../../../src/adapters/outbound/redis/job-scheduler.ts';
import { openDatabase } from '../../../src/adapters/outbound/sqlite/database.ts';
import { createSqliteJobQueue } from '../../../src/adapters/outbound/sqlite/job-queue.ts';
import { createSqliteJobScheduler } from '../../../src/adapters/outbound/sqlite/job-scheduler.ts';
import type { DomainEvent } from '../../../src/domain/events.ts';
import type { MissedRunPolicy, NewSchedule } from '../../../src/domain/model/schedule.ts';
import type { JobQueue } from '../../../src/domain/ports/job-queue.ts';
import type { JobScheduler } from '../../../src/domain/ports/job-scheduler.ts';
import { createFakeClock, type FakeClock } from '../../support/fake-clock.ts';
import { poll } from '../../support/poll.ts';
import { startRedis } from '../../support/redis.ts';

/** Schedules and the queue that they feed, in one storage. */
interface Stage {
  readonly clock: FakeClock;
  /** As many as there are "processes". */
  readonly processes: readonly { readonly jobs: JobQueue; readonly schedules: JobScheduler }[];
  close(): Promise<void>;
}

const processCount = 3;

const drivers: Readonly<Record<string, () => Promise<Stage>>> = {
  SQLite: async () => {
    const folder = await mkdtemp(join(tmpdir(), 'igx-schedules-'));
    const clock = createFakeClock(Date.now());
    const opened = Array.from({ length: processCount }, () => {
      const database = openDatabase(join(folder, 'store.db'));
      return {
        jobs: createSqliteJobQueue({ database, clock, ids: createIdSource() }),
        schedules: createSqliteJobScheduler({ database, clock, calendar: createCalendar() }),
        close: () => database.close(),
      };
    });
    return {
      clock,
      processes: opened,
      close: async () => {
        for (const one of opened) {
          await one.jobs.close();
          one.close();
        }
        await rm(folder, { recursive: true, force: true });
      },
    };
  },
  Redis: async () => {
    const redis = await startRedis();
    const clock = createFakeClock(Date.now());
    const opened = await Promise.all(
      Array.from({ length: processCount }, async () => {
        const onProblem = () => undefined;
        const connection = connectRedis(redis.url, { onProblem });
        await connection.ready(10_000);
        return {
          jobs: createRedisJobQueue({ connection, clock, onProblem }),
          schedules: createRedisJobScheduler({ connection, clock, calendar: createCalendar() }),
          close: () => connection.close(),
        };
      }),
    );
    return {
      clock,
      processes: opened,
      close: async () => {
        for (const one of opened) {
          await one.jobs.close();
          await one.close();
        }
        await redis.close();
      },
    };
  },
};

describe.each(Object.entries(drivers))('the schedule clock on %s', (_name, open) => {
  let stage: Stage;
  let keepers: ScheduleClock[];
  let told: DomainEvent[];
  let problems: unknown[];

  beforeEach(async () => {
    stage = await open();
    [keepers, told, problems] = [[], [], []];
  });
  afterEach(async () => {
    await Promise.all(keepers.map((keeper) => keeper.close()));
    await stage.close();
  });

  const startClocks = (): void => {
    for (const { jobs, schedules } of stage.processes) {
      const events = createMemoryEventBus({ onProblem: (error) => problems.push(error) });
      events.subscribe((event) => void told.push(event));
      keepers.push(
        startScheduleClock({
          runtime: { events, ports: { jobs, schedules, calendar: createCalendar(), clock: stage.clock } },
          pollMs: 10,
          onProblem: (error) => problems.push(error),
        }),
      );
    }
  };

  const first = () => {
    const [process] = stage.processes;
    if (process === undefined) throw new Error('The stage has no process.');
    return process;
  };
  const settled = (id: string) =>
    poll(`${id} to be settled`, async () => {
      const schedule = await first().schedules.get(id);
      return schedule?.last !== undefined && schedule;
    });
  const jobsOf = () => first().jobs.list({ owner: 'owner', limit: 100 });

  it('adds one job for each due time, however many processes keep the time', async () => {
    const { nextAtMs = 0 } = await first().schedules.put(hourly('backup', 'run'));
    startClocks();
    stage.clock.advance(nextAtMs - stage.clock.nowMs());
    const schedule = await settled('backup');
    expect(schedule.last).toEqual({
      dueAtMs: nextAtMs,
      settledAtMs: nextAtMs,
      outcome: 'started',
      jobId: `backup@${nextAtMs}`,
      skipped: 0,
    });
    expect(schedule.nextAtMs).toBe(nextAtMs + hourMs);
    expect(await jobsOf()).toMatchObject([
      { id: `backup@${nextAtMs}`, owner: 'owner', queue: 'reports', kind: 'test_job', input: { id: 'x1' } },
    ]);
    stage.clock.advance(hourMs);
    await poll('the second job', async () => (await jobsOf()).length === 2);
    await poll('both due times to be told', () => told.length === 2);
    expect(told).toEqual(
      Array.from({ length: 2 }, () => ({
        type: 'schedule_settled',
        scheduleId: 'backup',
        owner: 'owner',
        outcome: 'started',
      })),
    );
    expect(problems).toEqual([]);
  });

  it('makes up for missed times with one job where the policy is to run', async () => {
    const { nextAtMs = 0 } = await first().schedules.put(hourly('backup', 'run'));
    stage.clock.advance(nextAtMs + 5 * hourMs + 1 - stage.clock.nowMs());
    startClocks();
    expect((await settled('backup')).last).toMatchObject({ dueAtMs: nextAtMs, outcome: 'started', skipped: 5 });
    expect(await jobsOf()).toHaveLength(1);
  });

  it('starts nothing and tells where the policy is to report', async () => {
    const { nextAtMs = 0 } = await first().schedules.put(hourly('launch', 'report'));
    stage.clock.advance(nextAtMs + 2 * hourMs - stage.clock.nowMs());
    startClocks();
    const schedule = await settled('launch');
    expect(schedule.last).toMatchObject({ dueAtMs: nextAtMs, outcome: 'missed', skipped: 2 });
    await poll('it to be told', () => told.length === 1 && problems.length === 1);
    expect(told).toMatchObject([{ type: 'schedule_settled', scheduleId: 'launch', outcome: 'missed' }]);
    expect(String(problems[0])).toContain(new Date(nextAtMs).toISOString());
    expect(await jobsOf()).toEqual([]);
    // The next time is met in time, and runs.
    stage.clock.advance((schedule.nextAtMs ?? 0) - stage.clock.nowMs());
    await poll('the job of the next time', async () => (await jobsOf()).length === 1);
  });

  it('runs what is late but within the tolerance, whatever the policy', async () => {
    const { nextAtMs = 0 } = await first().schedules.put(hourly('launch', 'report'));
    stage.clock.advance(nextAtMs + toleranceMs - stage.clock.nowMs());
    startClocks();
    expect((await settled('launch')).last?.outcome).toBe('started');
  });

  it('adds the same job again when the process died between adding and settling', async () => {
    const schedule = hourly('backup', 'run');
    const { nextAtMs = 0 } = await first().schedules.put(schedule);
    const id = `backup@${nextAtMs}`;
    await first().jobs.add({ ...schedule.job, id, owner: 'owner' });
    stage.clock.advance(nextAtMs - stage.clock.nowMs());
    startClocks();
    await settled('backup');
    expect((await jobsOf()).map((job) => job.id)).toEqual([id]);
  });
});

const hourMs = 3_600_000;
const toleranceMs = 60_000;

function hourly(id: string, missed: MissedRunPolicy): NewSchedule {
  return {
    id,
    owner: 'owner',
    time: { kind: 'recurring', cron: '0 * * * *', timeZone: 'UTC' },
    missed,
    toleranceMs,
    job: { queue: 'reports', kind: 'test_job', input: { id: 'x1' }, attemptsMax: 3, backoffMs: 10 },
  };
}
