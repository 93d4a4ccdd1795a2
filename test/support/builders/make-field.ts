import type { Field } from '../../../src/domain/model/content-item.ts';

/** A field of the CMS; plain text unless said otherwise. */
export function makeField(name: string, value = '', facts: Partial<Field> = {}): Field {
  return {
    name,
    label: name,
    type: 'IGX_ELEMENT_TEXT',
    value,
    required: false,
    readOnly: false,
    hidden: false,
    attributes: {},
    children: [],
    ...facts,
  };
}
