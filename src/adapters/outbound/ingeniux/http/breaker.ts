import CircuitBreaker from 'opossum';
import type { Clock } from '../../../../domain/ports/system.ts';
import type { OnProblem } from '../events.ts';
import { type CallClass, callClasses } from './call-class.ts';
import { CallFailure, failure, failureKinds } from './failure.ts';
import type { Step } from './outbound.ts';

export interface BreakerTuning {
  /** Share of failed calls in the window that opens it, in percent. */
  readonly errorThresholdPercentage: number;
  /** Calls in the window before it can open at all. */
  readonly volumeThreshold: number;
  readonly windowMs: number;
  /** How long it stays open before one call may try again. */
  readonly resetMs: number;
}

export const breakerDefaults: BreakerTuning = {
  errorThresholdPercentage: 50,
  volumeThreshold: 8,
  windowMs: 10_000,
  resetMs: 15_000,
};

export interface Breakers {
  /** Runs `act` unless the class is open. @throws CallFailure of kind `open` at once when it is. */
  run<T>(callClass: CallClass, act: () => Promise<T>): Promise<T>;
  close(): void;
}

/** One opossum breaker per call class of the one CMS. */
export function createBreakers(options: {
  readonly clock: Clock;
  readonly tuning: BreakerTuning;
  readonly onProblem: OnProblem;
}): Breakers {
  const breakers = Object.fromEntries(callClasses.map((name) => [name, createBreaker(name, options)]));
  return {
    run: (callClass, act) => {
      const breaker = breakers[callClass];
      if (breaker === undefined) throw new Error(`There is no breaker ${callClass}.`);
      return breaker.run(act);
    },
    close: () => {
      for (const breaker of Object.values(breakers)) breaker.close();
    },
  };
}

/** The chain's step. */
export function breaker(breakers: Breakers): Step {
  return (call, next) => breakers.run(classOf(call.operation), () => next(call));
}

export function classOf(operation: { readonly slow: boolean; readonly effect: string }): CallClass {
  if (operation.slow) return 'slow';
  return operation.effect === 'read' ? 'read' : 'write';
}

function createBreaker(
  callClass: CallClass,
  options: { readonly clock: Clock; readonly tuning: BreakerTuning; readonly onProblem: OnProblem },
) {
  const { tuning } = options;
  let openedAtMs = 0;
  const circuit: CircuitBreaker<[() => Promise<unknown>], unknown> = new CircuitBreaker((act) => act(), {
    name: `cms-${callClass}`,
    // Every call brings its own deadline. A time-out of the breaker would count calls as late that still run.
    timeout: false,
    errorThresholdPercentage: tuning.errorThresholdPercentage,
    volumeThreshold: tuning.volumeThreshold,
    rollingCountTimeout: tuning.windowMs,
    resetTimeout: tuning.resetMs,
    rollingPercentilesEnabled: false,
    enableSnapshots: false,
    // A cancelled call says nothing about the CMS. It would close a half-open circuit as a success, so there it counts.
    errorFilter: (error: unknown) => !speaksAgainstCms(error) && !(circuit.halfOpen && isCancelled(error)),
  });
  circuit.on('open', () => {
    openedAtMs = options.clock.nowMs();
    options.onProblem({ kind: 'breaker', callClass, state: 'open' });
  });
  circuit.on('halfOpen', () => options.onProblem({ kind: 'breaker', callClass, state: 'half_open' }));
  circuit.on('close', () => options.onProblem({ kind: 'breaker', callClass, state: 'closed' }));
  return {
    run: async <T>(act: () => Promise<T>): Promise<T> => {
      try {
        // The circuit runs what it is given, so the result is the one of `act`.
        return (await circuit.fire(act)) as T;
      } catch (error) {
        if (!isCircuitError(error)) throw error;
        options.onProblem({ kind: 'held_back', callClass });
        const waitMs = Math.max(0, openedAtMs + tuning.resetMs - options.clock.nowMs());
        throw failure(
          'open',
          'CMS_UNAVAILABLE',
          'The CMS has been failing, so calls to it are held back for a moment. Try again later.',
          { cause: error },
          waitMs,
        );
      }
    },
    close: () => circuit.shutdown(),
  };
}

const speaksAgainstCms = (error: unknown): boolean =>
  !(error instanceof CallFailure) || failureKinds[error.kind].counts;
const isCancelled = (error: unknown): boolean => error instanceof CallFailure && error.kind === 'cancelled';
const isCircuitError = (error: unknown): error is Error => error instanceof Error && CircuitBreaker.isOurError(error);
