import type { ContentItem } from '../../../domain/model/content-item.ts';
import type { Page } from '../../../domain/model/paging.ts';
import type { CmsSchemas } from '../../../domain/ports/cms/schemas.ts';
import type { CmsSearch } from '../../../domain/ports/cms/search.ts';
import type { Calls } from './calls.ts';
import { operations } from './catalogue/index.ts';
import { componentSchemaIds } from './schemas.ts';
import { pascalPaging } from './wire/page.ts';
import { namedItem, schemaUser, searchHit } from './wire/search.ts';

export function createSearch(calls: Calls, schemas: CmsSchemas): CmsSearch {
  /** Search results do not say which pages are components; their schemas do. */
  const withKinds = async <T extends ContentItem>(page: Page<T>): Promise<Page<T>> => {
    if (!page.items.some(({ kind }) => kind === 'page')) return page;
    const components = await componentSchemaIds(schemas);
    const kindOf = (item: T): ContentItem['kind'] =>
      item.kind === 'page' && item.schema !== undefined && components.has(item.schema.id) ? 'component' : item.kind;
    return { ...page, items: page.items.map((item) => ({ ...item, kind: kindOf(item) })) };
  };

  return {
    ranked: async (query, page) =>
      withKinds(
        await calls.page(
          operations.Site_RankedSearch,
          {
            Keywords: query.keywords,
            FieldName: query.fieldName,
            SchemaName: query.schemaName,
            Locale: query.locale,
            FieldIsAttribute: false,
            FieldIsDate: false,
            UseCheckedOutContent: false,
            IncludeRecycled: query.includeRecycled,
            IncludePages: query.includePages,
            IncludeAssets: query.includeAssets,
            SortOrder: 'NONE',
            ...pascalPaging(page),
          },
          page,
          searchHit,
        ),
      ),
    byName: (text, page) =>
      calls.page(
        operations.Site_SearchContentItems,
        {
          SearchText: text,
          IncludePages: true,
          IncludeComponents: true,
          Types: ['Page', 'Asset', 'AssetFolder'],
          IncludeContentPath: true,
          IncludeRecycled: false,
          IncludeAssetRoot: false,
          OrderByScore: true,
          ...pascalPaging(page),
        },
        page,
        namedItem,
      ),
    bySchema: async (schemaId, page) =>
      withKinds(
        await calls.page(
          operations.Schemas_GetSchemaUsage,
          {
            SchemaId: schemaId,
            Type: 'ContentItems',
            Outdated: false,
            SortField: '',
            SortOrder: 'NONE',
            ...pascalPaging(page),
          },
          page,
          schemaUser,
        ),
      ),
  };
}
