import { describe, expect, it } from 'vitest';
import { foreign, plainLine } from '../../../../../src/adapters/inbound/http/oauth/pages/foreign-text.ts';
import { hostileNames } from '../../../../support/hostile-names.ts';

describe('the text of strangers', () => {
  it.each([
    ['Claude', 'Claude'],
    ['  two \n lines\t', 'two lines'],
    ['Cl\u200Baude', 'Claude'],
    ['\u202EedualC', 'edualC'],
    ['\u2066a\u2069', 'a'],
    ['a\u0000b', 'ab'],
    ['\u2800\u3164\u115F', ''],
    ['flag \u{E0067}\u{E007F}', 'flag'],
    ['Zürich 漢字 العربية', 'Zürich 漢字 العربية'],
    ['a\u0301\u0302\u0303\u0304\u0305', 'a\u0301\u0302\u0303'],
  ])('shows %j as %j', (text, shown) => {
    expect(plainLine(text)).toBe(shown);
  });

  it('cuts at whole characters as people count them, and says so', () => {
    const cut = plainLine('x'.repeat(200));
    expect(cut).toBe(`${'x'.repeat(59)}…`);
    expect(plainLine('e\u0301'.repeat(60))).toBe('e\u0301'.repeat(60));
  });

  it('is one short visible line, whatever the name', () => {
    for (const name of hostileNames) {
      expect([...new Intl.Segmenter('en').segment(plainLine(name))].length).toBeLessThanOrEqual(60);
      expect(plainLine(name)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    }
  });

  it('keeps its own direction of writing to itself', () => {
    expect(foreign('<אבג>').toString()).toBe('<bdi>&#60;אבג&#62;</bdi>');
  });
});
