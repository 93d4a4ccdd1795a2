import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../../../domain/ports/system.ts';
import type { Operation } from '../catalogue/operation.ts';
import type { OnProblem } from '../events.ts';
import { CallFailure, failureKinds, interruption } from './failure.ts';
import type { OutboundCall, Step } from './outbound.ts';

export interface RetryOptions {
  readonly clock: Clock;
  /** Between 0 and 1. */
  readonly random: () => number;
  /** Further tries after the first one. */
  readonly retriesMax: number;
  readonly onProblem: OnProblem;
}

/**
 * Sends a call again where that can do no harm: a call that the CMS has put off (429 or 503 with Retry-After) whatever
 * it does, one that was not sent or not taken when it is idempotent, one that may have arrived when it only reads.
 * A wait that would pass the deadline is not begun.
 */
export function retry(options: RetryOptions): Step {
  return async (call, next) => {
    for (let attempt = 0; ; attempt++) {
      try {
        return await next({ ...call, resendCount: attempt });
      } catch (error) {
        // Everything below the retry throws CallFailures; a defect rises as it is.
        if (!(error instanceof CallFailure) || attempt >= options.retriesMax) throw error;
        const waitMs = waitBeforeRetry(error, call.operation, attempt, options.random);
        if (waitMs === undefined || options.clock.nowMs() + waitMs >= call.deadlineAtMs) throw error;
        options.onProblem({
          kind: 'retry',
          operation: call.operation.id,
          attempt: attempt + 1,
          waitMs,
          reason: error.kind,
        });
        await pause(waitMs, call);
      }
    }
  };
}

const firstWaitMs = 200;
const longestWaitMs = 5_000;

/** How long to wait before the next try; `undefined` when there must be none. */
function waitBeforeRetry(
  error: CallFailure,
  operation: Operation,
  attempt: number,
  random: () => number,
): number | undefined {
  if (error.retryAfterMs !== undefined) return error.retryAfterMs;
  const { repeat } = failureKinds[error.kind];
  const isAllowed =
    operation.idempotent && (repeat === 'idempotent' || (repeat === 'reads' && operation.effect === 'read'));
  if (!isAllowed) return undefined;
  // Full jitter over the upper half: callers that failed together do not come back together.
  return Math.min(longestWaitMs, firstWaitMs * 2 ** attempt) * (0.5 + random() / 2);
}

async function pause(waitMs: number, call: OutboundCall): Promise<void> {
  try {
    await sleep(waitMs, undefined, { signal: call.signal });
  } catch (error) {
    // The only failure of a sleep is its signal.
    throw interruption(call, false, error);
  }
}
