import { describe, expect, it } from 'vitest';
import { diffLinks } from '../../../../src/application/items/diff-links.ts';
import { linksOf, visibleText } from '../../../../src/application/items/visible-text.ts';

describe('visibleText', () => {
  it('leaves the words and the ends of blocks', () => {
    expect(visibleText('<h2>Fees</h2><p>The <strong>fee</strong> is&nbsp;&#36;60 &amp; due.</p>')).toBe(
      'Fees\nThe fee is $60 & due.',
    );
  });

  it('is the same whatever markup says the same', () => {
    expect(visibleText('<p>A <b class="x">word</b>.</p>')).toBe(visibleText('<p>A <em>word</em>.</p>\n'));
    expect(visibleText('<p>One<!-- hidden --></p><script>alert(1)</script>')).toBe('One');
  });

  it('takes text that is no markup as it is', () => {
    expect(visibleText('Fish & chips')).toBe('Fish & chips');
    expect(visibleText('')).toBe('');
    expect(visibleText('&#xFFFFFFF; &unknown;')).toBe('&#xFFFFFFF; &unknown;');
  });
});

describe('linksOf and diffLinks', () => {
  const links = (html: string) => linksOf(html);

  it('reads words and targets', () => {
    expect(links(`<p><a class="b" href="x4.xml">Apply <b>now</b></a> or <a name="here">here</a></p>`)).toEqual([
      { text: 'Apply now', target: 'x4.xml' },
    ]);
  });

  it('tells links that lead elsewhere from new and gone ones', () => {
    const before = links('<a href="x1">Apply</a><a href="x2">Visit</a><a href="x3">Old</a>');
    const after = links('<a href="x2">Visit</a><a href="x9">Apply</a><a href="x7">New</a>');
    expect(diffLinks(before, after)).toEqual([
      { change: 'changed', before: { text: 'Apply', target: 'x1' }, after: { text: 'Apply', target: 'x9' } },
      { change: 'removed', before: { text: 'Old', target: 'x3' } },
      { change: 'added', after: { text: 'New', target: 'x7' } },
    ]);
  });

  it('sees new words on the same target as a change, and no difference in order', () => {
    expect(diffLinks(links('<a href="x1">Apply</a>'), links('<a href="x1">Apply now</a>'))).toMatchObject([
      { change: 'changed' },
    ]);
    const two = links('<a href="x1">A</a><a href="x2">B</a>');
    expect(diffLinks(two, two.toReversed())).toEqual([]);
  });
});
