import { DomainError } from '../../domain/errors.ts';
import type { CmsUser } from '../../domain/model/site.ts';
import type { CmsSite } from '../../domain/ports/cms/site.ts';

/**
 * The CMS user that a text names: `me`, an id, or a name that only one user has.
 *
 * @throws DomainError NOT_FOUND, AMBIGUOUS with the candidates, CAPABILITY_MISSING when the CMS does not tell who
 * `me` is.
 */
export async function resolveUser(text: string, site: CmsSite): Promise<CmsUser> {
  if (text.trim().toLowerCase() === 'me') {
    const user = await site.currentUser();
    if (user !== undefined) return user;
    throw new DomainError(
      'CAPABILITY_MISSING',
      'This CMS does not tell which user the connection runs as. Give the user’s id or name instead of "me".',
    );
  }
  const found = await site.findUsers(text.trim());
  const wanted = text.trim().toLowerCase();
  const same = found.filter((user) => user.id.toLowerCase() === wanted || user.name.toLowerCase() === wanted);
  const fitting = same.length > 0 ? same : found;
  if (fitting.length === 1 && fitting[0] !== undefined) return fitting[0];
  throw new DomainError(
    fitting.length === 0 ? 'NOT_FOUND' : 'AMBIGUOUS',
    fitting.length === 0
      ? `There is no CMS user "${text.slice(0, 80)}".`
      : `${fitting.length} CMS users fit "${text.slice(0, 80)}". Use the id.`,
    { candidates: fitting.slice(0, candidatesMax).map(({ id, name }) => ({ id, name })) },
  );
}

const candidatesMax = 8;
