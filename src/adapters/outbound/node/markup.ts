import TurndownService from 'turndown';
import type { Markup } from '../../../domain/ports/system.ts';

/** Longer texts come back as they were: converting blocks the event loop for about 1 ms per 1 000 characters. */
export const markupCharsMax = 200_000;

/** Texts nested deeper come back as they were: the converter recurses, and its time grows with the square of the depth. */
export const markupDepthMax = 100;

/**
 * XHTML, as the CMS keeps rich text, to GitHub-flavoured Markdown: ATX headings, fenced code, pipe tables, `~~`.
 * Scripts, styles and comments are left out. Never throws: what holds no markup, is too large, is nested too deeply or
 * makes the converter fail comes back as it was.
 */
export function createMarkup(): Markup {
  const converter = createConverter();
  return {
    toMarkdown(xhtml) {
      if (!holdsMarkup(xhtml) || xhtml.length > markupCharsMax) return xhtml;
      const html = toHtml(xhtml);
      if (depthOf(html) > markupDepthMax) return xhtml;
      try {
        return converter.turndown(html);
      } catch {
        // The law of the port: reading goes on with the original text whatever the converter makes of it.
        return xhtml;
      }
    },
  };
}

/** The part of the DOM that the table rules look at; the project compiles without the DOM's types. */
interface MarkupNode {
  readonly nodeName: string;
  readonly parentNode: MarkupNode | null;
  readonly previousSibling: MarkupNode | null;
  readonly childNodes: ArrayLike<MarkupNode>;
  getAttribute(name: string): string | null;
}

/** Cells that one `colspan` may stand for, so that a wild number does not blow up a row. */
const colspanMax = 20;

function createConverter(): TurndownService {
  const converter = new TurndownService({
    headingStyle: 'atx',
    hr: '---',
    bulletListMarker: '-',
    codeBlockStyle: 'fenced',
    emDelimiter: '*',
  });
  converter.remove(['script', 'style', 'noscript', 'template', 'head']);
  converter.addRule('strikethrough', {
    filter: (node: MarkupNode) => ['DEL', 'S', 'STRIKE'].includes(node.nodeName),
    replacement: (content) => `~~${content}~~`,
  });
  converter.addRule('tableCell', {
    filter: ['th', 'td'],
    replacement: (content, node: MarkupNode) => {
      const text = content
        .trim()
        .replace(/\s*\n\s*/g, ' ')
        .replaceAll('|', '\\|');
      return `| ${text} ${'|  '.repeat(columnsOf(node) - 1)}`;
    },
  });
  converter.addRule('tableRow', {
    filter: 'tr',
    replacement: (content, node: MarkupNode) => {
      const row = `${content}|\n`;
      if (!isFirstRow(node)) return row;
      const cells = cellsOf(node);
      const columns = cells.reduce((sum, cell) => sum + columnsOf(cell), 0);
      const border = `${'| --- '.repeat(columns)}|\n`;
      // A Markdown table begins with headings; a table that has none gets empty ones.
      return isHeadingRow(node) ? `${row}${border}` : `${'|  '.repeat(columns)}|\n${border}${row}`;
    },
  });
  converter.addRule('tableSection', { filter: ['thead', 'tbody', 'tfoot'], replacement: (content) => content });
  converter.addRule('table', { filter: 'table', replacement: (content) => `\n\n${content.trim()}\n\n` });
  return converter;
}

function cellsOf(row: MarkupNode): readonly MarkupNode[] {
  return Array.from(row.childNodes).filter((node) => node.nodeName === 'TH' || node.nodeName === 'TD');
}

function columnsOf(cell: MarkupNode): number {
  const span = Number.parseInt(cell.getAttribute('colspan') ?? '', 10);
  return Math.min(Math.max(span || 1, 1), colspanMax);
}

/** True for the first row of a table, in whatever section it is. */
function isFirstRow(row: MarkupNode): boolean {
  const before = (node: MarkupNode): boolean => {
    for (let at = node.previousSibling; at !== null; at = at.previousSibling) {
      if (at.nodeName === 'TR' || Array.from(at.childNodes).some((child) => child.nodeName === 'TR')) return true;
    }
    return false;
  };
  if (before(row)) return false;
  const section = row.parentNode;
  return section === null || section.nodeName === 'TABLE' || !before(section);
}

function isHeadingRow(row: MarkupNode): boolean {
  return row.parentNode?.nodeName === 'THEAD' || cellsOf(row).every((cell) => cell.nodeName === 'TH');
}

/** A tag, a comment, CDATA or a character reference. `a < b` and `R&D` are none. */
function holdsMarkup(text: string): boolean {
  return /<\/?[a-z][^<>]*>|<!--|<!\[CDATA\[|&(?:#\d+|#x[\da-f]+|[a-z][a-z\d]*);/i.test(text);
}

/**
 * XHTML in the spelling of HTML, which is what the converter's parser reads: `<a name="x"/>` would else stay open to
 * the end, and CDATA would be lost as a comment. Runs of line breaks and of hard spaces say nothing to a reader, and
 * the converter's time grows with the square of their length, so that a page of them would hold the process for minutes.
 */
function toHtml(xhtml: string): string {
  return xhtml
    .replace(/<!\[CDATA\[([\s\S]*?)\]\]>/g, (_, text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;'))
    .replace(/<([a-z][\w:.-]*)((?:\s+[\w:.-]+(?:\s*=\s*(?:"[^"]*"|'[^']*'))?)*)\s*\/>/gi, (tag, name: string, rest) =>
      voidElements.has(name.toLowerCase()) ? tag : `<${name}${rest}></${name}>`,
    )
    .replace(/(?:<br\s*\/?>\s*){3,}/gi, '<br/><br/>')
    .replace(/&(?:(nbsp|ensp|emsp|thinsp)|#(\d{1,5})|#x([\da-f]{1,4}));/gi, (reference, name, decimal, hex) => {
      const character = name === undefined ? String.fromCharCode(Number(decimal ?? `0x${hex}`)) : hardSpace;
      return name !== undefined || wideSpace.test(character) ? character : reference;
    })
    .replace(/\s{3,}/g, (run) => (wideSpace.test(run) ? hardSpace : run));
}

const hardSpace = '\u00a0';
/** White space that HTML does not fold. */
const wideSpace = /[^\S \t\r\n\f]/;

const voidElements: ReadonlySet<string> = new Set(
  'area base br col embed hr img input link meta param source track wbr'.split(' '),
);

/** The greatest number of elements that are open at once, taking each start and end tag at its word. */
function depthOf(html: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [, slash, name = ''] of html.matchAll(/<(\/?)([a-z][\w:.-]*)/gi)) {
    if (voidElements.has(name.toLowerCase())) continue;
    depth = slash === '/' ? Math.max(depth - 1, 0) : depth + 1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}
