import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffText } from '../../../../src/application/items/diff-text.ts';

describe('diffText', () => {
  it('shows what went and what came, with a little text around', () => {
    const before = `${'Long text before. '.repeat(10)}The fee is $60. ${'Long text after. '.repeat(10)}`;
    const diff = diffText(before, before.replace('$60', '$65'), 1000);
    expect(diff).toMatchObject({ wordsAdded: 1, wordsRemoved: 1, truncated: false });
    expect(diff.text).toMatch(/^….*The fee is \$?\[-\$?60-\]\{\+\$?65\+\}\. Long text.*…$/);
    expect(diff.text.length).toBeLessThan(130);
  });

  it('joins changes that only white space parts', () => {
    expect(diffText('one two three', 'un deux three', 1000).text).toBe('[-one two-]{+un deux+} three');
  });

  it('is bounded and says so', () => {
    const diff = diffText('a '.repeat(500), 'b '.repeat(500), 100);
    expect(diff.truncated).toBe(true);
    expect(diff.text.length).toBeLessThanOrEqual(101);
  });

  it('gives up on long texts that have little in common', () => {
    const words = (seed: string) => Array.from({ length: 20_000 }, (_, index) => `${seed}${index}`).join(' ');
    const diff = diffText(words('a'), words('b'), 500);
    expect(diff.wordsAdded).toBe(20_000);
    expect(diff.wordsRemoved).toBe(20_000);
  });

  it('loses nothing: without the removed parts it reads as the new text, without the added ones as the old', () => {
    const text = fc.array(fc.constantFrom('fee', 'is', 'the', 'new', 'old'), { maxLength: 8 }).map((w) => w.join(' '));
    fc.assert(
      fc.property(text, text, (before, after) => {
        const diff = diffText(before, after, 10_000);
        if (before === after) {
          expect(diff.text).toBe('');
          return;
        }
        // Only short texts are made here, so that no unchanged text is left out.
        expect(diff.text.replace(/\[-.*?-\]/g, '').replace(/\{\+(.*?)\+\}/g, '$1')).toBe(after);
        expect(diff.text.replace(/\{\+.*?\+\}/g, '').replace(/\[-(.*?)-\]/g, '$1')).toBe(before);
      }),
    );
  });
});
