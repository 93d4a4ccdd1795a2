import type { Clock } from '../../src/domain/ports/system.ts';

/** A clock that stands still until the test moves it. */
export function createFakeClock(startMs = Date.UTC(2026, 0, 5, 9)): FakeClock {
  let nowMs = startMs;
  return {
    nowMs: () => nowMs,
    advance: (ms) => {
      nowMs += ms;
    },
  };
}

export interface FakeClock extends Clock {
  /** Moves the time forward, or back with a negative number. */
  advance(ms: number): void;
}
