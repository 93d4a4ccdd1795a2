import { refuseLockdown } from '../../authorization/refuse-lockdown.ts';
import type { Step } from '../flow.ts';

/** Stops writes while the operator has made the server read-only. */
export const refuseInLockdown: Step = async (flow, next) => {
  if (flow.task.effect !== 'read') await refuseLockdown(flow.runtime.lockdown);
  return next(flow);
};
