import { DomainError } from '../../../domain/errors.ts';
import type { Step } from '../flow.ts';

/** MCP clients commonly give up after 60 seconds: the answer must be there before. */
export const defaultDeadlineMs = 55_000;

/** Ends a call that takes too long, with an error that says that the work may have gone on. */
export const enforceDeadline: Step = async (flow, next) => {
  const deadlineMs = flow.task.deadlineMs ?? defaultDeadlineMs;
  const deadline = AbortSignal.timeout(deadlineMs);
  const signal = AbortSignal.any([flow.signal, deadline]);
  try {
    return await next({ ...flow, signal });
  } catch (thrown) {
    // A caller may end a call with any reason, a text included, and whoever looks at the signal throws just that.
    if (flow.signal.aborted && thrown === flow.signal.reason) throw cancelled(thrown);
    // Beside that only our own deadline is renamed; every other error rises as it is.
    if (!deadline.aborted || flow.signal.aborted || !isAbort(thrown)) throw thrown;
    throw new DomainError(
      'TIMED_OUT',
      `${flow.task.name} did not end within ${deadlineMs / 1000} seconds. A write may have been done: read the item before trying again.`,
      { cause: thrown },
    );
  }
};

const cancelled = (cause: unknown): DomainError =>
  new DomainError('CANCELLED', 'The call was cancelled before it ended.', { cause });

function isAbort(thrown: unknown): boolean {
  if (thrown instanceof DomainError) return thrown.code === 'CANCELLED' || thrown.code === 'CMS_TIMEOUT';
  return thrown instanceof Error && (thrown.name === 'AbortError' || thrown.name === 'TimeoutError');
}
