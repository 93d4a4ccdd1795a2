import type { ContentItem } from '../../model/content-item.ts';
import type { Page, PageRequest } from '../../model/paging.ts';

/** Finding items. The index of the CMS is eventually consistent: a fresh write may be missing for a moment. */
export interface CmsSearch {
  /** Full text, best first. Operation `Site_RankedSearch`. */
  ranked(query: RankedQuery, page: PageRequest): Promise<Page<SearchHit>>;
  /** By id or name, with the path. Operation `Site_SearchContentItems`. */
  byName(text: string, page: PageRequest): Promise<Page<NamedItem>>;
  /** Items that use a schema. Operation `Schemas_GetSchemaUsage`. */
  bySchema(schemaId: string, page: PageRequest): Promise<Page<ContentItem>>;
}

export interface RankedQuery {
  readonly keywords: string;
  readonly schemaName?: string;
  readonly fieldName?: string;
  readonly locale?: string;
  readonly includePages: boolean;
  readonly includeAssets: boolean;
  readonly includeRecycled: boolean;
}

export interface SearchHit extends ContentItem {
  readonly rank: number;
  readonly recycled: boolean;
}

export interface NamedItem {
  readonly id: string;
  readonly name: string;
  readonly kind: ContentItem['kind'] | 'other';
  /** Names from the root down, the item itself included. */
  readonly path: readonly string[];
}
