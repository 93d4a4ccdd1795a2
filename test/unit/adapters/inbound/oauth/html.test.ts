import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { html } from '../../../../../src/adapters/inbound/http/oauth/pages/html.ts';

describe('html', () => {
  it('escapes whatever is interpolated, in element content and in attributes', () => {
    expect(html`<p title="${'"\'`'}">${'<b>&'}</p>`.toString()).toBe('<p title="&#34;&#39;&#96;">&#60;b&#62;&#38;</p>');
  });

  it('takes pieces of markup as they are, alone and in lists, and leaves out what is absent', () => {
    const pieces = [html`<li>${'<'}</li>`, html`<li>2</li>`];
    expect(html`<ul>${pieces}</ul>${undefined}${false}${0}`.toString()).toBe('<ul><li>&#60;</li><li>2</li></ul>0');
  });

  it('offers no way to declare a text to be markup', () => {
    const disguised = { toString: () => '<script>' };
    // What the types forbid, callers of JavaScript could try: it is joined as a list would be, or escaped.
    expect(() => html`${disguised as never}`).toThrow();
    expect(html`${String(disguised)}`.toString()).toBe('&#60;script&#62;');
  });

  it('lets no text bring a character that could begin or end markup', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const written = html`${text}`.toString();
        expect(written).not.toMatch(/[<>"'`]/);
        const read = written.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
        expect(read).toBe(text);
      }),
    );
  });
});
