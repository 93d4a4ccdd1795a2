import { type Job, restingJobStates } from '../../domain/model/job.ts';
import type { JobQueue } from '../../domain/ports/job-queue.ts';
import type { Call } from '../call.ts';
import { noLongerKept } from './own-job.ts';
import { pause } from './pause.ts';

/**
 * The job as it is when it ends or holds, or when `waitMsMax` have passed. Tells the call's progress meanwhile.
 *
 * @throws DomainError NOT_FOUND when the job is not kept any more; the signal's reason when the call is ended.
 */
export async function waitForJob(job: Job, waitMsMax: number, jobs: JobQueue, call: Call): Promise<Job> {
  let seen = job;
  let leftMs = waitMsMax;
  for (let pollMs = pollMsMin; leftMs > 0 && !restingJobStates.includes(seen.state); ) {
    call.progress(seen.progress.percent, seen.progress.message);
    const stepMs = Math.min(pollMs, leftMs);
    await pause(stepMs, call.signal);
    leftMs -= stepMs;
    pollMs = Math.min(pollMs * 1.5, pollMsMax);
    const now = await jobs.get(job.id);
    if (now === undefined) throw noLongerKept();
    seen = now;
  }
  return seen;
}

/**
 * A job that a task has started, as the task's answer tells it: at its end where that comes soon, or at once when the
 * caller follows it by itself.
 *
 * @throws DomainError as `waitForJob`.
 */
export function awaitStarted(job: Job, jobs: JobQueue, call: Call): Promise<Job> {
  return call.followsJobs === true ? Promise.resolve(job) : waitForJob(job, startedWaitMsMax, jobs, call);
}

/** Hosts and people wait this long for an answer; what takes longer is followed by the job's id. */
const startedWaitMsMax = 20_000;

/** Polls grow from the first to the second, so that short jobs are seen at once and long ones cost little. */
const pollMsMin = 100;
const pollMsMax = 1_000;
