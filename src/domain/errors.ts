/**
 * Every failure that a caller can meet, in one table. The transports map these rows to MCP and HTTP by exhaustive
 * switches; the reference in docs/reference/errors.md is generated from it.
 *
 * - `fault`: who has to act: the caller, the CMS, the operator of this server, or the server itself.
 * - `retry`: `never` (tell the user), `after_change` (call again with something changed), `later` (the same call may
 *   succeed), `after_check` (look at the state first: the call may have taken effect).
 */
export const errorTable = {
  BAD_INPUT: { fault: 'caller', retry: 'after_change', meaning: 'An argument has the wrong form or value.' },
  UNAUTHENTICATED: {
    fault: 'caller',
    retry: 'never',
    meaning: 'No valid access token came with the request, or the user has to sign in again.',
  },
  SIGN_IN_REFUSED: {
    fault: 'caller',
    retry: 'after_change',
    meaning: 'What was given to sign in with does not fit, or this person may not sign in here.',
  },
  SIGN_IN_UNAVAILABLE: {
    fault: 'operator',
    retry: 'later',
    meaning: 'The identity provider that people sign in at cannot be reached.',
  },
  SCOPE_MISSING: {
    fault: 'caller',
    retry: 'never',
    meaning: 'The access token does not carry a scope that is needed.',
  },
  RATE_LIMITED: { fault: 'caller', retry: 'later', meaning: 'Too many calls in the last minute.' },
  NOT_FOUND: {
    fault: 'caller',
    retry: 'after_change',
    meaning: 'Nothing with that id, path or name is visible to this user.',
  },
  AMBIGUOUS: {
    fault: 'caller',
    retry: 'after_change',
    meaning: 'A name fits several things; the candidates are listed.',
  },
  CONFLICT: { fault: 'caller', retry: 'after_check', meaning: 'The item is not in the state that the call expects.' },
  VERSION_CONFLICT: { fault: 'caller', retry: 'after_change', meaning: 'The item changed since it was read.' },
  LOCKED: { fault: 'caller', retry: 'never', meaning: 'Somebody else has the item checked out or assigned.' },
  REQUIRED_FIELD: { fault: 'caller', retry: 'after_change', meaning: 'A required field is empty.' },
  CONFIRMATION_INVALID: {
    fault: 'caller',
    retry: 'after_change',
    meaning: 'The confirm token is unknown, expired, used, or was given for other arguments.',
  },
  IDEMPOTENCY_KEY_REUSED: {
    fault: 'caller',
    retry: 'after_change',
    meaning: 'The idempotency key was used before with other arguments.',
  },
  TOO_LARGE: { fault: 'caller', retry: 'after_change', meaning: 'The request or its answer passes a size limit.' },
  CAPABILITY_MISSING: { fault: 'cms', retry: 'never', meaning: 'The CMS offers no way to do this over its API.' },
  FORBIDDEN: { fault: 'cms', retry: 'never', meaning: 'The CMS refuses: this user lacks the permission.' },
  CONTENT_FREEZE: {
    fault: 'cms',
    retry: 'later',
    meaning: 'The CMS is in a content freeze; writes wait until it ends.',
  },
  LOCKED_DOWN: {
    fault: 'operator',
    retry: 'later',
    meaning: 'The operator has made this server read-only for everyone; writes wait until that is lifted.',
  },
  CMS_REFUSED: { fault: 'cms', retry: 'after_check', meaning: 'The CMS refused the call for a reason of its own.' },
  CMS_UNAVAILABLE: { fault: 'cms', retry: 'later', meaning: 'The CMS cannot be reached or is failing.' },
  CMS_TIMEOUT: { fault: 'cms', retry: 'later', meaning: 'The CMS did not answer in time.' },
  CMS_UNEXPECTED: {
    fault: 'cms',
    retry: 'never',
    meaning: 'The CMS answered something that its contract does not allow.',
  },
  CMS_SIGN_IN_FAILED: {
    fault: 'operator',
    retry: 'never',
    meaning: 'The CMS does not accept the credentials that this server is configured with.',
  },
  OUTCOME_UNKNOWN: {
    fault: 'cms',
    retry: 'after_check',
    meaning: 'A write was sent and no answer came: it may have taken effect.',
  },
  WRITE_UNVERIFIED: {
    fault: 'cms',
    retry: 'after_check',
    meaning: 'The CMS accepted a write, but reading it back shows something else.',
  },
  HELD: {
    fault: 'caller',
    retry: 'after_change',
    meaning: 'The job waits for a decision; what it asks is in the details. What it has done stays done.',
  },
  CANCELLED: { fault: 'caller', retry: 'later', meaning: 'The call or job was cancelled.' },
  TIMED_OUT: { fault: 'server', retry: 'after_check', meaning: 'The call passed its deadline on this server.' },
  STORAGE_UNAVAILABLE: { fault: 'operator', retry: 'later', meaning: 'The storage of this server cannot be reached.' },
  INTERNAL: {
    fault: 'server',
    retry: 'never',
    meaning: 'A defect of this server; the request id finds it in the log.',
  },
} as const satisfies Record<string, ErrorRow>;

interface ErrorRow {
  readonly fault: 'caller' | 'cms' | 'operator' | 'server';
  readonly retry: 'never' | 'after_change' | 'after_check' | 'later';
  readonly meaning: string;
}

export type ErrorCode = keyof typeof errorTable;

/** The call that helps next: a task's name and the arguments to give it. */
export interface NextCall {
  readonly tool: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** One thing that an ambiguous or unknown name may have meant. */
export interface Candidate {
  readonly id: string;
  readonly name: string;
  readonly path?: string;
}

export interface DomainErrorOptions {
  /** What the caller can do next, as a call. */
  readonly next?: NextCall;
  readonly candidates?: readonly Candidate[];
  /** For `retry: later`: when. */
  readonly retryAfterSeconds?: number;
  /** Facts for programs: plain JSON, no secrets, no upstream texts. */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/**
 * The one error class. `message` is shown to agents and people: own words, what went wrong and what to do. Whatever
 * the CMS or a library said is kept as `cause`, for the log only.
 */
export class DomainError extends Error {
  readonly code: ErrorCode;
  readonly next: NextCall | undefined;
  readonly candidates: readonly Candidate[] | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly details: Readonly<Record<string, unknown>> | undefined;

  constructor(code: ErrorCode, message: string, options: DomainErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'DomainError';
    this.code = code;
    this.next = options.next;
    this.candidates = options.candidates;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.details = options.details;
  }

  /** True when another try can succeed at all, changed or not. */
  get recoverable(): boolean {
    return errorTable[this.code].retry !== 'never';
  }

  /** The form that travels: to agents as text, to jobs as their error. Never holds `cause`. */
  toJSON(): ErrorReport {
    return {
      code: this.code,
      message: this.message,
      fault: errorTable[this.code].fault,
      retry: errorTable[this.code].retry,
      recoverable: this.recoverable,
      blocked: !this.recoverable,
      ...(this.retryAfterSeconds === undefined ? {} : { retry_after_seconds: this.retryAfterSeconds }),
      ...(this.candidates === undefined ? {} : { candidates: this.candidates }),
      ...(this.details === undefined ? {} : { details: this.details }),
      ...(this.next === undefined ? {} : { next: this.next }),
      docs: `docs/reference/errors.md#${this.code.toLowerCase()}`,
    };
  }
}

/** A DomainError as plain JSON. `blocked: true` means: tell the user, do not retry. */
export interface ErrorReport {
  readonly code: ErrorCode;
  readonly message: string;
  readonly fault: ErrorRow['fault'];
  readonly retry: ErrorRow['retry'];
  readonly recoverable: boolean;
  readonly blocked: boolean;
  readonly retry_after_seconds?: number;
  readonly candidates?: readonly Candidate[];
  readonly details?: Readonly<Record<string, unknown>>;
  readonly next?: NextCall;
  readonly docs: string;
}

/**
 * Makes a DomainError of anything thrown: itself when it is one, `CANCELLED` when the caller's signal ended the work,
 * else `INTERNAL` with the thrown thing as cause.
 */
export function toDomainError(thrown: unknown): DomainError {
  if (thrown instanceof DomainError) return thrown;
  if (thrown instanceof Error && thrown.name === 'AbortError') {
    return new DomainError('CANCELLED', 'The call was cancelled before it ended.', { cause: thrown });
  }
  return new DomainError('INTERNAL', 'The server met an error of its own. The request id finds it in the log.', {
    cause: thrown,
  });
}
