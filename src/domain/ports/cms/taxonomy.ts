import type { Page, PageRequest } from '../../model/paging.ts';
import type { Category } from '../../model/site.ts';

/**
 * Categories and what carries them. Lists may be up to `CACHE_TTL` seconds old; one category and the categories of an
 * item are the state of now. Writes refuse as in CmsPages; associations belong to the item whether it is checked out
 * or not.
 */
export interface CmsTaxonomy {
  /** Never cached. Operation `Taxonomy_GetCategory`. */
  get(id: string): Promise<Category | undefined>;
  /** All of them, or those that a schema allows. Operation `Taxonomy_GetRootCategories`. */
  roots(page: PageRequest, schemaId?: string): Promise<Page<Category>>;
  /** Operation `Taxonomy_GetChildren`. */
  children(id: string, page: PageRequest): Promise<Page<Category>>;
  /** Root first, without the category itself. Operation of the category's ancestors. */
  ancestors(id: string): Promise<readonly Category[]>;
  /** In the order of `ids`, with their paths; unknown ones left out. Operation `Taxonomy_GetCategoriesWithPath`. */
  withPaths(ids: readonly string[]): Promise<readonly Category[]>;
  /** By words in the name or a synonym. Operation `Taxonomy_QuickSearch`. */
  find(text: string): Promise<readonly Category[]>;
  /** Ids of the items that carry a category. Operation `Taxonomy_GetAssociations`. */
  itemsOf(categoryId: string, page: PageRequest): Promise<Page<{ readonly id: string; readonly name: string }>>;
  /** Categories below one that items carry. Never cached. Operation `Taxonomy_CategoriesWithAssociations`. */
  usedBelow(categoryId: string): Promise<readonly Category[]>;
  /** Categories of an item. Operations `Preview_GetTaxonomyCategoriesByPage`, `Preview_GetTaxonomyCategoriesByAsset`. */
  ofItem(itemId: string): Promise<readonly Category[]>;
  /** Operation `Taxonomy_AddAssociations`. */
  addItems(categoryId: string, itemIds: readonly string[]): Promise<void>;
  /** Operation `Taxonomy_DeleteAssociations`. */
  removeItems(categoryId: string, itemIds: readonly string[]): Promise<void>;
  /** Replaces all categories of an item. Operation `Taxonomy_SetCategoryAssociations`. */
  setOfItem(itemId: string, categoryIds: readonly string[]): Promise<void>;
  /** A root category without `parentId`. Not repeatable. Operation `Taxonomy_CreateCategory`. */
  create(category: { readonly name: string; readonly parentId?: string; readonly locale: string }): Promise<Category>;
  /** Operation `Taxonomy_Rename`. */
  rename(id: string, name: string): Promise<Category>;
  /** Below another category or beside it; the whole subtree moves along. Operation `Taxonomy_Move`. */
  move(id: string, to: { readonly id: string; readonly position: 'child' | 'sibling' }): Promise<Category>;
  /** Replaces the synonyms of one locale and leaves those of others. Operation `Taxonomy_SetCategorySynonyms`. */
  setSynonyms(id: string, locale: string, values: readonly string[]): Promise<Category>;
  /** Adds a category to all items of another; answers the items that were new to it. Operation `Taxonomy_CopyAssociations`. */
  copyItems(fromId: string, toId: string): Promise<readonly string[]>;
  /** For good, with everything below, and off every item; `false` when it was not there. Operation `Taxonomy_DeleteCategory`. */
  delete(id: string): Promise<boolean>;
}
