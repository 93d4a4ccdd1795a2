import type { DomainError } from '../../domain/errors.ts';
import type { Job } from '../../domain/model/job.ts';
import type { CallRequest } from '../call.ts';

/** Watches calls from outside: logs, metrics and traces. Must not throw. */
export interface Observer {
  /** Runs `work` inside whatever context the observer keeps (a span, a bound logger). */
  task<T>(task: TaskFacts, request: CallRequest, work: () => Promise<T>): Promise<T>;
  taskEnded(task: TaskFacts, request: CallRequest, outcome: TaskOutcome): void;
  /** Something went wrong beside the call, which goes on. */
  problem(error: DomainError, request: CallRequest): void;
  /** A job has come to its end, by a run in this process. */
  jobEnded(job: Job): void;
}

export interface TaskFacts {
  readonly name: string;
  readonly effect: 'read' | 'additive' | 'destructive';
}

export interface TaskOutcome {
  readonly durationMs: number;
  readonly result: 'ok' | 'confirmation' | 'replayed' | 'error';
  readonly error?: DomainError;
  readonly staleSeconds?: number;
}
