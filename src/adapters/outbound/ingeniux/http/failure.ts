import { DomainError, type DomainErrorOptions, type ErrorCode } from '../../../../domain/errors.ts';
import type { Operation } from '../catalogue/operation.ts';

/**
 * How a call can end badly, and what follows from it:
 * - `counts`: speaks against the health of the CMS, so that the breaker counts it. What a user may not do never counts.
 * - `repeat`: which calls may be sent again without a Retry-After of the CMS: none, only reads (the call may have
 *   arrived), or every idempotent call (it has not taken effect).
 */
export const failureKinds = {
  /** The CMS said no for a reason of its own. */
  refused: { counts: false, repeat: 'none' },
  /** The CMS did not like an argument; on a read of one item that means: no such item. */
  bad_argument: { counts: false, repeat: 'none' },
  missing: { counts: false, repeat: 'none' },
  /** The credential was not accepted. */
  signed_out: { counts: false, repeat: 'none' },
  /** The credential stays refused after a renewal, or the CMS gives none. */
  sign_in_refused: { counts: false, repeat: 'none' },
  /** 429. */
  throttled: { counts: false, repeat: 'idempotent' },
  /** 503: the CMS, or what stands before it, did not take the call. */
  overloaded: { counts: true, repeat: 'idempotent' },
  /** No connection came about: nothing was sent. */
  unreached: { counts: true, repeat: 'idempotent' },
  /** 502 or 504, or the connection broke: the call may have arrived. */
  lost: { counts: true, repeat: 'reads' },
  /** Another 5xx: the CMS is broken rather than unwilling. */
  failing: { counts: true, repeat: 'none' },
  /** The breaker let nothing through. */
  open: { counts: true, repeat: 'none' },
  late: { counts: true, repeat: 'none' },
  /** The caller's signal. */
  cancelled: { counts: false, repeat: 'none' },
  /** The CMS answered what its contract does not know. */
  unexpected: { counts: false, repeat: 'none' },
} as const satisfies Record<string, { counts: boolean; repeat: 'none' | 'reads' | 'idempotent' }>;

export type FailureKind = keyof typeof failureKinds;

/** A call that ended badly, on its way out through the chain. Callers of the driver meet only its `error`. */
export class CallFailure extends Error {
  readonly kind: FailureKind;
  readonly error: DomainError;
  /** What the CMS asked to wait, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(kind: FailureKind, error: DomainError, retryAfterMs?: number) {
    super(error.message, { cause: error });
    this.name = 'CallFailure';
    this.kind = kind;
    this.error = error;
    this.retryAfterMs = retryAfterMs;
  }
}

/** A failure with an error of the given code. */
export function failure(
  kind: FailureKind,
  code: ErrorCode,
  message: string,
  options: DomainErrorOptions = {},
  retryAfterMs?: number,
): CallFailure {
  const retryAfterSeconds = retryAfterMs === undefined ? undefined : Math.max(1, Math.ceil(retryAfterMs / 1000));
  return new CallFailure(
    kind,
    new DomainError(code, message, { ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }), ...options }),
    retryAfterMs,
  );
}

/** True when a call whose answer never came leaves behind something that a second call would add to. */
export function leavesDoubt(operation: Operation): boolean {
  return operation.effect !== 'read' && !operation.idempotent;
}

/** A write was sent, and nobody knows what became of it. */
export function outcomeUnknown(kind: FailureKind, operation: Operation, cause: unknown): CallFailure {
  return failure(
    kind,
    'OUTCOME_UNKNOWN',
    'The CMS was asked to change something and its answer never came. Read the item again before anything else: the change may have taken effect.',
    { details: { operation: operation.id }, cause },
  );
}

/** The failure of a call that was ended from outside: by its caller, or by its own deadline. */
export function interruption(
  call: { readonly operation: Operation; readonly callerSignal: AbortSignal },
  wasSent: boolean,
  cause: unknown,
): CallFailure {
  const kind = call.callerSignal.aborted ? 'cancelled' : 'late';
  if (wasSent && leavesDoubt(call.operation)) return outcomeUnknown(kind, call.operation, cause);
  const details = { operation: call.operation.id };
  return kind === 'cancelled'
    ? failure(kind, 'CANCELLED', 'The call to the CMS was cancelled before it ended.', { details, cause })
    : failure(kind, 'CMS_TIMEOUT', 'The CMS did not answer in time. Try again later.', { details, cause });
}

/** Waits for a promise, but no longer than the signal allows; the promise itself goes on. */
export function untilAborted<T>(promise: Promise<T>, signal: AbortSignal, onAbort: () => unknown): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const abort = () => reject(onAbort());
    if (signal.aborted) {
      // Nobody waits for the promise any more; its failure is its own.
      promise.catch(() => undefined);
      return abort();
    }
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
