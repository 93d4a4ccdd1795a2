import type { ContentItem } from '../../domain/model/content-item.ts';
import type { Ports } from '../../domain/ports/index.ts';
import { isAssetId } from './item-path.ts';

/** What lies above items. Asked once per parent, however many of its children come by. */
export interface Ancestry {
  /** Root first, without the item itself. */
  of(item: ContentItem): Promise<readonly ContentItem[]>;
  /** Names from the root down to the item. */
  pathOf(item: ContentItem): Promise<string>;
}

export function createAncestry(ports: Pick<Ports, 'pages' | 'assets'>): Ancestry {
  const byParent = new Map<string, Promise<readonly ContentItem[]>>();
  const of = (item: ContentItem): Promise<readonly ContentItem[]> => {
    // A root has no parent; its own ancestors must not stand for those of its children.
    const key = item.parentId ?? `top ${item.id}`;
    const known = byParent.get(key);
    if (known !== undefined) return known;
    const asked = isAssetId(item.id) ? ports.assets.ancestors(item.id) : ports.pages.ancestors(item.id);
    byParent.set(key, asked);
    return asked;
  };
  return {
    of,
    pathOf: async (item) => [...(await of(item)), item].map((node) => node.name).join(' / '),
  };
}
