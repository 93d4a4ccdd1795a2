import { DomainError } from '../../domain/errors.ts';
import type { Category } from '../../domain/model/site.ts';
import type { CmsTaxonomy } from '../../domain/ports/cms/taxonomy.ts';

/** Whether a text is a category's id, such as `CategoryNodes/33`. */
export function isCategoryId(text: string): boolean {
  return /^CategoryNodes\/\d+$/.test(text.trim());
}

/**
 * The id and name of the category that a text names: an id, or a name that only one category has.
 *
 * @throws DomainError NOT_FOUND or AMBIGUOUS with the nearest categories.
 */
export async function resolveCategory(text: string, taxonomy: CmsTaxonomy): Promise<Pick<Category, 'id' | 'name'>> {
  // Its name is not needed to filter by an id, and the CMS offers no port-level read of one category.
  if (isCategoryId(text)) return { id: text.trim(), name: text.trim() };
  const found = await taxonomy.find(text.trim());
  const same = found.filter((category) => category.name.toLowerCase() === text.trim().toLowerCase());
  if (same.length === 1 && same[0] !== undefined) return same[0];
  throw new DomainError(
    same.length === 0 ? 'NOT_FOUND' : 'AMBIGUOUS',
    same.length === 0
      ? `There is no category "${text.slice(0, 80)}".`
      : `${same.length} categories are called "${text.slice(0, 80)}". Use the id.`,
    {
      candidates: (same.length > 0 ? same : found).slice(0, candidatesMax).map((category) => ({
        id: category.id,
        name: category.name,
        ...(category.path === undefined ? {} : { path: category.path }),
      })),
      next: { tool: 'browse_tree', input: { at: 'taxonomy' } },
    },
  );
}

const candidatesMax = 8;
