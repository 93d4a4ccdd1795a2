import type { ContentDetails, ContentItem, ItemContext, VersionInfo } from '../../domain/model/content-item.ts';
import type { Page, PageRequest } from '../../domain/model/paging.ts';
import type { CheckInOptions } from '../../domain/ports/cms/pages.ts';
import type { Ports } from '../../domain/ports/index.ts';
import { isAssetId } from './item-path.ts';

type Needs = Pick<Ports, 'pages' | 'assets'>;

/** Calls that pages and assets both have, by the id of the item. The laws of the two ports hold. */
export const checkInItem = (id: string, options: CheckInOptions, ports: Needs): Promise<ContentItem> =>
  treeOf(id, ports).checkIn(id, options);

export const itemDetails = (id: string, version: number, ports: Needs): Promise<ContentDetails | undefined> =>
  treeOf(id, ports).details(id, version);

export const itemHistory = (id: string, page: PageRequest, ports: Needs): Promise<Page<VersionInfo>> =>
  treeOf(id, ports).history(id, page);

/** The contexts of pages and assets together, by id; unknown ids are left out. */
export async function itemContexts(ids: readonly string[], ports: Needs): Promise<ReadonlyMap<string, ItemContext>> {
  const kinds = [
    { port: ports.pages, ids: ids.filter((id) => !isAssetId(id)) },
    { port: ports.assets, ids: ids.filter(isAssetId) },
  ];
  const found: ItemContext[] = [];
  for (const kind of kinds) {
    for (let at = 0; at < kind.ids.length; at += contextsMax) {
      found.push(...(await kind.port.contexts(kind.ids.slice(at, at + contextsMax))));
    }
  }
  return new Map(found.map((context) => [context.id, context]));
}

/** How many contexts one call asks for: the CMS works each of them out. */
const contextsMax = 50;

function treeOf(id: string, ports: Needs): Needs['pages'] | Needs['assets'] {
  return isAssetId(id) ? ports.assets : ports.pages;
}
