import type { CmsTaxonomy } from '../../../domain/ports/cms/taxonomy.ts';
import type { Calls } from './calls.ts';
import { operations } from './catalogue/index.ts';
import { isAssetId } from './wire/content-item.ts';
import { camelPaging, pascalPaging } from './wire/page.ts';
import { category, named } from './wire/site.ts';

export function createTaxonomy(calls: Calls): CmsTaxonomy {
  return {
    roots: (page) =>
      calls.page(operations.Taxonomy_GetRootCategories, { schemaId: '', ...camelPaging(page) }, page, category),
    children: (id, page) => calls.page(operations.Taxonomy_GetChildren, { id, ...camelPaging(page) }, page, category),
    ancestors: (id) => calls.list(operations.Taxonomy_GetAncestors, { id }, category),
    find: (text) => calls.list(operations.Taxonomy_QuickSearch, { search: text }, category),
    itemsOf: (categoryId, page) =>
      calls.page(
        operations.Taxonomy_GetAssociations,
        { CategoryId: categoryId, SortField: '', SortOrder: 'NONE', ...pascalPaging(page) },
        page,
        named,
      ),
    ofItem: (itemId) =>
      isAssetId(itemId)
        ? calls.list(operations.Preview_GetTaxonomyCategoriesByAsset, { id: itemId }, category)
        : calls.list(operations.Preview_GetTaxonomyCategoriesByPage, { id: itemId }, category),
  };
}
