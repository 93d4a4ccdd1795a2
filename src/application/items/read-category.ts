import { DomainError } from '../../domain/errors.ts';
import type { Category } from '../../domain/model/site.ts';
import type { CmsTaxonomy } from '../../domain/ports/cms/taxonomy.ts';
import { isCategoryId, resolveCategory } from './resolve-category.ts';

/**
 * The category that a text names, as it is now, with its path: by id, by path (`Topics/Research`), or by a name that
 * only one category has.
 *
 * @throws DomainError NOT_FOUND or AMBIGUOUS with the nearest categories.
 */
export async function readCategory(text: string, taxonomy: CmsTaxonomy): Promise<Category> {
  const id = isCategoryId(text)
    ? text.trim()
    : ((await findByPath(text, taxonomy)) ?? (await resolveCategory(text, taxonomy)).id);
  const [category] = await taxonomy.withPaths([id]);
  if (category !== undefined) return category;
  throw new DomainError('NOT_FOUND', `There is no category ${id}.`, {
    next: { tool: 'search_taxonomy', input: {} },
  });
}

/** Several categories, in the order given; what is named twice comes once. */
export async function readCategories(texts: readonly string[], taxonomy: CmsTaxonomy): Promise<readonly Category[]> {
  const found = await Promise.all(texts.map((text) => readCategory(text, taxonomy)));
  return [...new Map(found.map((category) => [category.id, category])).values()];
}

async function findByPath(text: string, taxonomy: CmsTaxonomy): Promise<string | undefined> {
  const wanted = normalised(text);
  const last = wanted.split('/').at(-1) ?? '';
  if (!wanted.includes('/') || last === '') return undefined;
  return (await taxonomy.find(last)).find(({ path }) => path !== undefined && normalised(path) === wanted)?.id;
}

/** `Topics / Research` and `/topics/research` are the same path. */
function normalised(path: string): string {
  return path
    .split('/')
    .map((part) => part.trim().toLowerCase())
    .filter(Boolean)
    .join('/');
}
