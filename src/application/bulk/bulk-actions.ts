import type { BulkAction, BulkActor, BulkRun } from './bulk-action.ts';
import type { BulkOrder } from './bulk-order.ts';
import { categorizeAction } from './categorize.ts';
import { checkInAction } from './check-in.ts';
import { moveAction } from './move.ts';
import { publishAction } from './publish.ts';

/** What can be done to many pages as one job. */
export const bulkActionTable: { readonly [A in BulkOrder['action']]: BulkAction<A> } = {
  move: moveAction,
  categorize: categorizeAction,
  check_in: checkInAction,
  publish: publishAction,
};

export function prepareBulk<A extends BulkOrder['action']>(
  order: Extract<BulkOrder, { action: A }>,
  run: BulkRun,
): Promise<BulkActor> {
  // The key of the table is the action of the order, which the compiler cannot follow through a union.
  const action = bulkActionTable[order.action] as unknown as BulkAction<A>;
  return action.prepare(order as Parameters<BulkAction<A>['prepare']>[0], run);
}
