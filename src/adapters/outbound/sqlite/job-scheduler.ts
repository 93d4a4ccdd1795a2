import type { NewSchedule, Schedule, SettledTime } from '../../../domain/model/schedule.ts';
import { checkJobInput } from '../../../domain/policy/job-payload.ts';
import { definitionText } from '../../../domain/policy/settle-schedule.ts';
import type { Calendar } from '../../../domain/ports/calendar.ts';
import { keepSeconds } from '../../../domain/ports/job-queue.ts';
import type { DueSchedule, JobScheduler } from '../../../domain/ports/job-scheduler.ts';
import type { Clock } from '../../../domain/ports/system.ts';
import type { Database, Row } from './database.ts';

/** Schedules as rows of the database file. */
export function createSqliteJobScheduler(parts: SqliteJobSchedulerParts): JobScheduler {
  const { database, clock, calendar } = parts;

  const find = (id: string): Schedule | undefined => {
    const row = database.get('SELECT * FROM schedules WHERE id = ?', id);
    return row === undefined ? undefined : toSchedule(row);
  };

  const forgetEnded = (): void => {
    database.run('DELETE FROM schedules WHERE ended_at_ms < ?', clock.nowMs() - keepSeconds * 1000);
  };

  return {
    put: async (schedule) => {
      const nowMs = clock.nowMs();
      const nextAtMs = calendar.next(schedule.time, nowMs);
      checkJobInput(schedule.job.input);
      const definition = definitionText(schedule);
      database.run(
        `INSERT INTO schedules (id, owner, definition, created_at_ms, next_at_ms) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET owner = excluded.owner, definition = excluded.definition,
           created_at_ms = excluded.created_at_ms, next_at_ms = excluded.next_at_ms, last = NULL, ended_at_ms = NULL
         WHERE definition <> excluded.definition`,
        ...[schedule.id, schedule.owner, definition, nowMs, nextAtMs],
      );
      const stored = find(schedule.id);
      if (stored === undefined) throw new Error(`The schedule ${schedule.id} was put and is not there.`);
      return stored;
    },

    get: async (id) => find(id),

    list: async ({ owner }) => {
      forgetEnded();
      return database
        .all('SELECT * FROM schedules ORDER BY next_at_ms IS NULL, next_at_ms, created_at_ms, id')
        .map(toSchedule)
        .filter((schedule) => owner === undefined || schedule.owner === owner);
    },

    remove: async (id) => database.run('DELETE FROM schedules WHERE id = ?', id) === 1,

    due: async (limit) =>
      database
        .all('SELECT * FROM schedules WHERE next_at_ms <= ? ORDER BY next_at_ms LIMIT ?', clock.nowMs(), limit)
        .map(toSchedule)
        .filter((schedule): schedule is DueSchedule => schedule.nextAtMs !== undefined),

    settle: async (id, settled) =>
      database.transaction(() => {
        const schedule = find(id);
        if (schedule?.nextAtMs !== settled.dueAtMs) return false;
        const nowMs = clock.nowMs();
        const isOver = schedule.time.kind === 'once';
        database.run(
          'UPDATE schedules SET next_at_ms = ?, last = ?, ended_at_ms = ? WHERE id = ?',
          isOver ? null : calendar.next(schedule.time, Math.max(nowMs, settled.dueAtMs)),
          JSON.stringify(settled),
          isOver ? nowMs : null,
          id,
        );
        return true;
      }),
  };
}

export interface SqliteJobSchedulerParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly calendar: Calendar;
}

function toSchedule(row: Row): Schedule {
  // The columns hold what `put` and `settle` wrote there.
  const definition = JSON.parse(String(row['definition'])) as NewSchedule;
  const [nextAtMs, last] = [row['next_at_ms'], row['last']];
  return {
    ...definition,
    createdAtMs: Number(row['created_at_ms']),
    ...(nextAtMs === null ? {} : { nextAtMs: Number(nextAtMs) }),
    ...(typeof last === 'string' ? { last: JSON.parse(last) as SettledTime } : {}),
  };
}
