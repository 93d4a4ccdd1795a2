import { z } from 'zod';
import { type Job, restingJobStates } from '../../domain/model/job.ts';
import { resumeCall, shownJobState } from './own-job.ts';

/** What an answer tells of the job behind it, beside the job's own result. */
export const jobOutcome = {
  job: z.string(),
  state: shownJobState,
  percent: z.number(),
  message: z.string(),
  left_out: z.int().optional().describe('Entries of long lists that only the job itself shows'),
  error: z.unknown().optional(),
  next: z.object({ tool: z.string(), input: z.record(z.string(), z.unknown()) }).optional(),
};

/** Entries of each list that the first answer shows; the job shows the rest page by page. */
const entriesShownMax = 30;

/** How agents wait for a job that goes on. */
const waitSeconds = 20;

/** The result of a job that has ended, its lists cut, or how to follow one that has not, with what it has come to so far. */
export function viewJobOutcome<R extends z.ZodObject>(
  job: Job,
  result: R,
): Partial<z.output<R>> & z.output<z.ZodObject<typeof jobOutcome>> {
  const known = result.safeParse(job.result ?? job.progress.soFar).data;
  const entries = Object.entries(known ?? {});
  const leftOut = entries.reduce(
    (sum, [, value]) => sum + (Array.isArray(value) ? Math.max(0, value.length - entriesShownMax) : 0),
    0,
  );
  const follow = { tool: 'get_job', input: { job: job.id } };
  const shown = Object.fromEntries(
    entries.map(([key, value]) => [key, Array.isArray(value) ? value.slice(0, entriesShownMax) : value]),
  );
  return {
    // Lists are only shortened: every property keeps the type that the schema gave it.
    ...(shown as Partial<z.output<R>>),
    job: job.id,
    state: job.state,
    percent: job.progress.percent,
    message: job.progress.message,
    ...(leftOut === 0 ? {} : { left_out: leftOut, next: follow }),
    ...(job.error === undefined ? {} : { error: job.error }),
    ...(restingJobStates.includes(job.state)
      ? {}
      : { next: { ...follow, input: { job: job.id, wait_seconds: waitSeconds } } }),
    ...(job.state === 'held' ? { next: resumeCall(job) } : {}),
  };
}
