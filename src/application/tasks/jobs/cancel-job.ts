import { z } from 'zod';
import { DomainError } from '../../../domain/errors.ts';
import { finalJobStates, type Job } from '../../../domain/model/job.ts';
import type { Answer } from '../../../domain/model/question.ts';
import type { Schedule } from '../../../domain/model/schedule.ts';
import type { Ports } from '../../../domain/ports/index.ts';
import type { Call } from '../../call.ts';
import { defineTask } from '../../define-task.ts';
import { askToPause } from '../../following/pauses.ts';
import { giveAnswers, openQuestions, usualAnswer } from '../../following/questions.ts';
import { findOwnJob, jobParameter, jobView, noLongerKept, resumeCall, viewJob } from '../../items/own-job.ts';
import { findOwnSchedule, startedJobOf, viewSchedule } from '../../items/own-schedule.ts';
import { nextCall } from '../views.ts';

/** Stops slow work, for good or for a while. */
export const cancelJob = defineTask({
  name: 'cancel_job',
  title: 'Cancel, pause or resume a job',
  summary:
    'Stop a job of yours at its next safe point, pause a bulk job, or let one that holds go on. What is done stays done, and a publish that the CMS has accepted goes on.',
  toolset: 'jobs',
  effect: 'destructive',
  idempotent: true,
  heedsFreeze: false,
  scopes: ['cms:read', 'cms:write'],
  needs: ['jobs', 'schedules', 'records', 'ids'],
  input: z
    .object({
      job: jobParameter,
      action: z.enum(['cancel', 'pause', 'resume']).default('cancel').describe('Default cancel'),
      answers: z
        .record(z.string(), z.record(z.string(), z.union([z.string(), z.boolean()])))
        .optional()
        .describe('To resume: values per question of the job; default yes'),
    })
    .strict(),
  output: jobView.extend({
    cancelled: z.enum(['now', 'requested', 'too_late']).optional(),
    note: z.string(),
    next: nextCall.optional(),
  }),
  publishesOutputSchema: false,
  async execute({ job: jobId, action, answers }, ports, call) {
    const schedule = await findOwnSchedule(jobId, ports.schedules, call.principal);
    const startedId = schedule === undefined ? jobId : startedJobOf(schedule);
    if (schedule !== undefined && startedId === undefined) return unschedule(schedule, action, ports);
    const before = await findOwnJob(startedId ?? jobId, ports.jobs, call.principal);
    if (finalJobStates.includes(before.state)) {
      return {
        ...viewJob(before),
        ...(action === 'cancel' ? { cancelled: outcomeOf(before) } : {}),
        note: `The job had ended before: ${before.state}. Nothing was changed.`,
      };
    }
    switch (action) {
      case 'cancel':
        return cancel(before, ports, call);
      case 'pause':
        return pause(before, ports);
      case 'resume':
        return resume(before, answers, ports, call);
    }
  },
});

/** What waits for its time has nothing to pause. */
async function unschedule(schedule: Schedule, action: string, { schedules }: Pick<Ports, 'schedules'>) {
  const view = viewSchedule(schedule);
  if (action !== 'cancel' || schedule.nextAtMs === undefined) return { ...view, note: 'Nothing was changed.' };
  await schedules.remove(schedule.id);
  return {
    ...view,
    state: 'cancelled' as const,
    cancelled: 'now' as const,
    note: 'It will not start. Nothing was done.',
  };
}

type Needs = Pick<Ports, 'jobs' | 'records' | 'ids'>;

async function cancel(before: Job, { jobs }: Needs, call: Call) {
  const after = await jobs.cancel(before.id);
  if (after === undefined) throw noLongerKept();
  tell(after, call);
  const ended = finalJobStates.includes(after.state);
  return {
    ...viewJob(after),
    cancelled: outcomeOf(after),
    note: ended
      ? `The job is ${after.state}.`
      : 'The job was asked to stop and ends at its next safe point. What it has done stays done.',
    ...(ended ? {} : { next: followCall(after) }),
  };
}

async function pause(job: Job, ports: Needs) {
  if (job.state === 'held') return { ...viewJob(job), note: 'The job holds already.', next: resumeCall(job) };
  await askToPause(job.id, ports);
  return {
    ...viewJob(job),
    note: 'A bulk job holds after the item it is at; any other job goes on to its end.',
    next: followCall(job),
  };
}

async function resume(
  job: Job,
  given: Readonly<Record<string, Readonly<Record<string, string | boolean>>>> = {},
  ports: Needs,
  call: Call,
) {
  if (job.state !== 'held') return { ...viewJob(job), note: 'The job does not hold.', next: followCall(job) };
  const answers: [string, Answer][] = [];
  for (const [name, question] of Object.entries(await openQuestions(job, ports.records))) {
    const values = given[name];
    const answer: Answer | undefined = values === undefined ? usualAnswer(question) : { accepted: true, values };
    if (answer === undefined) {
      throw new DomainError('BAD_INPUT', `"answers.${name}" is needed: ${question.message}`, { details: { question } });
    }
    answers.push([name, answer]);
  }
  const after = await giveAnswers(job, Object.fromEntries(answers), ports);
  tell(after, call);
  return { ...viewJob(after), note: 'The job goes on where it was.', next: followCall(after) };
}

function tell({ id, owner, state }: Job, call: Call): void {
  call.emit({ type: 'job_changed', jobId: id, owner, state });
}

const followCall = (job: Job) => ({ tool: 'get_job', input: { job: job.id, wait_seconds: 10 } });

function outcomeOf({ state }: Job): 'now' | 'requested' | 'too_late' {
  if (state === 'cancelled') return 'now';
  return finalJobStates.includes(state) ? 'too_late' : 'requested';
}
