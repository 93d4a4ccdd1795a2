import { refuseFreeze } from '../../items/refuse-freeze.ts';
import type { Step } from '../flow.ts';
import { portsOf } from '../ports-of.ts';

/** Stops writes while the CMS is in a content freeze that does not let the caller through. */
export const refuseInFreeze: Step = async (flow, next) => {
  if (flow.task.heedsFreeze) await refuseFreeze(portsOf(flow));
  return next(flow);
};
