import { DomainError } from '../../../../domain/errors.ts';

/** One element of the XML of a page. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** The text and CDATA directly inside, verbatim; empty where only white space separates children. */
  readonly text: string;
  readonly children: readonly XmlElement[];
}

/** Deeper documents are none of the CMS's. */
const depthMax = 64;

/**
 * Reads an XML document. Doctypes are refused and unknown entities stay as they stand, so that nothing is ever expanded.
 *
 * @throws DomainError CMS_UNEXPECTED for what is not well-formed.
 */
export function parsePageXml(source: string): XmlElement {
  const root: Open = { name: '', attributes: {}, text: '', children: [] };
  const open: Open[] = [root];
  let at = 0;
  for (const match of source.matchAll(tokens)) {
    const [token, cdata, closing, name, attributes, empty] = match;
    const top = open.at(-1) ?? root;
    top.text += entities(source.slice(at, match.index));
    at = match.index + token.length;
    if (token.startsWith('<!DOCTYPE')) throw broken();
    if (cdata !== undefined) top.text += cdata;
    else if (name !== undefined && closing === '/') {
      if (open.length === 1 || top.name !== name) throw broken();
      open.pop();
    } else if (name !== undefined) {
      const element: Open = { name, attributes: readAttributes(attributes ?? ''), text: '', children: [] };
      top.children.push(element);
      if (empty !== '/') open.push(element);
      if (open.length > depthMax) throw broken();
    }
  }
  const [document] = root.children;
  if (document === undefined || root.children.length !== 1 || open.length !== 1) throw broken();
  return finished(document);
}

interface Open {
  readonly name: string;
  readonly attributes: Record<string, string>;
  text: string;
  readonly children: Open[];
}

function finished(element: Open): XmlElement {
  const text = element.children.length > 0 && element.text.trim() === '' ? '' : element.text;
  return { ...element, text, children: element.children.map(finished) };
}

/** CDATA, comments and instructions, the doctype, and tags with their attributes. */
const tokens =
  /<!\[CDATA\[([\s\S]*?)\]\]>|<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!DOCTYPE[^>]*>|<(\/?)([^\s<>/=!?"']+)((?:\s+[^\s<>/="']+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/g;

function readAttributes(text: string): Record<string, string> {
  const pairs = [...text.matchAll(/([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)];
  return Object.fromEntries(pairs.map(([, name = '', double, single]) => [name, entities(double ?? single ?? '')]));
}

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function entities(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w+));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return named[name] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

const broken = (): DomainError =>
  new DomainError('CMS_UNEXPECTED', 'The CMS answered the XML of the page in a form that cannot be read.');
