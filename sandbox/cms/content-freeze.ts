import type { ContentFreeze, SandboxState } from '../model.ts';

/** The freeze that holds at this time, or null. */
export function activeFreeze(state: SandboxState, now: string): ContentFreeze | null {
  const freeze = state.contentFreeze;
  if (!freeze) return null;
  const at = Date.parse(now);
  return at >= Date.parse(freeze.startTime) && at <= Date.parse(freeze.endTime) ? freeze : null;
}
