import type { Clock } from '../../../domain/ports/system.ts';

/** The clock of this machine. */
export function createClock(): Clock {
  return { nowMs: () => Date.now() };
}
