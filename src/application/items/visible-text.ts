/**
 * The words of XHTML that a reader sees, without any markup; blocks part lines. Made for comparing, not for showing: two
 * texts whose visible text is equal differ in their markup only. Pure.
 */
export function visibleText(xhtml: string): string {
  return xhtml
    .replace(/<!--[\s\S]*?-->|<(script|style)\b[\s\S]*?<\/\1\s*>/gi, ' ')
    .replace(/<\/?(?:p|div|h[1-6]|li|ul|ol|tr|table|blockquote|section|article|pre|br|hr)\b[^>]*>/gi, '\n')
    .replace(/<\/t[dh]\s*>/gi, '\t')
    .replace(/<[^>]*>/g, '')
    .replace(/&(#x[\da-f]{1,6}|#\d{1,7}|\w{1,10});/gi, (whole, name: string) => characterOf(name) ?? whole)
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n\s*/g, '\n')
    .trim();
}

/** One link of a rich text. */
export interface TextLink {
  readonly text: string;
  /** As stored: an id such as `x42.xml`, a path or an address. */
  readonly target: string;
}

/** The links of XHTML in their order. Pure. */
export function linksOf(xhtml: string): readonly TextLink[] {
  return [...xhtml.matchAll(/<a\b([^>]*)>([\s\S]*?)<\/a\s*>/gi)].flatMap(([, attributes = '', content = '']) => {
    const href = /\bhref\s*=\s*(?:"([^"]*)"|'([^']*)')/i.exec(attributes);
    const target = href?.[1] ?? href?.[2];
    return target === undefined ? [] : [{ text: visibleText(content), target: visibleText(target) }];
  });
}

/** Entities that editors write; others stay as they are, which a comparison does not mind. */
const named: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  ndash: '–',
  mdash: '—',
  hellip: '…',
  rsquo: '’',
  lsquo: '‘',
  rdquo: '”',
  ldquo: '“',
};

const codePointMax = 0x10_ffff;

function characterOf(name: string): string | undefined {
  const digits = /^#(x)?([\da-f]+)$/i.exec(name);
  if (digits?.[2] === undefined) return named[name.toLowerCase()];
  const code = Number.parseInt(digits[2], digits[1] === undefined ? 10 : 16);
  return code > 0 && code <= codePointMax ? String.fromCodePoint(code) : undefined;
}
