import { z } from 'zod';
import type { Answer } from '../../domain/model/question.ts';
import { defineTask } from '../define-task.ts';
import { findOwnJob, jobParameter } from '../items/own-job.ts';
import { giveAnswers } from './questions.ts';

/** The use case behind answering by protocol; agents answer with cancel_job's action resume. */
export const answerJob = defineTask({
  name: 'answer_job',
  title: 'Answer a job',
  summary: 'Give answers to what a job of the caller asks; it goes on when nothing is open any more.',
  toolset: 'jobs',
  effect: 'additive',
  idempotent: true,
  heedsFreeze: false,
  scopes: ['cms:read', 'cms:write'],
  needs: ['jobs', 'records'],
  input: z.object({ job: jobParameter, answers: z.record(z.string(), z.custom<Answer>()) }).strict(),
  output: z.object({ job: z.string() }),
  publishesOutputSchema: false,
  async execute({ job: jobId, answers }, ports, call) {
    const job = await findOwnJob(jobId, ports.jobs, call.principal);
    const after = await giveAnswers(job, answers, ports);
    if (after.state !== job.state) {
      call.emit({ type: 'job_changed', jobId: job.id, owner: job.owner, state: after.state });
    }
    return { job: job.id };
  },
});
