import { z } from 'zod';
import type { CmsTaxonomy } from '../../../domain/ports/cms/taxonomy.ts';
import type { Calls } from './calls.ts';
import { operations } from './catalogue/index.ts';
import { inOrderOf } from './in-order.ts';
import { isAssetId } from './wire/content-item.ts';
import { camelPaging, pascalPaging } from './wire/page.ts';
import { category, named } from './wire/site.ts';
import { texts } from './wire/values.ts';

export function createTaxonomy(calls: Calls): CmsTaxonomy {
  return {
    get: (id) => calls.one(operations.Taxonomy_GetCategory, { id }, category),
    roots: (page, schemaId = '') =>
      calls.page(operations.Taxonomy_GetRootCategories, { schemaId, ...camelPaging(page) }, page, category),
    children: (id, page) => calls.page(operations.Taxonomy_GetChildren, { id, ...camelPaging(page) }, page, category),
    ancestors: (id) => calls.list(operations.Taxonomy_GetAncestors, { id }, category),
    withPaths: async (ids) => {
      if (ids.length === 0) return [];
      const found = await calls.list(operations.Taxonomy_GetCategoriesWithPath, {}, category.nullable(), {
        body: ids,
        unknownMeansEmpty: true,
      });
      return inOrderOf(ids, found);
    },
    find: (text) => calls.list(operations.Taxonomy_QuickSearch, { search: text }, category),
    itemsOf: (categoryId, page) =>
      calls.page(
        operations.Taxonomy_GetAssociations,
        { CategoryId: categoryId, SortField: '', SortOrder: 'NONE', ...pascalPaging(page) },
        page,
        named,
      ),
    usedBelow: (categoryId) =>
      calls.list(operations.Taxonomy_CategoriesWithAssociations, { categoryId, recursive: true }, category, {
        unknownMeansEmpty: true,
      }),
    ofItem: (itemId) =>
      isAssetId(itemId)
        ? calls.list(operations.Preview_GetTaxonomyCategoriesByAsset, { id: itemId }, category)
        : calls.list(operations.Preview_GetTaxonomyCategoriesByPage, { id: itemId }, category),
    addItems: async (categoryId, itemIds) => {
      await calls.write(operations.Taxonomy_AddAssociations, { categoryId }, category, { body: itemIds });
    },
    removeItems: async (categoryId, itemIds) => {
      await calls.write(operations.Taxonomy_DeleteAssociations, { categoryId }, category, { body: itemIds });
    },
    setOfItem: async (itemId, categoryIds) => {
      await calls.write(operations.Taxonomy_SetCategoryAssociations, { contentId: itemId }, anything, {
        body: categoryIds,
      });
    },
    create: ({ name, parentId, locale }) =>
      calls.write(operations.Taxonomy_CreateCategory, { name, parentId: parentId ?? '', locale }, category),
    rename: (id, name) => calls.write(operations.Taxonomy_Rename, { id, newName: name }, category),
    move: (id, to) =>
      calls.write(
        operations.Taxonomy_Move,
        { srcId: id, tgtId: to.id, asSibling: to.position === 'sibling' },
        category,
      ),
    setSynonyms: (id, locale, values) =>
      calls.write(operations.Taxonomy_SetCategorySynonyms, { id, regionCode: locale }, category, {
        body: values.map((value) => ({ Locale: locale, Value: value })),
      }),
    copyItems: (fromId, toId) =>
      calls.write(operations.Taxonomy_CopyAssociations, { srcId: fromId, tgtId: toId }, texts),
    delete: (id) => calls.write(operations.Taxonomy_DeleteCategory, { id }, z.boolean()),
  };
}

/** The item as it is now, which its reader asks for by itself. */
const anything = z.looseObject({});
