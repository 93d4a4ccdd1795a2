import { DomainError } from '../../domain/errors.ts';
import { pageSizeMax } from '../../domain/model/paging.ts';
import type { Schema } from '../../domain/model/schema.ts';
import type { CmsSchemas } from '../../domain/ports/cms/schemas.ts';

/** A CMS with more content types than this shows the first of them. */
export const schemasMax = 500;

/** All content types of a kind, up to `schemasMax`. */
export async function listSchemas(kind: 'page' | 'asset', schemas: CmsSchemas): Promise<readonly Schema[]> {
  const all: Schema[] = [];
  for (let at: number | undefined = 0; at !== undefined && all.length < schemasMax; ) {
    const page = await schemas.list(kind, { startIndex: at, pageSize: pageSizeMax });
    all.push(...page.items);
    at = page.nextIndex;
  }
  return all;
}

/**
 * The content type with this id, root name or label.
 *
 * @throws DomainError NOT_FOUND with the most similar names, AMBIGUOUS when a label fits several.
 */
export async function resolveSchema(text: string, schemas: CmsSchemas): Promise<Schema> {
  const direct = await schemas.get(text.trim());
  if (direct !== undefined) return direct;
  const all = [...(await listSchemas('page', schemas)), ...(await listSchemas('asset', schemas))];
  const wanted = normalised(text);
  const same = all.filter((schema) => normalised(schema.label) === wanted || normalised(schema.name) === wanted);
  if (same.length === 1 && same[0] !== undefined) return same[0];
  if (same.length > 1) {
    throw new DomainError('AMBIGUOUS', `Several content types are called "${text.slice(0, 80)}". Use the id.`, {
      candidates: same.slice(0, candidatesMax).map(({ id, name }) => ({ id, name })),
    });
  }
  const similar = all.filter((schema) => normalised(`${schema.name} ${schema.label}`).includes(wanted));
  throw new DomainError('NOT_FOUND', `There is no content type "${text.slice(0, 80)}".`, {
    candidates: (similar.length > 0 ? similar : all).slice(0, candidatesMax).map(({ id, name }) => ({ id, name })),
    next: { tool: 'describe_schema', input: {} },
  });
}

const candidatesMax = 8;

/** `News Article`, `news-article` and `NewsArticle` are the same wish. */
function normalised(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]+/g, '');
}
