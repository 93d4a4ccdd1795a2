import type { Runtime } from '../../../application/pipeline/flow.ts';
import type { Schedule, SettledTime } from '../../../domain/model/schedule.ts';
import { jobIdOfDueTime, turnOfDueTime } from '../../../domain/policy/settle-schedule.ts';
import type { DueSchedule } from '../../../domain/ports/job-scheduler.ts';

export interface ScheduleClockOptions {
  readonly runtime: Pick<Runtime, 'events'> & {
    readonly ports: Pick<Runtime['ports'], 'schedules' | 'jobs' | 'calendar' | 'clock'>;
  };
  /** How often it looks for what is due, in milliseconds. */
  readonly pollMs?: number;
  /** Told of failures: of the storage, and of due times that were missed and are not made up for. */
  readonly onProblem: (error: unknown) => void;
}

export interface ScheduleClock {
  close(): Promise<void>;
}

/**
 * Keeps the time for schedules: adds the job of each due time and settles it. Every worker process has one. That is
 * safe: they all name the same job for the same due time, and only one of them settles it.
 */
export function startScheduleClock(options: ScheduleClockOptions): ScheduleClock {
  const { runtime, pollMs = pollMsDefault, onProblem } = options;
  const { schedules, jobs, calendar, clock } = runtime.ports;
  let looking: Promise<void> | undefined;
  let isClosed = false;

  const settle = async (schedule: DueSchedule): Promise<void> => {
    const [dueAtMs, settledAtMs] = [schedule.nextAtMs, clock.nowMs()];
    const skipped = countSkipped(schedule, settledAtMs);
    const turn = turnOfDueTime(schedule, dueAtMs, settledAtMs);
    let settled: SettledTime = { dueAtMs, settledAtMs, outcome: 'missed', skipped };
    if (turn === 'start') {
      const id = jobIdOfDueTime(schedule.id, dueAtMs);
      // Added before it is settled: whoever dies in between leaves a due time that the next one adds the same job for.
      const { id: jobId } = await jobs.add({ ...schedule.job, id, owner: schedule.owner });
      settled = { dueAtMs, settledAtMs, outcome: 'started', jobId, skipped };
    }
    if (!(await schedules.settle(schedule.id, settled))) return;
    if (settled.outcome === 'missed') onProblem(missedRun(schedule, settled));
    const { id: scheduleId, owner } = schedule;
    await runtime.events.publish([{ type: 'schedule_settled', scheduleId, owner, outcome: settled.outcome }]);
  };

  const countSkipped = (schedule: Schedule, nowMs: number): number => {
    if (schedule.time.kind === 'once' || schedule.nextAtMs === undefined) return 0;
    let skipped = 0;
    let atMs = calendar.next(schedule.time, schedule.nextAtMs);
    for (; atMs <= nowMs && skipped < skippedMax; skipped++) atMs = calendar.next(schedule.time, atMs);
    return skipped;
  };

  const look = async (): Promise<void> => {
    try {
      for (const schedule of await schedules.due(dueMax)) {
        if (isClosed) return;
        try {
          await settle(schedule);
        } catch (error) {
          // The next look tries again; one schedule that cannot be settled does not stop the others.
          onProblem(error);
        }
      }
    } catch (error) {
      // The storage is away: nothing is lost, the due times stay due.
      onProblem(error);
    }
  };

  const timer = setInterval(() => {
    looking ??= look().finally(() => {
      looking = undefined;
    });
  }, pollMs);

  return {
    async close() {
      isClosed = true;
      clearInterval(timer);
      await looking;
    },
  };
}

const pollMsDefault = 500;

/** How many due schedules one look settles; the rest waits for the next look. */
const dueMax = 100;

/** A rule that is due every minute and slept for a week would be counted for long, and nobody wants to know exactly. */
const skippedMax = 1_000;

function missedRun(schedule: Schedule, { dueAtMs, skipped }: SettledTime): Error {
  const more = skipped === 0 ? '' : `, and ${skipped} more since`;
  return new Error(
    `The schedule ${schedule.id} (${schedule.job.kind}) was due at ${new Date(dueAtMs).toISOString()}${more}, while no worker ran. Its policy is to report: nothing was started.`,
  );
}
