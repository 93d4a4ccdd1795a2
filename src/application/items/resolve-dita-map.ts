import { DomainError } from '../../domain/errors.ts';
import type { CmsDita, DitaMap } from '../../domain/ports/cms/dita.ts';
import { allPages } from './all-pages.ts';

/**
 * The DITA map with this id or name.
 *
 * @throws DomainError NOT_FOUND or AMBIGUOUS with the maps that come near.
 */
export async function resolveDitaMap(text: string, dita: CmsDita): Promise<DitaMap> {
  const wanted = text.toLowerCase();
  const maps = await allPages((page) => dita.maps('', page));
  const exact = maps.filter(
    ({ id, name }) =>
      id.toLowerCase() === wanted || id === `a/${wanted}` || nameWithoutSuffix(name) === nameWithoutSuffix(wanted),
  );
  if (exact.length === 1 && exact[0] !== undefined) return exact[0];
  const near = exact.length > 1 ? exact : maps.filter(({ name }) => name.toLowerCase().includes(wanted));
  throw new DomainError(
    exact.length === 0 ? 'NOT_FOUND' : 'AMBIGUOUS',
    exact.length === 0
      ? `There is no DITA map "${text.slice(0, 80)}".`
      : `Several DITA maps are called "${text.slice(0, 80)}". Use the id.`,
    {
      candidates: (near.length > 0 ? near : maps).slice(0, candidatesMax).map(({ id, name }) => ({ id, name })),
      next: { tool: 'get_dita_map', input: {} },
    },
  );
}

/** Whoever speaks of a map leaves out that it is a file. */
const nameWithoutSuffix = (name: string) => name.toLowerCase().replace(/\.ditamap$/, '');

const candidatesMax = 8;
