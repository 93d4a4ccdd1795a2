import { describe, expect, it } from 'vitest';
import { unbalancedTag } from '../../../../src/domain/policy/unbalanced-tag.ts';

describe('unbalancedTag', () => {
  it.each([
    '',
    'plain & simple, 3 < 4',
    '<p>One <b>two</b></p>\n<p>three<br>four<hr/></p>',
    '<a href="x85.xml" title="a > b">aid</a>',
    '<P>upper and lower</p>',
    '<!-- <b> in a comment --><p>x</p>',
    '<![CDATA[<b>]]><p>x</p>',
    '<img src="a.png" alt=""><custom-tag />',
  ])('finds nothing in %j', (markup) => {
    expect(unbalancedTag(markup)).toBeUndefined();
  });

  it.each([
    ['<p>One <b>two</p>', '</p>'],
    ['<p>One</p></div>', '</div>'],
    ['<p>One', '<p>'],
    ['<p>One <em>two</em> <strong>three</p>', '</p>'],
  ])('finds the torn tag of %j', (markup, tag) => {
    expect(unbalancedTag(markup)).toBe(tag);
  });

  it('stays fast on long texts of openings', () => {
    expect(unbalancedTag('<a "'.repeat(5_000))).toBeUndefined();
  });
});
