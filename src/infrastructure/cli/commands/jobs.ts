import { queueBoardPath } from '../../../adapters/inbound/http/queue-board.ts';
import { issueBoardTicket } from '../../../application/authorization/board-access.ts';
import { askedBy } from '../../../application/following/questions.ts';
import { askingCallKind } from '../../../application/jobs/asking-call.ts';
import { storedJob } from '../../../application/jobs/start-job.ts';
import { DomainError } from '../../../domain/errors.ts';
import {
  finalJobStates,
  type Job,
  type JobState,
  jobStates,
  type QueueName,
  queueNames,
} from '../../../domain/model/job.ts';
import type { JobQueue } from '../../../domain/ports/job-queue.ts';
import { openContainer, type Wired } from '../../di/container.ts';
import { T } from '../../di/tokens.ts';
import { exitCodes, type RunCommand } from '../command.ts';
import type { CommandContext } from '../context.ts';
import { printTable } from '../table.ts';

export interface JobsListOptions {
  readonly queue?: string;
  readonly state?: string;
  readonly owner?: string;
  readonly limit: string;
  readonly json?: boolean;
  readonly ids?: boolean;
  readonly byOwner?: boolean;
}

export interface NamedJobsOptions {
  readonly ids: readonly string[];
  readonly json?: boolean;
}

/** What waits, runs, holds and has ended, newest first; what failed or holds shows its reason. */
export const jobsList: RunCommand<JobsListOptions> = (context, options) =>
  withJobs(context, async (jobs) => {
    const found = await jobs.list({
      ...(options.owner === undefined ? {} : { owner: options.owner }),
      ...(options.queue === undefined ? {} : { queue: oneOf(options.queue, queueNames, 'queue') }),
      ...(options.state === undefined ? {} : { states: [oneOf(options.state, jobStates, 'state')] }),
      limit: options.byOwner === true ? countedMax : wholeNumber(options.limit),
    });
    if (options.ids === true) return found.map(({ id }) => `${id}\n`).join('');
    if (options.byOwner === true) return found.length === 0 ? '' : printTable(ownersOf(found));
    if (options.json === true) return found.map((job) => `${JSON.stringify(job)}\n`).join('');
    const counts = Object.entries(await jobs.counts()).map(
      ([queue, { queued, running, held, failed }]) =>
        `${queue}: ${queued} queued, ${running} running, ${held} held, ${failed} failed`,
    );
    return `${counts.join('\n')}\n${found.length === 0 ? '' : `\n${printTable(found.map(shortRowOf))}`}`;
  });

/** Everything that is kept of jobs. */
export const jobsShow: RunCommand<NamedJobsOptions> = (context, options) =>
  withEachJob(context, options, async (job) => job);

/** Runs jobs again that failed or hold: what one asks it asks anew, unless it has been answered meanwhile. */
export const jobsRetry: RunCommand<NamedJobsOptions> = (context, options) =>
  withEachJob(context, options, async ({ id, state }, jobs, container) => {
    if (state !== 'failed' && state !== 'held') {
      throw new DomainError('CONFLICT', `The job ${id} is ${state}. Only a failed or held job can be run again.`);
    }
    const after = known(await jobs.retry(id), id);
    await tellOf(after, 'job_retry', container);
    return after;
  });

/** Stops jobs: those that wait or hold at once, running ones at their next safe point. */
export const jobsCancel: RunCommand<NamedJobsOptions> = (context, options) =>
  withEachJob(context, options, async ({ id, state }, jobs, container) => {
    if (finalJobStates.includes(state)) {
      throw new DomainError('CONFLICT', `The job ${id} is ${state} already. Nothing was changed.`);
    }
    const after = known(await jobs.cancel(id), id);
    await tellOf(after, 'job_cancel', container);
    return after;
  });

/** Prints the one-time link to the queue board alone on standard output. */
export const jobsBoard: RunCommand<object> = async ({ config, logger, resources }) => {
  if (config.redisUrl === undefined) {
    process.stderr.write(
      'The queue board shows queues on Redis, and REDIS_URL is not set. "jobs list" shows the same facts.\n',
    );
    return exitCodes.failed;
  }
  const container = await openContainer({ config, logger, resources });
  const ticket = await issueBoardTicket({
    records: container.get(T.Records),
    ids: container.get(T.Ids),
    digest: container.get(T.Digest),
  });
  const server = config.publicUrl ?? `http://127.0.0.1:${config.port}`;
  process.stdout.write(`${server}${queueBoardPath}/enter?ticket=${ticket}\n`);
  return exitCodes.ok;
};

/** Opens the queue alone: the CMS need not be there to look at jobs. */
async function withJobs(
  { config, logger, resources }: CommandContext,
  act: (jobs: JobQueue, container: Wired) => Promise<string>,
): Promise<number> {
  const container = await openContainer({ config, logger, resources });
  const jobs = container.get(T.Jobs);
  resources.own('job queue', () => jobs.close());
  try {
    process.stdout.write(await act(jobs, container));
    return exitCodes.ok;
  } catch (error) {
    return tellRefusal(error);
  }
}

/** Does something to each job that was named, and prints what became of it; one that is refused keeps no other from it. */
async function withEachJob(
  context: CommandContext,
  { ids, json }: NamedJobsOptions,
  act: (before: Job, jobs: JobQueue, container: Wired) => Promise<Job>,
): Promise<number> {
  let refused: number = exitCodes.ok;
  const ended = await withJobs(context, async (jobs, container) => {
    const after: Job[] = [];
    for (const id of ids) {
      try {
        after.push(await act(known(await jobs.get(id), id), jobs, container));
      } catch (error) {
        refused = tellRefusal(error);
      }
    }
    return print(after, json);
  });
  return ended === exitCodes.ok ? refused : ended;
}

/** What the caller got wrong is told in words; everything else is the command line's last resort. */
function tellRefusal(error: unknown): number {
  if (!(error instanceof DomainError) || !(error.code in codeOf)) throw error;
  process.stderr.write(`${error.message}\n`);
  return codeOf[error.code] ?? exitCodes.failed;
}

const codeOf: Readonly<Partial<Record<string, number>>> = {
  BAD_INPUT: exitCodes.usage,
  NOT_FOUND: exitCodes.failed,
  CONFLICT: exitCodes.failed,
};

/** The owner hears of it as of any other change, and the audit log keeps who did it. */
async function tellOf(job: Job, action: 'job_retry' | 'job_cancel', container: Wired): Promise<void> {
  const { id: jobId, owner, state } = job;
  await container.get(T.Audit).append({
    atMs: container.get(T.Clock).nowMs(),
    ...{ action, subject: owner, clientId: '', by: 'operator', outcome: 'ok', itemIds: [], jobId },
  });
  await container.get(T.Events).publish([{ type: 'job_changed', jobId, owner, state }]);
}

function known(job: Job | undefined, id: string): Job {
  if (job !== undefined) return job;
  throw new DomainError('NOT_FOUND', `There is no job "${id}". "jobs list" shows those that are kept.`);
}

/** One job with all that is known of it, several as a list. */
function print(jobs: readonly Job[], json: boolean | undefined): string {
  if (json === true) return jobs.map((job) => `${JSON.stringify(job)}\n`).join('');
  const [job, another] = jobs;
  if (job === undefined) return '';
  if (another !== undefined) return printTable(jobs.map(shortRowOf));
  const facts = {
    ...rowOf(job),
    asks: asksOf(job),
    input: JSON.stringify(job.input),
    result: JSON.stringify(job.result ?? job.progress.soFar) ?? '',
    next: nextOf(job),
  };
  const told = Object.entries(facts).filter(([, value]) => value !== '');
  return printTable(told.map(([fact, value]) => ({ fact, value })));
}

/** What a job that holds asks, and how it can be answered. */
function asksOf(job: Job): string {
  return Object.entries(askedBy(job))
    .flatMap(([name, { fields }]) =>
      Object.entries(fields).map(([field, asked]) => {
        const answers =
          asked.kind === 'choice' ? asked.options.join(' or ') : asked.kind === 'text' ? 'words' : 'yes or no';
        return `${name}: ${field}, ${answers}`;
      }),
    )
    .join('; ');
}

/** What an operator can do about it. */
function nextOf({ id, state, owner }: Job): string {
  switch (state) {
    case 'failed':
      return `when the cause is mended: jobs retry ${id}`;
    case 'held':
      return `${owner} answers it through an agent; jobs cancel ${id} ends it, jobs retry ${id} has it ask anew`;
    case 'queued':
    case 'running':
      return `to stop it: jobs cancel ${id}`;
    case 'succeeded':
    case 'cancelled':
      return '';
  }
}

/** How many of the jobs each subject has, most first, and since when. */
function ownersOf(jobs: readonly Job[]): readonly Readonly<Record<string, string>>[] {
  const byOwner = [...Map.groupBy(jobs, ({ owner }) => owner)];
  return byOwner
    .toSorted(([, one], [, other]) => other.length - one.length)
    .map(([owner, own]) => ({
      owner,
      jobs: String(own.length),
      oldest: timeOf(Math.min(...own.map(({ createdAtMs }) => createdAtMs))),
    }));
}

/** One line of a list: of a long reason its beginning. */
function shortRowOf(job: Job): Readonly<Record<string, string>> {
  const row = rowOf(job);
  const { reason = '' } = row;
  return { ...row, reason: reason.length > reasonMax ? `${reason.slice(0, reasonMax)}…` : reason };
}

const reasonMax = 160;

function rowOf(job: Job): Readonly<Record<string, string>> {
  return {
    id: job.id,
    queue: job.queue,
    kind: kindOf(job),
    owner: job.owner,
    state: job.state,
    progress: `${job.progress.percent} %`,
    runs: String(job.attempts),
    created: timeOf(job.createdAtMs),
    ended: timeOf(job.finishedAtMs),
    reason: job.error === undefined ? '' : `${job.error.code}: ${job.error.message}`,
  };
}

/** A call that asks is told by its tool: its kind says nothing else about it. */
function kindOf({ kind, input }: Job): string {
  const task = storedJob.safeParse(input).data?.task;
  return kind === askingCallKind && task !== undefined ? `${kind} (${task})` : kind;
}

function timeOf(ms: number | undefined): string {
  return ms === undefined ? '' : `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

function oneOf<T extends QueueName | JobState>(given: string, known: readonly T[], what: string): T {
  const found = known.find((name) => name === given);
  if (found !== undefined) return found;
  throw new DomainError('BAD_INPUT', `There is no ${what} "${given}"; there are: ${known.join(', ')}.`);
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1 && number <= limitMax) return number;
  throw new DomainError('BAD_INPUT', `"${text}" is not a whole number from 1 to ${limitMax}.`);
}

const limitMax = 1_000;

/** Where jobs are counted, not shown: more than there are of any queue and state. */
const countedMax = 100_000;
