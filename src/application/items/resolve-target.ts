import { DomainError } from '../../domain/errors.ts';
import type { PublishingTarget } from '../../domain/model/publishing.ts';
import type { CmsPublishing } from '../../domain/ports/cms/publishing.ts';

/**
 * The publishing target with this id or name.
 *
 * @throws DomainError NOT_FOUND or AMBIGUOUS with the targets there are.
 */
export async function resolveTarget(text: string, publishing: CmsPublishing): Promise<PublishingTarget> {
  const targets = await publishing.targets();
  const wanted = text.trim().toLowerCase();
  const exact = targets.filter((target) => target.id.toLowerCase() === wanted || target.name.toLowerCase() === wanted);
  if (exact.length === 1 && exact[0] !== undefined) return exact[0];
  throw new DomainError(
    exact.length === 0 ? 'NOT_FOUND' : 'AMBIGUOUS',
    exact.length === 0
      ? `No publishing target "${text.slice(0, 80)}". There are: ${targets.map((target) => target.name).join(', ')}.`
      : `Several publishing targets are called "${text.slice(0, 80)}". Use the id.`,
    { candidates: targets.map((target) => ({ id: target.id, name: target.name })) },
  );
}
