import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutText, fairCap } from '../../../../src/application/items/cut-text.ts';

describe('cutText', () => {
  it('leaves short texts alone and tells the length of long ones', () => {
    expect(cutText('abc', 3)).toEqual({ text: 'abc' });
    expect(cutText('abcd', 3)).toEqual({ text: 'abc', truncated: true, length: 4 });
  });

  it('never splits a character', () => {
    expect(cutText('ab😀cd', 3).text).toBe('ab');
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), fc.integer({ min: 1, max: 40 }), (text, max) => {
        expect(cutText(text, max).text.isWellFormed()).toBe(true);
        expect(cutText(text, max).text.length).toBeLessThanOrEqual(max);
      }),
    );
  });
});

describe('fairCap', () => {
  it('cuts only the longest', () => {
    expect(fairCap([10, 20, 1000], 500)).toBe(470);
    expect(fairCap([1000, 1000], 600)).toBe(300);
    expect(fairCap([10, 20], 500)).toBe(500);
    expect(fairCap([], 500)).toBe(500);
  });

  it('keeps the sum within the budget, and wastes nothing that a longer text could use', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat({ max: 5_000 }), { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 1, max: 20_000 }),
        (lengths, budget) => {
          const cap = fairCap(lengths, budget, 0);
          const used = lengths.reduce((sum, length) => sum + Math.min(length, cap), 0);
          expect(used).toBeLessThanOrEqual(budget);
          const cutCount = lengths.filter((length) => length > cap).length;
          if (cutCount > 0) expect(budget - used).toBeLessThan(cutCount + lengths.length);
        },
      ),
    );
  });
});
