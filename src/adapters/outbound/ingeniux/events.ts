import type { CallClass } from './http/call-class.ts';
import type { FailureKind } from './http/failure.ts';

/** What the driver tells its observer. Holds no content, no token and no text of the CMS. */
export type IngeniuxEvent =
  | {
      readonly kind: 'retry';
      readonly operation: string;
      readonly attempt: number;
      readonly waitMs: number;
      /** How the try before ended. */
      readonly reason: FailureKind;
    }
  | { readonly kind: 'breaker'; readonly callClass: CallClass; readonly state: 'open' | 'half_open' | 'closed' }
  /** A call that an open breaker did not let through. */
  | { readonly kind: 'held_back'; readonly callClass: CallClass }
  | { readonly kind: 'token_renewed'; readonly grant: 'refresh_token' | 'authorization_code' }
  /** Somebody else was renewing; after a wait, theirs was taken. */
  | { readonly kind: 'token_awaited' }
  /** `rejected`: the CMS refused the refresh token; `indeterminate`: it answered neither yes nor no. */
  | { readonly kind: 'token_not_renewed'; readonly outcome: 'rejected' | 'indeterminate' }
  | { readonly kind: 'background_failure'; readonly operation: string; readonly error: unknown };

export type OnProblem = (event: IngeniuxEvent) => void;

/** Told of each request when it begins; what it answers is told how the request ended. */
export type OnAttempt = (attempt: CmsAttempt) => (end: AttemptEnd) => void;

/** One request to the CMS: every try of a call is one. */
export interface CmsAttempt {
  readonly callClass: CallClass;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** The path with its parameters as names, without the query; absent outside of the API. */
  readonly urlTemplate?: string;
  /** The operation of the API. */
  readonly operation?: string;
  /** 1 for the first repetition. */
  readonly resendCount: number;
}

export interface AttemptEnd {
  /** Absent when no answer came. */
  readonly status?: number;
  /** Absent when it went well. */
  readonly failure?: FailureKind;
}
