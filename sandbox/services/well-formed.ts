/** What is wrong with a fragment of XHTML, or null when it is well-formed. */
export function malformedAt(fragment: string): string | null {
  const bare = fragment.replace(/<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>/g, '');
  const open: string[] = [];
  for (const [tag] of bare.matchAll(ANY_TAG)) {
    const [, closing, name = '', , empty] = WHOLE_TAG.exec(tag) ?? [];
    if (name === '') return `${tag.slice(0, 40)} is no tag`;
    if (closing === '/' && open.pop() !== name) return `${tag} closes nothing`;
    if (closing !== '/' && empty !== '/') open.push(name);
  }
  const text = bare.replace(ANY_TAG, '');
  if (text.includes('<')) return 'a < stands alone';
  if (/&(?!#\d+;|#x[\da-f]+;|[a-z][a-z\d]*;)/i.test(text)) return 'an & stands alone';
  return open.length === 0 ? null : `<${open.at(-1)}> is not closed`;
}

const ANY_TAG = /<(?:"[^"]*"|'[^']*'|[^<>"'])*>/g;
const WHOLE_TAG = /^<(\/?)([A-Za-z][\w:.-]*)((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>$/;
