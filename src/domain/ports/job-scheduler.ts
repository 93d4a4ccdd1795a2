import type { NewSchedule, Schedule, SettledTime } from '../model/schedule.ts';

/**
 * Recurring and one-time jobs, remembered until they are due. Whoever keeps the time (see the schedule clock of the job
 * door) asks for what is due, adds its job under an id that follows from schedule and due time, and settles the due
 * time. So several processes may keep the time at once, and one that dies in between has lost nothing.
 *
 * Laws:
 * - Accepted means durable: when `put` answers, a crash of any process loses nothing.
 * - `put` of an id that is there replaces it, and its due times count from now; where nothing differs it changes nothing.
 * - A recurring schedule is due at the times of its rule in its zone, over changes of daylight saving time too, the
 *   first time strictly after `put`. A one-time schedule is due at its time, at once where that has passed.
 * - `due` answers what is due now, the longest overdue first, until it is settled.
 * - One due time is settled once: of several processes that try, one hears true, and the others change nothing.
 * - Settling moves a recurring schedule to its next time after now, and ends a one-time one.
 * - An ended schedule is kept at least `keepSeconds`, as a final job is, so that what became of it can be told.
 * - A removed schedule is never due again. A job that it has started goes on.
 * - A rule or time that cannot be read, an unknown zone, and a job that the queue would refuse are BAD_INPUT or
 *   TOO_LARGE at `put`; nothing is stored then.
 */
export interface JobScheduler {
  put(schedule: NewSchedule): Promise<Schedule>;
  /** `undefined` for an unknown id. */
  get(id: string): Promise<Schedule | undefined>;
  /** Of one owner or of all; the next due one first, those that are over last. */
  list(query: { readonly owner?: string }): Promise<readonly Schedule[]>;
  /** Answers whether it was there. */
  remove(id: string): Promise<boolean>;
  due(limit: number): Promise<readonly DueSchedule[]>;
  /** Answers whether this call settled the due time. */
  settle(id: string, settled: SettledTime): Promise<boolean>;
}

/** A schedule that waits for its due time, or for its settling. */
export type DueSchedule = Schedule & { readonly nextAtMs: number };
