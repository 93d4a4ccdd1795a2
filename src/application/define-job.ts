import type { z } from 'zod';
import type { QueueName } from '../domain/model/job.ts';
import type { PortName, Ports } from '../domain/ports/index.ts';
import type { JobRun } from '../domain/ports/job-queue.ts';
import type { Call } from './call.ts';
import type { Ask } from './following/ask.ts';

/** One run of a job, with a way to ask people in the middle of it. */
export interface Work extends JobRun {
  readonly ask: Ask;
  /**
   * Makes a call of a task in the owner's name and answers its output. The call asks through the job. Made again after
   * its worker was lost, it is done again only where that is safe.
   *
   * @throws DomainError of the call; HELD when it asks; OUTCOME_UNKNOWN when a lost run may have done it.
   */
  perform(task: string, input: unknown): Promise<Readonly<Record<string, unknown>>>;
  /** Where the job may stop: throws when it is to end, to hold or to give way to others, and otherwise goes on. */
  safePoint(): Promise<void>;
}

/** Slow work that a queue runs, as often as needed, until it has ended once. */
export interface JobDefinition<I extends z.ZodObject, O extends z.ZodObject, N extends PortName> {
  /** The kind that is stored with the job; the file has the same name with dashes. */
  readonly kind: string;
  readonly queue: QueueName;
  readonly attemptsMax: number;
  readonly backoffMs: number;
  readonly needs: readonly N[];
  /** Jobs that share a lane run one after the other: for what the CMS does one at a time. */
  readonly lanes?: (input: z.output<I>) => readonly string[];
  /** Plain JSON that survives the process; never a secret. */
  readonly input: I;
  readonly output: O;
  /**
   * Runs as the principal who asked. Everything that must happen once goes through `run.step`; everything else may
   * happen again after a crash.
   */
  execute(input: z.output<I>, ports: Pick<Ports, N>, run: Work, call: Call): Promise<z.input<O>>;
}

export type AnyJob = JobDefinition<z.ZodObject, z.ZodObject, PortName>;

/** Exists only so that the types of `execute` follow from the schemas and `needs`. */
export function defineJob<I extends z.ZodObject, O extends z.ZodObject, N extends PortName>(
  job: JobDefinition<I, O, N>,
): JobDefinition<I, O, N> {
  return job;
}
