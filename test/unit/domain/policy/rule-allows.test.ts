import { describe, expect, it } from 'vitest';
import type { CreationRuleParent } from '../../../../src/domain/model/schema.ts';
import { ruleAllows } from '../../../../src/domain/policy/rule-allows.ts';

const parent = (id: string, facts: Partial<CreationRuleParent> = {}): CreationRuleParent => ({
  id,
  name: id,
  path: id,
  parentOnly: false,
  accessible: true,
  ...facts,
});

describe('ruleAllows', () => {
  const news2026 = { id: 'x3', ancestorIds: ['x1', 'x2'] };

  it.each([
    ['the page itself is a parent', [parent('x3')], true],
    ['the page itself is a parent-only parent', [parent('x3', { parentOnly: true })], true],
    ['a page above it is a parent', [parent('x2')], true],
    ['a page above it is a parent-only parent', [parent('x2', { parentOnly: true })], false],
    ['the parent is not accessible', [parent('x3', { accessible: false })], false],
    ['another of several parents fits', [parent('x9'), parent('x1')], true],
    ['no parent fits', [parent('x9')], false],
    ['the rule has no parents', [], false],
  ])('%s: %s', (_case, parents, expected) => {
    expect(ruleAllows(parents, news2026)).toBe(expected);
  });
});
