import type { DomainEvent } from '../domain/events.ts';
import type { Principal } from '../domain/model/principal.ts';
import type { Ask } from './following/ask.ts';

/** What a transport knows about one call and hands to the pipeline. */
export interface CallRequest {
  readonly principal: Principal;
  /** Found again in every log line of the call, and in error texts. */
  readonly requestId: string;
  /** Aborted when the caller cancels or goes away. */
  readonly signal: AbortSignal;
  /** Chosen by the caller; the same key and input within 24 hours is answered with the first answer. */
  readonly idempotencyKey?: string;
  /** `percent` 0 to 100. Absent when the caller did not ask for progress. */
  readonly onProgress?: (percent: number, message: string) => void;
  /** True when the door has counted the call against the caller's limit. */
  readonly isCounted?: boolean;
  /** Which part of the catalogue the caller is offered; absent where there is no catalogue. */
  readonly exposure?: Offered;
  /** True when the caller follows jobs by itself: what starts one answers at once. */
  readonly followsJobs?: boolean;
  /** True when the caller shows its user what a job asks: a call that has to ask goes on as one. */
  readonly showsQuestions?: boolean;
  /** Of a call that a job makes: how it asks. Such a call may be made again after its worker was lost. */
  readonly ask?: Ask;
  /** The caller's own trace (W3C Trace Context): 32 hex digits. */
  readonly traceId?: string;
}

/** An `Exposure`, as those see it who only tell of it: which words were asked for, and which a grant leaves. */
export interface Offered {
  readonly words: readonly string[];
  readonly readOnly: boolean;
  readonly granted?: { readonly words: readonly string[]; readonly readOnly: boolean };
}

/** What a task sees of its call. */
export interface Call {
  readonly principal: Principal;
  readonly requestId: string;
  /** Aborted by the caller or by the deadline. */
  readonly signal: AbortSignal;
  /** An unguessable string that is the same whenever this very call is repeated under its idempotency key. */
  readonly idempotencyKey?: string;
  readonly exposure?: Offered;
  /** The task that was called: jobs remember which one started them. Absent within a job. */
  readonly task?: string;
  readonly followsJobs?: boolean;
  /**
   * Asks the person behind the call. Absent where nobody can be asked: then the answer says what is needed. To be called
   * before anything is changed that may not happen twice: the task runs again when there is an answer.
   */
  readonly ask?: Ask;
  /** True when an earlier run of this very call was lost: what it was to do may have happened. */
  readonly mayHaveRun?: boolean;
  /** Told of the job that the call has started. */
  started(jobId: string): void;
  /** Told to reactions after the task has succeeded, or has failed with an outcome that is not certain. */
  emit(event: DomainEvent): void;
  progress(percent: number, message: string): void;
}
