import { DomainError } from '../../domain/errors.ts';
import type { ContentItem } from '../../domain/model/content-item.ts';
import { pageSizeMax } from '../../domain/model/paging.ts';
import type { Ports } from '../../domain/ports/index.ts';
import { isAssetId } from './item-path.ts';

/**
 * Everything below an item: pages below a page, assets and folders below an asset folder.
 *
 * @param advice - what the caller can do about too many, for the refusal.
 * @throws DomainError TOO_LARGE when there are more than `countMax`.
 */
export async function listDescendants(
  item: ContentItem,
  countMax: number,
  ports: Pick<Ports, 'pages' | 'assets'>,
  advice = 'take a smaller part of the tree',
): Promise<readonly ContentItem[]> {
  const read = isAssetId(item.id) ? ports.assets.children : ports.pages.descendants;
  const found: ContentItem[] = [];
  const waiting = [item.id];
  for (let parentId = waiting.shift(); parentId !== undefined; parentId = waiting.shift()) {
    for (let startIndex: number | undefined = 0; startIndex !== undefined; ) {
      const page = await read(parentId, { startIndex, pageSize: pageSizeMax });
      if (found.length + page.items.length > countMax || page.total > countMax) {
        throw new DomainError(
          'TOO_LARGE',
          `There are more items below "${item.name}" (${item.id}) than one call takes (${countMax}). Nothing was changed; ${advice}.`,
          { details: { limit: countMax }, next: { tool: 'browse_tree', input: { at: item.id, depth: 1 } } },
        );
      }
      found.push(...page.items);
      // The CMS lists only the children of asset folders, so that their folders are walked one by one.
      if (isAssetId(item.id))
        waiting.push(...page.items.filter(({ kind }) => kind === 'asset_folder').map(({ id }) => id));
      startIndex = page.items.length === 0 ? undefined : page.nextIndex;
    }
  }
  return found;
}
