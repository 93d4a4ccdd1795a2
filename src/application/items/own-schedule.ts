import type { z } from 'zod';
import type { Principal } from '../../domain/model/principal.ts';
import type { Schedule } from '../../domain/model/schedule.ts';
import type { JobScheduler } from '../../domain/ports/job-scheduler.ts';
import type { jobView } from './own-job.ts';

/** A schedule of this principal; `undefined` for every other id, so that it can be looked for among jobs. */
export async function findOwnSchedule(
  id: string,
  schedules: JobScheduler,
  principal: Principal,
): Promise<Schedule | undefined> {
  const schedule = await schedules.get(id);
  return schedule?.owner === principal.subject ? schedule : undefined;
}

/** The job that a schedule has started last; `undefined` while it waits, and when its time was missed. */
export function startedJobOf({ last }: Schedule): string | undefined {
  return last?.outcome === 'started' ? last.jobId : undefined;
}

/** A schedule among jobs: it waits for its time, or has missed it. */
export function viewSchedule(schedule: Schedule): z.infer<typeof jobView> {
  const { id, job, nextAtMs, last, createdAtMs } = schedule;
  const dueAtMs = nextAtMs ?? last?.dueAtMs ?? createdAtMs;
  const dueAt = new Date(dueAtMs).toISOString();
  return {
    job: id,
    kind: job.kind,
    state: nextAtMs === undefined ? 'missed' : 'scheduled',
    percent: 0,
    message:
      nextAtMs === undefined
        ? `It was due at ${dueAt}, when no worker ran, and by its policy was not made up for. Schedule it anew.`
        : `Due at ${dueAt}.`,
    attempts: 0,
    created_at: new Date(createdAtMs).toISOString(),
    due_at: dueAt,
  };
}
