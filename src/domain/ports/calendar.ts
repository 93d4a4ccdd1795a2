import type { ScheduleTime } from '../model/schedule.ts';

/** Wall clocks and their time zones. */
export interface Calendar {
  /**
   * When a schedule is due next: for a recurring rule the first time strictly after `afterMs`, for a one-time schedule
   * its time, whatever `afterMs` is. A local time that a zone skips in spring is taken as the time after the gap,
   * one that it has twice in autumn as the first of the two. Milliseconds since 1970.
   *
   * @throws DomainError BAD_INPUT for a rule, time or zone that cannot be read, or a rule that is never due again.
   */
  next(time: ScheduleTime, afterMs: number): number;
}
