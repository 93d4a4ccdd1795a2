import { z } from 'zod';
import { DomainError } from '../../domain/errors.ts';
import type { Job } from '../../domain/model/job.ts';
import type { Answer, Question } from '../../domain/model/question.ts';
import { problemOfAnswer } from '../../domain/policy/check-answer.ts';
import type { ExpiringRecords } from '../../domain/ports/expiring-records.ts';
import type { Ports } from '../../domain/ports/index.ts';
import { keepSeconds } from '../../domain/ports/job-queue.ts';

/** Questions of a job by name. A name is used once in the life of a job: its answer is never taken for another's. */
export type Questions = Readonly<Record<string, Question>>;

const field = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('yes_no'), title: z.string() }),
  z.object({
    kind: z.literal('text'),
    title: z.string(),
    form: z.object({ pattern: z.string(), says: z.string() }).exactOptional(),
  }),
  z.object({ kind: z.literal('choice'), title: z.string(), options: z.array(z.string()).min(1) }),
]);
const held = z.object({
  questions: z.record(
    z.string(),
    z.object({ message: z.string(), fields: z.record(z.string(), field), explicit: z.boolean().exactOptional() }),
  ),
});

const answer: z.ZodType<Answer> = z.discriminatedUnion('accepted', [
  z.object({ accepted: z.literal(true), values: z.record(z.string(), z.union([z.string(), z.boolean()])) }),
  z.object({ accepted: z.literal(false) }),
]);

/** How a job that waits for an answer leaves its worker: it is set aside as it is, and takes no place. */
export function heldBack(questions: Questions): DomainError {
  const message = Object.values(questions)
    .map((question) => question.message)
    .join(' ');
  return new DomainError('HELD', message, { details: { questions } });
}

/** What a job that holds has asked, answered or not; nothing of any other job. */
export function askedBy(job: Pick<Job, 'state' | 'error'>): Questions {
  return job.state === 'held' ? (held.safeParse(job.error?.details).data?.questions ?? {}) : {};
}

/** What a job that holds still has to be told; empty for every other job. */
export async function openQuestions(job: Job, records: ExpiringRecords): Promise<Questions> {
  const open: [string, Question][] = [];
  for (const [name, question] of Object.entries(askedBy(job))) {
    if ((await readAnswer(job.id, name, records)) === undefined) open.push([name, question]);
  }
  return Object.fromEntries(open);
}

export async function readAnswer(jobId: string, name: string, records: ExpiringRecords): Promise<Answer | undefined> {
  return answer.safeParse(await records.get(answerKey(jobId, name))).data;
}

/**
 * Keeps answers to what a job asks, and lets it go on when nothing is open any more. Answers to what it does not ask
 * are left out: somebody else may have answered before.
 *
 * @throws DomainError BAD_INPUT for values that do not fit the form; nothing is kept then.
 */
export async function giveAnswers(
  job: Job,
  answers: Readonly<Record<string, Answer>>,
  { records, jobs }: Pick<Ports, 'records' | 'jobs'>,
): Promise<Job> {
  const open = await openQuestions(job, records);
  const fitting = Object.entries(answers).flatMap(([name, given]) => {
    const question = open[name];
    return question === undefined ? [] : [{ name, given, question }];
  });
  for (const { name, given, question } of fitting) {
    const problem = given.accepted ? problemOfAnswer(question, given.values) : undefined;
    if (problem !== undefined) throw new DomainError('BAD_INPUT', `The answer to "${name}" does not fit. ${problem}`);
  }
  for (const { name, given } of fitting) {
    // Of two answers to one question the first one counts.
    await records.create(
      answerKey(job.id, name),
      given.accepted ? { ...given, values: { ...given.values } } : given,
      keepSeconds,
    );
  }
  if (job.state === 'held' && Object.keys(await openQuestions(job, records)).length === 0) {
    return (await jobs.retry(job.id)) ?? job;
  }
  return job;
}

/**
 * What "go on" means where nobody says more: yes, or the first choice. `undefined` where words are asked for, or
 * somebody has to decide.
 */
export function usualAnswer({ fields, explicit }: Question): Answer | undefined {
  if (explicit === true) return undefined;
  const values: [string, string | boolean][] = [];
  for (const [name, given] of Object.entries(fields)) {
    if (given.kind === 'text') return undefined;
    values.push([name, given.kind === 'yes_no' ? true : (given.options[0] ?? '')]);
  }
  return { accepted: true, values: Object.fromEntries(values) };
}

function answerKey(jobId: string, name: string): string {
  return `answer:${jobId}:${name}`;
}
