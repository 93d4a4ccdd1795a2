import type { Clock } from '../../../../domain/ports/system.ts';
import type { Step } from './outbound.ts';

/** Gives every call one deadline, which covers signing in, waiting for a connection and all its tries. */
export function deadline(options: {
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly slowTimeoutMs: number;
}): Step {
  return (call, next) => {
    const timeoutMs = call.operation.slow ? options.slowTimeoutMs : options.timeoutMs;
    return next({
      ...call,
      signal: AbortSignal.any([call.signal, AbortSignal.timeout(timeoutMs)]),
      deadlineAtMs: options.clock.nowMs() + timeoutMs,
    });
  };
}
