import type { Principal, Scope } from '../model/principal.ts';

/** The needed scopes that the principal's token does not carry, in the order they are needed. */
export function missingScopes(needed: readonly Scope[], principal: Principal): Scope[] {
  return needed.filter((scope) => !principal.scopes.includes(scope));
}
