import { DomainError } from '../../../../domain/errors.ts';
import { asJson } from './render.ts';
import type { TaskResource } from './resource.ts';
import { diffTemplate } from './uris.ts';

/** What differs between two items, or between two states of one. */
export const diffResource: TaskResource = {
  task: 'compare_versions',
  address: diffTemplate,
  name: 'diff',
  title: 'A difference',
  description:
    'What differs between two items (x42/x57), or two states of one (x42@3/x42@current): a version number, current, checked_out or published:{target} after the @.',
  mimeType: 'application/json',
  inputFor({ a = '', b = '' }) {
    const [older, newer] = [sideOf(a), sideOf(b)];
    const isOneItem = older.item === newer.item;
    if (isOneItem && older.state === newer.state) {
      throw new DomainError('BAD_INPUT', 'Both sides are the same. Name two states, such as x42@3/x42@current.');
    }
    return {
      item: older.item,
      ...(isOneItem ? {} : { other_item: newer.item }),
      from: older.state,
      to: newer.state,
    };
  },
  render: asJson,
};

function sideOf(text: string): { readonly item: string; readonly state: string } {
  const [item = '', state = 'current'] = text.split(/@(.*)$/s);
  return { item, state };
}
