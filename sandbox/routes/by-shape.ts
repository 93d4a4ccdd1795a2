import { allOperations } from '../contract/contract.ts';
import { contractRoute } from '../contract/contract-routes.ts';
import { plainAnswer } from '../contract/shape.ts';
import type { Route } from '../route.ts';

/**
 * The operations without a rule of their own. They check method, keys, body and rights like every other one, and
 * answer the plainest value of the declared type.
 */
export function routesByShape(withRules: Route[]): Route[] {
  const known = new Set(withRules.map((route) => route.operationId));
  return allOperations()
    .filter((operation) => !known.has(operation.operationId))
    .map((operation) => contractRoute(operation, () => plainAnswer(operation)));
}
