import { DomainError } from '../../domain/errors.ts';
import type { ContentItem } from '../../domain/model/content-item.ts';
import type { Ports } from '../../domain/ports/index.ts';
import { itemDetails } from './item-calls.ts';
import { isEmptyField, listFields } from './list-fields.ts';

/**
 * Refuses an item whose checked-out copy has an empty required field, naming all of them: the CMS would refuse the
 * check-in too, but names only the first.
 *
 * @throws DomainError REQUIRED_FIELD.
 */
export async function requireFilled(item: ContentItem, ports: Pick<Ports, 'pages' | 'assets'>): Promise<void> {
  const details = await itemDetails(item.id, 0, ports);
  const empty = listFields(details?.fields ?? []).filter(({ field }) => field.required && isEmptyField(field));
  if (empty.length === 0) return;
  throw new DomainError(
    'REQUIRED_FIELD',
    `"${item.name}" (${item.id}) cannot be checked in: ${empty.length === 1 ? 'the required field' : 'the required fields'} ${empty
      .map(({ label, path }) => `"${label}" (${path})`)
      .join(', ')} ${empty.length === 1 ? 'is' : 'are'} empty. Nothing was changed.`,
    {
      details: { item: item.id, empty_required_fields: empty.map(({ path }) => path) },
      next: { tool: 'get_content', input: { items: [item.id], include: ['fields'] } },
    },
  );
}
