import { type Candidate, DomainError } from '../../domain/errors.ts';
import type { ContentItem } from '../../domain/model/content-item.ts';
import { type ItemReference, parseItemReference } from '../../domain/policy/item-reference.ts';
import type { Ports } from '../../domain/ports/index.ts';
import { isAssetId, itemPath } from './item-path.ts';

type Needs = Pick<Ports, 'pages' | 'assets' | 'search' | 'publishing'>;

/** Enough to choose from, few enough to read. */
const candidatesMax = 5;

/**
 * The item that a caller's text names: by id, by path on any publishing target, by URL, by asset path, or by a name
 * that only one item has.
 *
 * @throws DomainError NOT_FOUND with the nearest items, AMBIGUOUS with the candidates.
 */
export async function resolveItem(text: string, ports: Needs): Promise<ContentItem> {
  const reference = parseItemReference(text);
  const item = await findByReference(reference, ports);
  if (item !== undefined) return item;
  throw new DomainError('NOT_FOUND', `No page, component or asset "${shown(text)}" is visible to this user.`, {
    candidates: await nearest(reference, ports),
    next: { tool: 'search_content', input: { query: wordsOf(reference) } },
  });
}

/** Several items, in the order given; what is named twice comes once. */
export async function resolveItems(texts: readonly string[], ports: Needs): Promise<readonly ContentItem[]> {
  const items = await Promise.all(texts.map((text) => resolveItem(text, ports)));
  return [...new Map(items.map((item) => [item.id, item])).values()];
}

async function findByReference(reference: ItemReference, ports: Needs): Promise<ContentItem | undefined> {
  switch (reference.form) {
    case 'page_id':
      return ports.pages.get(reference.id);
    case 'asset_id':
      return ports.assets.get(reference.id);
    case 'path':
    case 'url':
      return findByPath(reference.path, ports);
    case 'name':
      return findByName(reference.name, ports);
  }
}

/** A page's path may differ from target to target: they are asked in order, and the first that knows it answers. */
async function findByPath(path: string, ports: Needs): Promise<ContentItem | undefined> {
  for (const target of await ports.publishing.targets()) {
    const basePath =
      target.baseUrl === undefined ? '' : new URL(target.baseUrl, 'http://base.invalid').pathname.replace(/\/$/, '');
    const inside = basePath !== '' && path.startsWith(`${basePath}/`) ? path.slice(basePath.length) : path;
    const found = await ports.pages.findByPath(inside, target.id);
    if (found !== undefined) return ports.pages.get(found.pageId);
  }
  return ports.assets.findByPath(path);
}

async function findByName(name: string, ports: Needs): Promise<ContentItem | undefined> {
  const found = await ports.search.byName(name, { startIndex: 0, pageSize: 50 });
  const same = found.items.filter((item) => item.name.toLowerCase() === name.toLowerCase());
  if (same.length > 1) {
    throw new DomainError(
      'AMBIGUOUS',
      `${same.length} items are called "${shown(name)}". Use the id of the one you mean.`,
      {
        candidates: same
          .slice(0, candidatesMax)
          .map((item) => ({ id: item.id, name: item.name, path: item.path.join(' / ') })),
      },
    );
  }
  const only = same[0];
  if (only === undefined) return undefined;
  return isAssetId(only.id) ? ports.assets.get(only.id) : ports.pages.get(only.id);
}

async function nearest(reference: ItemReference, ports: Needs): Promise<readonly Candidate[]> {
  if (reference.form === 'page_id' || reference.form === 'asset_id') return [];
  const hits = await ports.search.ranked(
    { keywords: wordsOf(reference), includePages: true, includeAssets: true, includeRecycled: false },
    { startIndex: 0, pageSize: candidatesMax },
  );
  return Promise.all(
    hits.items
      .slice(0, candidatesMax)
      .map(async (hit) => ({ id: hit.id, name: hit.name, path: await itemPath(hit, ports) })),
  );
}

/** Words to search for instead: the name, or the last part of a path. */
function wordsOf(reference: ItemReference): string {
  switch (reference.form) {
    case 'page_id':
    case 'asset_id':
      return reference.id;
    case 'name':
      return reference.name;
    case 'path':
    case 'url':
      return (reference.path.split('/').filter(Boolean).at(-1) ?? 'home').replace(/[-_.]+/g, ' ');
  }
}

function shown(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
