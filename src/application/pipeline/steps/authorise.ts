import { DomainError } from '../../../domain/errors.ts';
import { missingScopes } from '../../../domain/policy/access.ts';
import { neededScopes } from '../../authorization/needed-scopes.ts';
import type { Step } from '../flow.ts';

/** Refuses a call whose token lacks a scope, naming all scopes that the call needs. */
export const authorise: Step = (flow, next) => {
  const needed = neededScopes(flow.task, flow.rawInput, flow.runtime.ports);
  const missing = missingScopes(needed, flow.request.principal);
  if (missing.length > 0) {
    throw new DomainError(
      'SCOPE_MISSING',
      `${flow.task.name} needs the scopes ${needed.join(' ')} for this call; this access token lacks ${missing.join(' ')}. Ask the user for a token with them.`,
      { details: { required_scopes: needed, missing_scopes: missing } },
    );
  }
  return next(flow);
};
