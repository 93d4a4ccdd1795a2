import type { Answer, Question } from '../../domain/model/question.ts';
import type { ExpiringRecords } from '../../domain/ports/expiring-records.ts';
import type { JobRun } from '../../domain/ports/job-queue.ts';
import { heldBack, readAnswer } from './questions.ts';

/** How a job asks people. The same names always get the same answers, whichever run asks. */
export type Ask = <N extends string>(questions: Readonly<Record<N, Question>>) => Promise<Record<N, Answer>>;

/**
 * Answers what people said, or sets the job aside until they have: the run ends, its place is free, and the job runs
 * again from its ended steps when the last answer is there.
 */
export function askWithin(run: JobRun, records: ExpiringRecords): Ask {
  return async <N extends string>(questions: Readonly<Record<N, Question>>) => {
    const names = Object.keys(questions);
    // Kept as a step: what was answered holds, however long the job takes.
    const answers = await run.step(`answers:${names.join(',')}`, async () => {
      const given = await Promise.all(names.map((name) => readAnswer(run.job.id, name, records)));
      const missing = names.filter((_name, index) => given[index] === undefined);
      if (missing.length > 0) throw heldBack(questions);
      return Object.fromEntries(names.map((name, index) => [name, given[index] as KeptAnswer]));
    });
    // Each name has its answer: else the step would not have ended.
    return answers as Record<N, Answer>;
  };
}

/** An answer as plain JSON. */
type KeptAnswer =
  | { readonly accepted: true; readonly values: { readonly [name: string]: string | boolean } }
  | { readonly accepted: false };
