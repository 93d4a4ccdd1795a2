import { z } from 'zod';
import { DomainError, type NextCall } from '../../domain/errors.ts';
import { type Job, jobStates } from '../../domain/model/job.ts';
import type { Principal } from '../../domain/model/principal.ts';
import type { JobQueue } from '../../domain/ports/job-queue.ts';

export const jobParameter = z.string().trim().min(1).max(200).describe('Job id, such as job_…');

/** States as answers show them: also of what waits for its time. */
export const shownJobState = z.enum(['scheduled', 'missed', ...jobStates]);

/** How an agent lets a job that holds go on. */
export function resumeCall(job: Job): NextCall {
  return { tool: 'cancel_job', input: { job: job.id, action: 'resume' } };
}

/** How an answer shows a job. */
export const jobView = z.object({
  job: z.string(),
  kind: z.string(),
  state: shownJobState,
  percent: z.number(),
  message: z.string(),
  attempts: z.int(),
  cancel_requested: z.boolean().optional(),
  created_at: z.string(),
  due_at: z.string().optional(),
  started_at: z.string().optional(),
  finished_at: z.string().optional(),
  result: z.unknown().optional(),
  so_far: z.unknown().optional().describe('Without a result: what it has come to'),
  error: z.unknown().optional().describe('Why it failed, or why the last run did'),
});

export function viewJob(job: Job): z.infer<typeof jobView> {
  return {
    job: job.id,
    kind: job.kind,
    state: job.state,
    percent: job.progress.percent,
    message: job.progress.message,
    attempts: job.attempts,
    ...(job.cancelRequested ? { cancel_requested: true } : {}),
    created_at: new Date(job.createdAtMs).toISOString(),
    ...(job.startedAtMs === undefined ? {} : { started_at: new Date(job.startedAtMs).toISOString() }),
    ...(job.finishedAtMs === undefined ? {} : { finished_at: new Date(job.finishedAtMs).toISOString() }),
    ...(job.result === undefined ? {} : { result: job.result }),
    ...(job.result !== undefined || job.progress.soFar === undefined ? {} : { so_far: job.progress.soFar }),
    ...(job.error === undefined ? {} : { error: job.error }),
  };
}

/**
 * A job of this principal.
 *
 * @throws DomainError NOT_FOUND, for other people's jobs too: whether they exist is nobody else's business.
 */
export async function findOwnJob(id: string, jobs: JobQueue, principal: Principal): Promise<Job> {
  const job = await jobs.get(id);
  if (job !== undefined && job.owner === principal.subject) return job;
  throw new DomainError('NOT_FOUND', `You have no job "${id.slice(0, 80)}". Finished jobs are kept for a week.`, {
    next: { tool: 'get_job', input: {} },
  });
}

/** Of a job that was there a moment ago. */
export function noLongerKept(): DomainError {
  return new DomainError('NOT_FOUND', 'The job has ended and is no longer kept. What it did is seen in the items.', {
    next: { tool: 'get_job', input: {} },
  });
}
