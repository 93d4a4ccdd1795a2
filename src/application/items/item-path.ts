import type { ContentItem } from '../../domain/model/content-item.ts';
import type { Ports } from '../../domain/ports/index.ts';

/** Asset and asset folder ids begin with `a/` and `af/`; all others are pages of some kind. */
export function isAssetId(id: string): boolean {
  return id.startsWith('a/') || id.startsWith('af/');
}

/** Names from the root down to the item, such as `Home / Admissions / Deadlines`. */
export async function itemPath(item: ContentItem, ports: Pick<Ports, 'pages' | 'assets'>): Promise<string> {
  const above = isAssetId(item.id) ? await ports.assets.ancestors(item.id) : await ports.pages.ancestors(item.id);
  return [...above, item].map((node) => node.name).join(' / ');
}

/**
 * Paths of many items for as few calls as possible: the ancestors of each parent are asked for once. Items under
 * more than `parentsMax` different parents get no path.
 */
export async function itemPaths(
  items: readonly ContentItem[],
  ports: Pick<Ports, 'pages' | 'assets'>,
): Promise<ReadonlyMap<string, string>> {
  const firstByParent = new Map<string, ContentItem>();
  for (const item of items) {
    if (item.parentId !== undefined && !firstByParent.has(item.parentId)) firstByParent.set(item.parentId, item);
  }
  const parents = [...firstByParent].slice(0, parentsMax);
  const prefixes = new Map(
    await Promise.all(
      parents.map(async ([parentId, item]) => {
        const above = isAssetId(item.id) ? await ports.assets.ancestors(item.id) : await ports.pages.ancestors(item.id);
        return [parentId, above.map((node) => node.name)] as const;
      }),
    ),
  );
  const paths = new Map<string, string>();
  for (const item of items) {
    const prefix = item.parentId === undefined ? [] : prefixes.get(item.parentId);
    if (prefix !== undefined) paths.set(item.id, [...prefix, item.name].join(' / '));
  }
  return paths;
}

/** One page of hits rarely lies under more folders; each costs a call. */
const parentsMax = 30;
