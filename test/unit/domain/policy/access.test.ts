import { describe, expect, it } from 'vitest';
import { tasks } from '../../../../src/application/tasks/index.ts';
import { type Scope, scopes } from '../../../../src/domain/model/principal.ts';
import { missingScopes, withBasis } from '../../../../src/domain/policy/access.ts';

const subsets: readonly (readonly Scope[])[] = Array.from({ length: 2 ** scopes.length }, (_, bits) =>
  scopes.filter((_scope, place) => (bits >> place) % 2 === 1),
);

describe('scopes', () => {
  it.each([
    [[], []],
    [['cms:read'], ['cms:read']],
    [['cms:write'], ['cms:read', 'cms:write']],
    [['cms:publish'], ['cms:read', 'cms:write', 'cms:publish']],
    [['cms:admin'], ['cms:read', 'cms:admin']],
  ] as const)('%j are of no use without %j', (needed, all) => {
    expect(withBasis(needed)).toEqual(all);
  });

  it('need nothing more than what was named once already', () => {
    for (const subset of subsets) expect(withBasis(withBasis(subset))).toEqual(withBasis(subset));
  });

  it('contain no other: exactly what a token carries counts', () => {
    for (const held of subsets) {
      for (const needed of subsets) {
        const missing = missingScopes(needed, { scopes: held });
        expect(missing).toEqual(withBasis(needed).filter((scope) => !held.includes(scope)));
      }
    }
  });

  it('are named in full by every task of the catalogue', () => {
    for (const task of tasks) expect([task.name, withBasis(task.scopes)]).toEqual([task.name, task.scopes]);
  });
});
