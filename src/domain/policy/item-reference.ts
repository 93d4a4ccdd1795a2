/** What a caller's text for an item can mean. */
export type ItemReference =
  | { readonly form: 'page_id'; readonly id: string }
  | { readonly form: 'asset_id'; readonly id: string }
  | { readonly form: 'path'; readonly path: string }
  | { readonly form: 'url'; readonly host: string; readonly path: string }
  | { readonly form: 'trail'; readonly names: readonly string[] }
  | { readonly form: 'name'; readonly name: string };

/**
 * Reads an item reference: an id (`x42`, `a/5`, `af/7`, also as the CMS's own links write them: `x42.xml`, `a_5`), a
 * site path (`/about/team`), a URL, a trail of names as answers show it (`Home / About / Team`), or else a name. Ids
 * are case-sensitive in the CMS; only their form is checked here. Names cannot hold a slash.
 */
export function parseItemReference(text: string): ItemReference {
  const trimmed = text.trim();
  const page = /^(x\d+)(?:\.xml)?$/.exec(trimmed);
  if (page !== null) return { form: 'page_id', id: page[1] ?? trimmed };
  const asset = /^(af?)[/_](\d+)$/.exec(trimmed);
  if (asset !== null) return { form: 'asset_id', id: `${asset[1]}/${asset[2]}` };
  const url = /^https?:\/\/([^/?#]+)([^?#]*)/i.exec(trimmed);
  if (url !== null) return { form: 'url', host: (url[1] ?? '').toLowerCase(), path: normalisePath(url[2] ?? '/') };
  if (trimmed.startsWith('/')) return { form: 'path', path: normalisePath(trimmed) };
  const names = trimmed
    .split('/')
    .map((name) => name.trim())
    .filter(Boolean);
  return names.length > 1 ? { form: 'trail', names } : { form: 'name', name: trimmed };
}

/** One slash in front, none behind, no query. */
function normalisePath(path: string): string {
  const clean = path.split(/[?#]/)[0] ?? '';
  const inner = clean.replace(/\/{2,}/g, '/').replace(/\/+$/, '');
  return inner === '' ? '/' : inner;
}
