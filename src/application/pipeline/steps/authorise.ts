import { DomainError } from '../../../domain/errors.ts';
import { missingScopes } from '../../../domain/policy/access.ts';
import type { Step } from '../flow.ts';

/** Refuses a call whose token lacks a scope, naming all scopes that the task needs. */
export const authorise: Step = (flow, next) => {
  const missing = missingScopes(flow.task.scopes, flow.request.principal);
  if (missing.length > 0) {
    throw new DomainError(
      'SCOPE_MISSING',
      `${flow.task.name} needs the scopes ${flow.task.scopes.join(' ')}; this access token lacks ${missing.join(' ')}. Ask the user for a token with them.`,
      { details: { required_scopes: [...flow.task.scopes], missing_scopes: missing } },
    );
  }
  return next(flow);
};
