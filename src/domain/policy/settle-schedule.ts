import type { NewSchedule, Schedule } from '../model/schedule.ts';

/**
 * What to do with a due time: start its job, or tell that it was missed. It counts as missed when nobody noticed it
 * within the tolerance of the schedule; only its owner knows whether late is better than never.
 */
export function turnOfDueTime(
  schedule: Pick<Schedule, 'missed' | 'toleranceMs'>,
  dueAtMs: number,
  nowMs: number,
): 'start' | 'report' {
  const isMissed = nowMs - dueAtMs > schedule.toleranceMs;
  return isMissed && schedule.missed === 'report' ? 'report' : 'start';
}

/** The job of one due time. Every process that notices it names the same one, so it is added once. */
export function jobIdOfDueTime(scheduleId: string, dueAtMs: number): string {
  return `${scheduleId}@${dueAtMs}`;
}

/** The definition alone, in one order of its properties: two schedules are the same when these texts are. */
export function definitionText({ id, owner, time, missed, toleranceMs, job }: NewSchedule): string {
  return JSON.stringify({ id, owner, time, missed, toleranceMs, job });
}
