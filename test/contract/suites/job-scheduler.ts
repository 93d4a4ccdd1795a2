import { expect } from 'vitest';
import type { NewSchedule, SettledTime } from '../../../src/domain/model/schedule.ts';
import { jobInputBytesMax } from '../../../src/domain/policy/job-payload.ts';
import type { JobScheduler } from '../../../src/domain/ports/job-scheduler.ts';
import type { FakeClock } from '../../support/fake-clock.ts';
import { another, type Contract, describeContract, type Opened } from '../../support/store-contract.ts';

/** The laws of src/domain/ports/job-scheduler.ts. */
export interface OpenedJobScheduler extends Opened {
  readonly subject: JobScheduler;
  /** The scheduler of another process, by the same clock. */
  readonly other?: JobScheduler;
  /** It begins at the machine's time, by which a storage may let things run out. */
  readonly clock: FakeClock;
  /** Puts a schedule in another process, which is killed with -9 as soon as it has answered. */
  readonly putAndCrash: (schedule: NewSchedule) => Promise<JobScheduler>;
  /** How long the storage will keep an ended schedule, in seconds from its end. */
  readonly keptSeconds: (id: string) => Promise<number>;
}

export function jobSchedulerContract(contract: Contract<OpenedJobScheduler>): void {
  describeContract('JobScheduler', contract, {
    'accepted means durable: a kill -9 of the process that put it loses nothing': async ({ putAndCrash }) => {
      const after = await putAndCrash(hourly('durable'));
      expect(await after.get('durable')).toMatchObject(hourly('durable'));
    },

    'answers what was put, and `get` answers the same': async ({ subject, other, clock }) => {
      const schedule = hourly('backup', { job: { ...job, input: { deep: ['ü', null, 1.5] }, priority: 3 } });
      const put = await subject.put(schedule);
      expect(put).toEqual({ ...schedule, createdAtMs: clock.nowMs(), nextAtMs: nextHour(clock) });
      expect(await subject.get('backup')).toEqual(put);
      expect(await another(other).get('backup')).toEqual(put);
      expect(await subject.get('unknown')).toBeUndefined();
    },

    'the same again changes nothing; anything different replaces it and counts from now': async (opened) => {
      const { subject, clock } = opened;
      const first = await subject.put(hourly('one'));
      clock.advance(90 * minuteMs);
      expect(await subject.put(hourly('one'))).toEqual(first);
      const replaced = await subject.put(hourly('one', { missed: 'report' }));
      expect(replaced).toMatchObject({ missed: 'report', createdAtMs: clock.nowMs(), nextAtMs: nextHour(clock) });
      expect(await subject.due(10)).toEqual([]);
    },

    'a recurring schedule is due strictly after `put`, a one-time one at once where its time has passed': async (
      opened,
    ) => {
      const { subject, clock } = opened;
      clock.advance(nextHour(clock) - clock.nowMs());
      await subject.put(hourly('recurring'));
      await subject.put(once('past', '2020-01-01T00:00'));
      expect((await subject.due(10)).map(({ id }) => id)).toEqual(['past']);
      clock.advance(60 * minuteMs - 1);
      expect((await subject.due(10)).map(({ id }) => id)).toEqual(['past']);
      clock.advance(1);
      expect((await subject.due(10)).map(({ id }) => id)).toEqual(['past', 'recurring']);
    },

    'is due at the times of its rule in its zone': async ({ subject }) => {
      const { nextAtMs } = await subject.put(once('zoned', '2099-07-01T09:00', 'America/New_York'));
      expect(new Date(nextAtMs ?? 0).toISOString()).toBe('2099-07-01T13:00:00.000Z');
    },

    'what is due stays due until it is settled, the longest overdue first, as many as asked for': async (opened) => {
      const { subject, other, clock } = opened;
      for (const [id, year] of [
        ['b', '2002'],
        ['a', '2003'],
        ['c', '2001'],
      ] as const) {
        await subject.put(once(id, `${year}-01-01T00:00`));
      }
      expect((await another(other).due(2)).map(({ id }) => id)).toEqual(['c', 'b']);
      const [first] = await subject.due(1);
      expect(await subject.settle('c', started(first?.nextAtMs ?? 0, clock))).toBe(true);
      expect((await another(other).due(10)).map(({ id }) => id)).toEqual(['b', 'a']);
    },

    'of several processes that settle one due time one hears true': async ({ subject, other, clock }) => {
      const put = await subject.put(hourly('raced'));
      const dueAtMs = put.nextAtMs ?? 0;
      clock.advance(61 * minuteMs);
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, index) =>
          (index % 2 === 0 ? subject : another(other)).settle('raced', {
            ...started(dueAtMs, clock),
            jobId: `${index}`,
          }),
        ),
      );
      const winner = answers.indexOf(true);
      expect(answers.filter(Boolean)).toHaveLength(1);
      expect((await subject.get('raced'))?.last?.jobId).toBe(String(winner));
      expect(await subject.settle('raced', started(dueAtMs, clock))).toBe(false);
    },

    'settling moves a recurring schedule to its next time after now, and tells how it went': async (opened) => {
      const { subject, clock } = opened;
      const put = await subject.put(hourly('recurring'));
      const dueAtMs = put.nextAtMs ?? 0;
      // Down for five hours: the missed times in between are not due one after the other.
      clock.advance(dueAtMs - clock.nowMs() + 5 * 60 * minuteMs + 1);
      const settled: SettledTime = { dueAtMs, settledAtMs: clock.nowMs(), outcome: 'missed', skipped: 5 };
      expect(await subject.settle('recurring', settled)).toBe(true);
      expect(await subject.get('recurring')).toEqual({ ...put, nextAtMs: nextHour(clock), last: settled });
      expect(await subject.due(10)).toEqual([]);
    },

    'settling ends a one-time schedule, which is kept at least `keepSeconds`': async (opened) => {
      const { subject, clock, keptSeconds } = opened;
      const schedule = once('launch', '2020-01-01T00:00');
      const { nextAtMs = 0 } = await subject.put(schedule);
      expect(await subject.settle('launch', started(nextAtMs, clock))).toBe(true);
      const over = await subject.get('launch');
      expect(over).toMatchObject({ last: { outcome: 'started', jobId: 'job' } });
      expect(over).not.toHaveProperty('nextAtMs');
      // Putting it again does not start it anew.
      expect(await subject.put(schedule)).toEqual(over);
      expect(await subject.due(10)).toEqual([]);
      expect(await subject.list({})).toEqual([over]);
      expect(await keptSeconds('launch')).toBeGreaterThanOrEqual(7 * 24 * 3600 - 60);
    },

    'lists those of one owner or of all, the next due one first and those that are over last': async (opened) => {
      const { subject, clock } = opened;
      await subject.put(once('over', '2020-01-01T00:00'));
      await subject.settle('over', started((await subject.get('over'))?.nextAtMs ?? 0, clock));
      await subject.put(once('late', '2099-01-01T00:00'));
      await subject.put({ ...once('foreign', '2098-01-01T00:00'), owner: 'someone: else' });
      await subject.put(hourly('soon'));
      expect((await subject.list({})).map(({ id }) => id)).toEqual(['soon', 'foreign', 'late', 'over']);
      expect((await subject.list({ owner: 'owner' })).map(({ id }) => id)).toEqual(['soon', 'late', 'over']);
      expect(await subject.list({ owner: 'nobody' })).toEqual([]);
    },

    'a removed schedule is never due again and cannot be settled': async ({ subject, other, clock }) => {
      const { nextAtMs = 0 } = await subject.put(once('gone', '2020-01-01T00:00'));
      expect(await another(other).remove('gone')).toBe(true);
      expect(await subject.remove('gone')).toBe(false);
      expect(await subject.settle('gone', started(nextAtMs, clock))).toBe(false);
      expect(await subject.due(10)).toEqual([]);
      expect(await subject.get('gone')).toBeUndefined();
    },

    'what cannot be read or is too large is refused at `put`, and nothing is stored': async ({ subject }) => {
      const tooLarge = { ...job, input: 'x'.repeat(jobInputBytesMax) };
      await expect(subject.put(once('bad', 'tomorrow'))).rejects.toMatchObject({ code: 'BAD_INPUT' });
      await expect(subject.put(once('bad', '2026-01-01T00:00', 'Nowhere'))).rejects.toMatchObject({
        code: 'BAD_INPUT',
      });
      await expect(subject.put(hourly('bad', { job: tooLarge }))).rejects.toMatchObject({ code: 'TOO_LARGE' });
      expect(await subject.list({})).toEqual([]);
    },
  });
}

const minuteMs = 60_000;

const job = { queue: 'reports', kind: 'test_job', input: { id: 'x1' }, attemptsMax: 3, backoffMs: 10 } as const;

function hourly(id: string, differing: Partial<NewSchedule> = {}): NewSchedule {
  const time = { kind: 'recurring', cron: '0 * * * *', timeZone: 'UTC' } as const;
  return { id, owner: 'owner', time, missed: 'run', toleranceMs: minuteMs, job, ...differing };
}

function once(id: string, at: string, timeZone = 'UTC'): NewSchedule {
  return hourly(id, { time: { kind: 'once', at, timeZone } });
}

function started(dueAtMs: number, clock: FakeClock): SettledTime {
  return { dueAtMs, settledAtMs: clock.nowMs(), outcome: 'started', jobId: 'job', skipped: 0 };
}

/** The next full hour strictly after now. */
function nextHour(clock: FakeClock): number {
  return (Math.floor(clock.nowMs() / (60 * minuteMs)) + 1) * 60 * minuteMs;
}
