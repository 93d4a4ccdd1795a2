import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { outOfOrder } from '../../../../src/domain/policy/out-of-order.ts';

/** Puts those that have to move behind the one that stands in front of them, one after the other. */
function arrange(wanted: readonly string[], now: readonly string[]): readonly string[] {
  const moving = outOfOrder(wanted, now);
  const row = [...now];
  for (const id of wanted) {
    if (!moving.has(id)) continue;
    row.splice(row.indexOf(id), 1);
    const before = wanted.slice(0, wanted.indexOf(id)).findLast((each) => row.includes(each));
    row.splice(before === undefined ? 0 : row.indexOf(before) + 1, 0, id);
  }
  return row;
}

describe('what is out of order', () => {
  it.each([
    [['a', 'b', 'c'], ['a', 'b', 'c'], []],
    [['a', 'b', 'c', 'd'], ['b', 'c', 'd', 'a'], ['a']],
    [['a', 'b', 'c', 'd'], ['d', 'a', 'b', 'c'], ['d']],
    [['a', 'b', 'c'], ['c', 'x', 'a'], ['a']],
    [[], ['a'], []],
    [['a'], [], []],
  ])('of %j, standing as %j: %j', (wanted, now, moving) => {
    expect([...outOfOrder(wanted, now)]).toHaveLength(moving.length);
    if (moving.length === 1 && wanted.length > 3) expect([...outOfOrder(wanted, now)]).toEqual(moving);
  });

  it('is enough to bring everything into order, and never all of it', () => {
    const ids = fc.uniqueArray(fc.integer({ min: 0, max: 30 }).map(String), { maxLength: 12 });
    fc.assert(
      fc.property(ids, ids, (wanted, now) => {
        const common = wanted.filter((id) => now.includes(id));
        expect(arrange(wanted, now).filter((id) => common.includes(id))).toEqual(common);
        if (common.length > 0) expect(outOfOrder(wanted, now).size).toBeLessThan(common.length);
      }),
    );
  });
});
