import { z } from 'zod';
import type { Job } from '../../domain/model/job.ts';
import { type AnyTask, defineTask } from '../define-task.ts';
import { findOwnJob, jobParameter } from '../items/own-job.ts';
import { askingCallJob, askingCallKind } from '../jobs/asking-call.ts';
import { storedJob } from '../jobs/start-job.ts';
import { openQuestions, type Questions } from './questions.ts';

/** A job as a program follows it. */
export interface FollowedJob {
  readonly job: Omit<Job, 'input' | 'result'>;
  /** What the job still has to be told before it goes on. */
  readonly questions: Questions;
  /** The task that started it, and what that task answers about it now. Absent where a schedule did. */
  readonly answer?: { readonly task: string; readonly output: Readonly<Record<string, unknown>> };
}

/**
 * The use case behind following by protocol: not in the list of tools, because agents read the same with get_job.
 * `find` is the catalogue.
 */
export function createFollowJob(find: (name: string) => AnyTask | undefined) {
  return defineTask({
    name: 'follow_job',
    title: 'Follow a job',
    summary: 'Tell how a job of the caller stands, what it asks, and what the tool that started it answers.',
    toolset: 'jobs',
    effect: 'read',
    idempotent: true,
    heedsFreeze: false,
    scopes: ['cms:read'],
    needs: ['jobs', 'records'],
    input: z.object({ job: jobParameter }).strict(),
    output: z.object({ followed: z.custom<FollowedJob>() }),
    publishesOutputSchema: false,
    async execute({ job: jobId }, { jobs, records }, call) {
      const job = await findOwnJob(jobId, jobs, call.principal);
      const { input, result: _result, ...facts } = job;
      const started = storedJob.safeParse(input).data?.task;
      const task = started === undefined ? undefined : find(started);
      const questions = await openQuestions(job, records);
      const output = task === undefined ? undefined : answerSoFar(task, job);
      if (task === undefined || output === undefined) return { followed: { job: facts, questions } };
      return { followed: { job: facts, questions, answer: { task: task.name, output } } };
    },
  });
}

/** What the task says about its job; of a call that asks there is nothing to say before its end. */
function answerSoFar(task: AnyTask, job: Job): Readonly<Record<string, unknown>> | undefined {
  if (job.kind === askingCallKind) return askingCallJob.output.safeParse(job.result).data?.answer ?? {};
  return task.outcomeOf === undefined ? undefined : task.output.parse(task.outcomeOf(job));
}
