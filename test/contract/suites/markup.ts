import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Markup } from '../../../src/domain/ports/system.ts';

/** The laws of Markup in src/domain/ports/system.ts. `charsMax` and `depthMax` are the driver's bounds. */
export function markupContract(name: string, bounds: MarkupBounds, open: () => Markup): void {
  describe(`Markup: ${name}`, () => {
    it.each(examples)('XHTML to Markdown: $what', ({ xhtml, markdown }) => {
      expect(open().toMarkdown(xhtml)).toBe(markdown);
    });

    it.each(noMarkup)('text that is no markup comes back as it was: %j', (text) => {
      expect(open().toMarkdown(text)).toBe(text);
    });

    it('text that is no markup comes back as it was: any text without < and &', () => {
      const markup = open();
      const plain = fc.string({ unit: 'binary', maxLength: 200 }).map((text) => text.replace(/[<&]/g, ''));
      fc.assert(fc.property(plain, (text) => markup.toMarkdown(text) === text));
    });

    it('never throws, whatever comes', () => {
      const markup = open();
      const piece = fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'binary', maxLength: 12 }));
      fc.assert(
        fc.property(fc.array(piece, { maxLength: 40 }), (texts) => {
          expect(typeof markup.toMarkdown(texts.join(''))).toBe('string');
        }),
        { numRuns: 500 },
      );
    });

    it('text that is too large comes back as it was', () => {
      const large = `<p>${'a'.repeat(bounds.charsMax)}</p>`;
      expect(open().toMarkdown(large)).toBe(large);
      expect(open().toMarkdown(large.slice(0, bounds.charsMax))).not.toContain('<p>');
    });

    it('text that is nested too deeply comes back as it was', () => {
      const nested = (depth: number) => `${'<div>'.repeat(depth)}x${'</div>'.repeat(depth)}`;
      expect(open().toMarkdown(nested(bounds.depthMax + 1))).toBe(nested(bounds.depthMax + 1));
      expect(open().toMarkdown(nested(bounds.depthMax))).toBe('x');
    });

    // Each of these held a converter for a minute and more; the test's time-out is the measure.
    it.each(slow)('text as large as may be does not hold the process: $what', ({ piece }) => {
      const text = `<b>${piece.repeat(Math.floor((bounds.charsMax - 20) / piece.length))}x</b>`;
      expect(open().toMarkdown(text)).toBeTypeOf('string');
    });
  });
}

export interface MarkupBounds {
  readonly charsMax: number;
  readonly depthMax: number;
}

const examples: readonly { readonly what: string; readonly xhtml: string; readonly markdown: string }[] = [
  {
    what: 'headings and paragraphs',
    xhtml: '<h2>Open day</h2><p>Come &amp; see.</p>',
    markdown: '## Open day\n\nCome & see.',
  },
  {
    what: 'emphasis and links',
    xhtml: '<p><strong>Now</strong> <em>or</em> <a href="x12.xml" title="T">never</a></p>',
    markdown: '**Now** *or* [never](x12.xml "T")',
  },
  { what: 'deleted text', xhtml: '<p>5 <del>6</del> <s>7</s></p>', markdown: '5 ~~6~~ ~~7~~' },
  { what: 'images', xhtml: '<p><img src="a.png" alt="Gate" /></p>', markdown: '![Gate](a.png)' },
  {
    what: 'lists',
    xhtml: '<ul><li>One<ul><li>Two</li></ul></li><li>Three</li></ul>',
    markdown: '-   One\n    -   Two\n-   Three',
  },
  { what: 'code', xhtml: '<pre><code>a\n  b</code></pre>', markdown: '```\na\n  b\n```' },
  { what: 'rules and line breaks', xhtml: '<p>a<br/>b</p><hr/>', markdown: 'a  \nb\n\n---' },
  {
    what: 'a table with headings',
    xhtml:
      '<table>\n<thead><tr><th>Day</th><th>Time</th></tr></thead>\n<tbody><tr><td>Mon</td><td>9 | 10</td></tr>\n<tr><td><p>Tue</p><p>Wed</p></td><td>11</td></tr></tbody>\n</table><p>After</p>',
    markdown: '| Day | Time |\n| --- | --- |\n| Mon | 9 \\| 10 |\n| Tue Wed | 11 |\n\nAfter',
  },
  {
    what: 'a table without headings, with a wide cell',
    xhtml: '<table><tr><td colspan="2">a</td></tr><tr><td>b</td><td>c</td></tr></table>',
    markdown: '|  |  |\n| --- | --- |\n| a |  |\n| b | c |',
  },
  {
    what: 'Markdown characters of the text',
    xhtml: '<p>2 * 3 * 4 [x] _y_</p>',
    markdown: '2 \\* 3 \\* 4 \\[x\\] \\_y\\_',
  },
  {
    what: 'an anchor closed in XML style',
    xhtml: '<p><a id="top"/>One <span/>two</p><p>Three</p>',
    markdown: 'One two\n\nThree',
  },
  { what: 'a script closed in XML style', xhtml: '<p>One</p><script src="a.js"/><p>Two</p>', markdown: 'One\n\nTwo' },
  { what: 'CDATA', xhtml: '<p><![CDATA[a < b & c]]></p>', markdown: 'a < b & c' },
  {
    what: 'no scripts, styles or comments',
    xhtml: '<style>p{}</style><p>One<!-- hidden --></p><script>alert(1)</script>',
    markdown: 'One',
  },
  { what: 'elements of the CMS', xhtml: '<igx:insert ref="x1"/><p>One</p>', markdown: 'One' },
  { what: 'a text with references only', xhtml: 'Fish &amp; chips &#8364;5', markdown: 'Fish & chips €5' },
];

const noMarkup: readonly string[] = [
  '',
  '   \n',
  'a < b and b > c',
  '3 <4, 5>',
  'R&D; Q&A',
  '*not* _Markdown_ [yet](x)',
  '1. one\n\n\n2. two\t',
];

const pieces: readonly string[] = [
  ...[
    '<',
    '>',
    '/',
    '"',
    "'",
    '=',
    '&',
    ';',
    '<!--',
    '-->',
    '<![CDATA[',
    ']]>',
    '<?xml',
    '?>',
    '<!DOCTYPE',
    '&#0;',
    '&#x;',
  ],
  ...[
    '<p>',
    '</p>',
    '<b>',
    '</b>',
    '<a href="',
    '<a/>',
    '<table>',
    '<tr>',
    '<td colspan="9999999">',
    '<th/>',
    '</table>',
  ],
  ...['<ul>', '<li>', '</ul>', '<ol start="-1">', '<pre>', '<code>', '`', '<br/>', '<hr/>', '<img src=x>', '<script>'],
  ...[
    '<svg>',
    '<math>',
    '<template>',
    '<select>',
    '<option>',
    '<textarea>',
    '<title>',
    '<plaintext>',
    '&nbsp;',
    '\u0000',
  ],
];

const slow: readonly { readonly what: string; readonly piece: string }[] = [
  { what: 'line breaks', piece: '<br/>' },
  { what: 'hard spaces', piece: '\u00a0' },
  { what: 'hard spaces as references', piece: '&nbsp;' },
  { what: 'em spaces', piece: '\u2003' },
  { what: 'em spaces as references', piece: '&#8195;' },
  { what: 'spaces', piece: ' ' },
  { what: 'new lines', piece: '\n' },
  { what: 'open brackets', piece: '<' },
  { what: 'open CDATA', piece: '<![CDATA[' },
  { what: 'cells', piece: '<td>a</td>' },
];
