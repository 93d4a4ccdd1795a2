import type { Response } from 'express';
import type { DomainError, ErrorCode } from '../../../domain/errors.ts';

/** Answers an error of the table over plain HTTP. Without effect when an answer has begun. */
export function presentHttpError(response: Response, error: DomainError, requestId: string): void {
  if (response.headersSent) return;
  const status = statusOf(error.code);
  const waitSeconds = error.retryAfterSeconds ?? (status === 503 ? outageSeconds : undefined);
  if (waitSeconds !== undefined) response.setHeader('Retry-After', String(waitSeconds));
  response.status(status).json({ error: { ...error.toJSON(), request_id: requestId } });
}

/** When to come back where nobody knows how long it takes: storages and servers commonly restart in seconds. */
const outageSeconds = 5;

/** The HTTP status of each code. */
export function statusOf(code: ErrorCode): number {
  switch (code) {
    case 'BAD_INPUT':
    case 'AMBIGUOUS':
    case 'REQUIRED_FIELD':
    case 'CONFIRMATION_INVALID':
      return 400;
    case 'UNAUTHENTICATED':
      return 401;
    case 'SIGN_IN_REFUSED':
    case 'SCOPE_MISSING':
    case 'FORBIDDEN':
      return 403;
    case 'NOT_FOUND':
      return 404;
    case 'CONFLICT':
    case 'VERSION_CONFLICT':
    case 'HELD':
      return 409;
    case 'TOO_LARGE':
      return 413;
    case 'IDEMPOTENCY_KEY_REUSED':
      return 422;
    case 'LOCKED':
      return 423;
    case 'RATE_LIMITED':
      return 429;
    case 'CANCELLED':
      return 499;
    case 'INTERNAL':
      return 500;
    case 'CAPABILITY_MISSING':
      return 501;
    case 'CMS_REFUSED':
    case 'CMS_UNEXPECTED':
    case 'CMS_SIGN_IN_FAILED':
    case 'OUTCOME_UNKNOWN':
    case 'WRITE_UNVERIFIED':
      return 502;
    case 'SIGN_IN_UNAVAILABLE':
    case 'CONTENT_FREEZE':
    case 'LOCKED_DOWN':
    case 'CMS_UNAVAILABLE':
    case 'STORAGE_UNAVAILABLE':
      return 503;
    case 'CMS_TIMEOUT':
    case 'TIMED_OUT':
      return 504;
  }
}
