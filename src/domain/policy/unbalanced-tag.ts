/**
 * The first tag of a markup that has no partner, such as `<b>` without `</b>`; `undefined` when all have one. Elements
 * that HTML leaves open (`<br>`) and tags that close themselves need none. A guard against torn markup, no validator.
 */
export function unbalancedTag(markup: string): string | undefined {
  const open: string[] = [];
  for (const [tag, comment, slash, rawName, rest] of markup.matchAll(tagPattern)) {
    const name = rawName?.toLowerCase();
    if (comment !== undefined || name === undefined || rest?.endsWith('/') || voidElements.includes(name)) continue;
    if (slash === '') open.push(name);
    else if (open.pop() !== name) return tag;
  }
  const left = open.at(-1);
  return left === undefined ? undefined : `<${left}>`;
}

/** Comments and CDATA sections whole, so that tags in them do not count; attribute values may hold `>`. */
const tagPattern =
  /(<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>)|<(\/?)([A-Za-z][\w:.-]*)((?:"[^"]*"|'[^']*'|[^'"<>])*)>/g;

const voidElements: readonly string[] = [
  'area',
  'base',
  'br',
  'col',
  'embed',
  'hr',
  'img',
  'input',
  'link',
  'meta',
  'source',
  'track',
  'wbr',
];
