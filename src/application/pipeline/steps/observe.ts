import { toDomainError } from '../../../domain/errors.ts';
import type { Step } from '../flow.ts';

/** Outermost: whatever is thrown below leaves as a DomainError, and the observer hears how every call ended. */
export const observe: Step = async (flow, next) => {
  const { observer, ports } = flow.runtime;
  const facts = { name: flow.task.name, effect: flow.task.effect };
  return observer.task(facts, flow.request, async () => {
    const startMs = ports.clock.nowMs();
    try {
      const answer = await next(flow);
      observer.taskEnded(facts, flow.request, {
        durationMs: ports.clock.nowMs() - startMs,
        result: answer.replayed ? 'replayed' : answer.kind === 'done' ? 'ok' : 'confirmation',
        ...(answer.staleSeconds === undefined ? {} : { staleSeconds: answer.staleSeconds }),
      });
      return answer;
    } catch (thrown) {
      // The one place where unknown errors get a code; the observer logs the cause.
      const error = toDomainError(thrown);
      const durationMs = ports.clock.nowMs() - startMs;
      // A question is no failure: the job goes on when it is answered.
      observer.taskEnded(
        facts,
        flow.request,
        error.code === 'HELD' ? { durationMs, result: 'confirmation' } : { durationMs, result: 'error', error },
      );
      throw error;
    }
  });
};
