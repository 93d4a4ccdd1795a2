import { z } from 'zod';
import { DomainError } from '../../../domain/errors.ts';
import { finalJobStates, type JobState } from '../../../domain/model/job.ts';
import { defineTask } from '../../define-task.ts';
import { findOwnJob, jobParameter, jobView, viewJob } from '../../items/own-job.ts';
import { nextCall } from '../views.ts';

/** Stops slow work. */
export const cancelJob = defineTask({
  name: 'cancel_job',
  title: 'Cancel a job',
  summary:
    'Stop a job of yours. A queued one never starts; a running one ends at its next safe point. What is done stays done, and a publish that the CMS has accepted goes on.',
  toolset: 'jobs',
  effect: 'destructive',
  idempotent: true,
  heedsFreeze: false,
  scopes: ['cms:read', 'cms:write'],
  needs: ['jobs'],
  input: z.object({ job: jobParameter }).strict(),
  output: jobView.extend({
    cancelled: z.enum(['now', 'requested', 'too_late']),
    note: z.string(),
    next: nextCall.optional(),
  }),
  publishesOutputSchema: false,
  async execute({ job: jobId }, { jobs }, call) {
    const before = await findOwnJob(jobId, jobs, call.principal);
    if (finalJobStates.includes(before.state)) {
      return {
        ...viewJob(before),
        cancelled: outcomeOf(before.state),
        note: `The job had ended before: ${before.state}. Nothing was changed.`,
      };
    }
    const after = await jobs.cancel(before.id);
    if (after === undefined) throw new DomainError('NOT_FOUND', 'The job is no longer kept.');
    call.emit({ type: 'job_changed', jobId: after.id, owner: after.owner, state: after.state });
    const ended = finalJobStates.includes(after.state);
    return {
      ...viewJob(after),
      cancelled: outcomeOf(after.state),
      note: ended
        ? `The job is ${after.state}.`
        : 'The job was asked to stop and ends at its next safe point. What it has done stays done.',
      ...(ended ? {} : { next: { tool: 'get_job', input: { job: after.id, wait_seconds: 10 } } }),
    };
  },
});

function outcomeOf(state: JobState): 'now' | 'requested' | 'too_late' {
  if (state === 'cancelled') return 'now';
  return finalJobStates.includes(state) ? 'too_late' : 'requested';
}
