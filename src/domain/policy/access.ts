import { type Principal, type Scope, scopes } from '../model/principal.ts';

/**
 * What each scope is of no use without: nothing can be written or administered that cannot be read, and publishing
 * checks in and takes transitions. No scope contains another: a token with `cms:write` alone can call nothing, and what
 * a person agreed to is what the token carries. So whatever needs a scope needs these as well, and says so.
 */
const basis: Readonly<Record<Scope, readonly Scope[]>> = {
  'cms:read': [],
  'cms:write': ['cms:read'],
  'cms:publish': ['cms:read', 'cms:write'],
  'cms:admin': ['cms:read'],
};

/** The scopes together with what they are of no use without, each once, in the order of `scopes`. Pure. */
export function withBasis(needed: readonly Scope[]): Scope[] {
  return scopes.filter((scope) => needed.some((one) => one === scope || basis[one].includes(scope)));
}

/** The needed scopes that the principal's token does not carry. Pure. */
export function missingScopes(needed: readonly Scope[], principal: Pick<Principal, 'scopes'>): Scope[] {
  return withBasis(needed).filter((scope) => !principal.scopes.includes(scope));
}
