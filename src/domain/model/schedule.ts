import type { NewJob } from './job.ts';

/** When a schedule is due. Times are those of a wall clock in a time zone, as people say them. */
export type ScheduleTime =
  | {
      readonly kind: 'once';
      /** Local date and time, such as `2026-12-01T09:00`. */
      readonly at: string;
      /** A name of the IANA time zone database, such as `Europe/Berlin`. */
      readonly timeZone: string;
    }
  | {
      readonly kind: 'recurring';
      /** Five fields: minute, hour, day of the month, month, day of the week. */
      readonly cron: string;
      readonly timeZone: string;
    };

/**
 * What becomes of a due time that no process was there to see: `run` starts the job late, once however many times were
 * missed; `report` starts nothing and tells.
 */
export type MissedRunPolicy = 'run' | 'report';

/** What a schedule starts: a job without its id, which follows from the schedule and the due time. */
export type ScheduledJob = Omit<NewJob, 'id' | 'owner' | 'delayMs'>;

/** What a caller hands in. The same `id` again replaces the schedule, unless nothing about it differs. */
export interface NewSchedule {
  readonly id: string;
  /** The subject whose schedule it is, and whose jobs it starts. */
  readonly owner: string;
  readonly time: ScheduleTime;
  readonly missed: MissedRunPolicy;
  /** A due time that is noticed later than this counts as missed. */
  readonly toleranceMs: number;
  readonly job: ScheduledJob;
}

export interface Schedule extends NewSchedule {
  /** Milliseconds since 1970. */
  readonly createdAtMs: number;
  /** Absent when the schedule is over: it will not be due again. */
  readonly nextAtMs?: number;
  /** How the last due time was settled. */
  readonly last?: SettledTime;
}

/** What became of one due time. */
export interface SettledTime {
  readonly dueAtMs: number;
  readonly settledAtMs: number;
  readonly outcome: 'started' | 'missed';
  /** Of a started one: the job. */
  readonly jobId?: string;
  /** Further due times between this one and its settling, for which nothing was started. */
  readonly skipped: number;
}
