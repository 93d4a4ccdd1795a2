import { DomainError } from '../../../domain/errors.ts';
import type { Step } from '../flow.ts';

/**
 * Tells what happened, before the answer leaves: the caller's next read sees its own write. A call that failed after
 * it emitted has changed something too, so its events are told as well.
 */
export const releaseEvents: Step = async (flow, next) => {
  try {
    return await next(flow);
  } finally {
    if (flow.emitted.length > 0) {
      try {
        await flow.runtime.events.publish(flow.emitted);
      } catch (cause) {
        // A lost event means that reads of other processes may be old for a while; the write itself stands.
        flow.runtime.observer.problem(
          new DomainError('STORAGE_UNAVAILABLE', 'Events of a call could not be told.', { cause }),
          flow.request,
        );
      }
    }
  }
};
