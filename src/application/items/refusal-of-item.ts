import { type DomainError, type ErrorCode, errorTable, toDomainError } from '../../domain/errors.ts';

/**
 * What was thrown as the final outcome of one item of several, within a job; `undefined` for what may pass with time,
 * what ends the job, and every failure of a run that is being stopped: that rises, so that the queue decides.
 */
export function refusalOfItem(thrown: unknown, signal: AbortSignal): DomainError | undefined {
  const error = toDomainError(thrown);
  if (signal.aborted || endsTheJob.includes(error.code) || errorTable[error.code].retry === 'later') return undefined;
  return error;
}

const endsTheJob: readonly ErrorCode[] = [
  'INTERNAL',
  'UNAUTHENTICATED',
  'CMS_SIGN_IN_FAILED',
  'CMS_UNEXPECTED',
  'HELD',
];
