/**
 * Turns the light notation of the content tables into XHTML as the CMS stores it: a blank line ends a paragraph,
 * `## ` starts a heading, `- ` a list item, `[text](page:key)` or `[text](https://…)` a link. A link to a page is
 * stored as the CMS does it, as the page's id with the suffix `.xml`.
 */
export function xhtml(text: string): string {
  return text
    .trim()
    .split(/\n\s*\n/)
    .map((block) => xhtmlBlock(block.split('\n').map((line) => line.trim())))
    .join('\n');
}

function xhtmlBlock(lines: string[]): string {
  const first = lines[0] ?? '';
  if (first.startsWith('## ')) {
    return `<h2>${inline(first.slice(3))}</h2>`;
  }
  if (first.startsWith('- ')) {
    return `<ul>${lines.map((line) => `<li>${inline(line.slice(2))}</li>`).join('')}</ul>`;
  }
  return `<p>${inline(lines.join(' '))}</p>`;
}

function inline(text: string): string {
  return escapeXml(text)
    .replace(/\[([^\]]+)\]\(page:([^)]+)\)/g, '<a href="{page:$2}.xml">$1</a>')
    .replace(/\[([^\]]+)\]\(asset:([^)]+)\)/g, '<a href="{asset:$2}">$1</a>')
    .replace(/\[([^\]]+)\]\((https:[^)]+)\)/g, '<a href="$2">$1</a>');
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
