import { z } from 'zod';
import { type Job, type Json, restingJobStates } from '../../../domain/model/job.ts';
import { defineTask } from '../../define-task.ts';
import { decodeCursor, encodeCursor } from '../../items/cursor.ts';
import { findOwnJob, jobParameter, jobView, resumeCall, viewJob } from '../../items/own-job.ts';
import { findOwnSchedule, startedJobOf, viewSchedule } from '../../items/own-schedule.ts';
import { untold } from '../../items/untold.ts';
import { waitForJob } from '../../items/wait-for-job.ts';
import { cursorParameter } from '../parameters.ts';
import { nextCall } from '../views.ts';

/** Clients commonly give up after 60 seconds, hosts earlier. */
const waitSecondsMax = 25;

/** Follows slow work. */
export const getJob = defineTask({
  name: 'get_job',
  title: 'Get a job',
  summary:
    'Tell how a job stands: state, progress, result per item, or why it failed. Can wait for the end. Without an id: your recent jobs.',
  toolset: 'jobs',
  effect: 'read',
  idempotent: true,
  heedsFreeze: false,
  scopes: ['cms:read'],
  needs: ['jobs', 'schedules', 'digest'],
  input: z
    .object({
      job: jobParameter.optional(),
      wait_seconds: z.int().min(0).max(waitSecondsMax).default(0).describe('Wait for the end'),
      cursor: cursorParameter,
    })
    .strict(),
  output: jobView.partial().extend({
    jobs: untold<readonly z.infer<typeof jobView>[]>().optional().describe('Without a job id: recent jobs'),
    next_cursor: z.string().optional().describe('More of a long result'),
    next: nextCall.optional().describe('How to follow a job that has not ended'),
    hint: z.string().optional(),
  }),
  publishesOutputSchema: true,
  async execute({ job: jobId, wait_seconds, cursor }, { jobs, schedules, digest }, call) {
    if (jobId === undefined) {
      const owner = call.principal.subject;
      const recent = await jobs.list({ owner, limit: recentMax });
      const waiting = (await schedules.list({ owner })).filter((one) => startedJobOf(one) === undefined);
      return {
        // Results can be long; they are shown when one job is asked for.
        jobs: [...waiting.slice(0, recentMax).map(viewSchedule), ...recent.map((job) => viewJob(withoutResult(job)))],
        ...(recent.length + waiting.length === 0 ? { hint: 'No jobs were started with this access.' } : {}),
      };
    }
    const schedule = await findOwnSchedule(jobId, schedules, call.principal);
    const startedId = schedule === undefined ? jobId : startedJobOf(schedule);
    if (schedule !== undefined && startedId === undefined) return viewSchedule(schedule);
    const job = await waitForJob(
      await findOwnJob(startedId ?? jobId, jobs, call.principal),
      wait_seconds * 1000,
      jobs,
      call,
    );
    const queryDigest = digest.sha256(`get_job ${job.id}`);
    const page = pageOf(job.result ?? job.progress.soFar, decodeCursor(cursor, queryDigest));
    return {
      ...viewJob(withPage(job, page.result)),
      ...(page.nextIndex === undefined ? {} : { next_cursor: encodeCursor(page.nextIndex, queryDigest) }),
      ...(job.state === 'cancelled'
        ? { hint: 'What it had done by then stays done, and a publish that the CMS has accepted goes on.' }
        : {}),
      ...(job.state === 'held' ? { next: resumeCall(job) } : {}),
      ...(restingJobStates.includes(job.state)
        ? {}
        : { next: { tool: 'get_job', input: { job: job.id, wait_seconds: waitSecondsMax } } }),
    };
  },
});

/** Enough to find what was started lately. */
const recentMax = 20;

/** Entries of a result's lists that one answer shows. */
const resultEntriesMax = 50;

function withoutResult(job: Job): Job {
  const { result: _result, progress, ...rest } = job;
  return { ...rest, progress: { percent: progress.percent, message: progress.message } };
}

/** The job with a part of what it has come to in the place of all of it. */
function withPage(job: Job, part: Json | undefined): Job {
  if (part === undefined) return job;
  return job.result === undefined ? { ...job, progress: { ...job.progress, soFar: part } } : { ...job, result: part };
}

/** A result whose lists are cut to one page each; `nextIndex` where the longest of them goes on. */
function pageOf(
  result: Json | undefined,
  startIndex: number,
): { readonly result: Json | undefined; readonly nextIndex?: number } {
  if (result === undefined || result === null || typeof result !== 'object' || isList(result)) return { result };
  const lists = Object.values(result).filter(isList);
  const longest = Math.max(0, ...lists.map((list) => list.length));
  const end = startIndex + resultEntriesMax;
  if (longest <= resultEntriesMax) return { result };
  return {
    result: Object.fromEntries(
      Object.entries(result).map(([key, value]) => [key, isList(value) ? value.slice(startIndex, end) : value]),
    ),
    ...(end < longest ? { nextIndex: end } : {}),
  };
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
