import type { Field } from '../../domain/model/content-item.ts';

/** A field with the way to it: `Body`; `Links[2].Title` is the title in the second entry of a list. */
export interface ListedField {
  readonly path: string;
  /** Label of the field, with those above it. */
  readonly label: string;
  readonly field: Field;
}

/** All fields from the top down, entries and groups included, in the order of the CMS. */
export function listFields(fields: readonly Field[], above?: ListedField): readonly ListedField[] {
  return fields.flatMap((field, index) => {
    const listed: ListedField = {
      path: above === undefined ? field.name : `${above.path}${stepTo(field, index, above.field)}`,
      label: [above?.label, field.label === '' ? field.name : field.label].filter(Boolean).join(' › '),
      field,
    };
    return [listed, ...listFields(field.children, listed)];
  });
}

/** Types that only arrange the form or that the CMS works out itself: an editor fills none of them. */
export function isLayoutField(field: Field): boolean {
  return field.type === 'IGX_GROUP_START' || field.type === 'IGX_GROUP_END';
}

/** Types whose value is markup. */
export function isMarkupField(field: Field): boolean {
  return field.type === 'IGX_ELEMENT_CDATA' || field.type === 'IGX_XML';
}

/** Types whose value is text that people read. */
export function isTextField(field: Field): boolean {
  return isMarkupField(field) || field.type === 'IGX_ELEMENT_TEXT';
}

/** True for a field with neither value nor attributes nor entries. */
export function isEmptyField(field: Field): boolean {
  return (
    field.value === '' && field.children.length === 0 && Object.values(field.attributes).every((text) => text === '')
  );
}

/** Entries of lists are counted from 1; parts of a group go by name, repeated ones with a number. */
function stepTo(field: Field, index: number, parent: Field): string {
  if (listTypes.includes(parent.type)) return `[${index + 1}]`;
  const alike = parent.children.filter((sibling) => sibling.name === field.name);
  return alike.length < 2 ? `.${field.name}` : `.${field.name}[${alike.indexOf(field) + 1}]`;
}

const listTypes: readonly string[] = ['IGX_LIST', 'IGX_LINKSET', 'IGX_REFERENCES', 'IGX_ASSETLINKSET'];
