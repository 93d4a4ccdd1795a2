import type { Page, PageRequest } from '../../model/paging.ts';
import type { Category } from '../../model/site.ts';

/** Categories and what carries them. May be up to `CACHE_TTL` seconds old. */
export interface CmsTaxonomy {
  /** Operation `Taxonomy_GetRootCategories`. */
  roots(page: PageRequest): Promise<Page<Category>>;
  /** Operation `Taxonomy_GetChildren`. */
  children(id: string, page: PageRequest): Promise<Page<Category>>;
  /** Root first, without the category itself. Operation of the category's ancestors. */
  ancestors(id: string): Promise<readonly Category[]>;
  /** By words in the name. Operation `Taxonomy_QuickSearch`. */
  find(text: string): Promise<readonly Category[]>;
  /** Ids of the items that carry a category. Operation `Taxonomy_GetAssociations`. */
  itemsOf(categoryId: string, page: PageRequest): Promise<Page<{ readonly id: string; readonly name: string }>>;
  /** Categories of an item. Operations `Preview_GetTaxonomyCategoriesByPage`, `Preview_GetTaxonomyCategoriesByAsset`. */
  ofItem(itemId: string): Promise<readonly Category[]>;
}
