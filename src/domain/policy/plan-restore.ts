import type { Field } from '../model/content-item.ts';
import type { Abilities } from '../model/site.ts';
import { kindOfField, planDraft } from './plan-draft.ts';
import { type FieldChange, narrowReplacement, planEdit } from './plan-edit.ts';

/** A field that was otherwise, and that nobody can put back over the API of this CMS. */
export interface FieldForPerson {
  readonly field: string;
  /** Why it cannot be written. */
  readonly reason: string;
  /** Whether editors enter it at all: then a CMS that writes whole versions brings it back. */
  readonly isEntered: boolean;
  /** What it held, for people to enter. */
  readonly value: string;
}

export interface FieldsRestore {
  /** For `edit_content`: each can be made, and so can all together. */
  readonly changes: readonly FieldChange[];
  readonly forPerson: readonly FieldForPerson[];
  /** Fields that the content type has only since then; they keep what they hold. */
  readonly newFields: readonly string[];
}

/** The changes that bring older values back, as far as editors enter such fields at all. */
export function restoringChanges(fields: readonly Field[], older: readonly Field[]): readonly FieldChange[] {
  return fields.flatMap((field) => {
    const before = older.find(({ name }) => name === field.name);
    return before === undefined || isSameField(before, field) || field.readOnly || kindOfField(field.type) === 'none'
      ? []
      : [{ op: 'set' as const, field: field.name, value: before.value }];
  });
}

/** What of older values can be written again by what the CMS can do, and what is left to people. Pure. */
export function planFieldsRestore(
  now: readonly Field[],
  older: readonly Field[],
  editFields: Abilities['editFields'],
): FieldsRestore {
  const changes: FieldChange[] = [];
  const forPerson: FieldForPerson[] = [];
  for (const before of older) {
    const field = now.find(({ name }) => name === before.name);
    if (field !== undefined && isSameField(before, field)) continue;
    const planned = field === undefined ? noField : planField(now, field, before, editFields);
    const isEntered = field !== undefined && !field.readOnly && kindOfField(field.type) !== 'none';
    if (typeof planned === 'string')
      forPerson.push({ field: before.name, reason: planned, isEntered, value: textOf(before) });
    else changes.push(planned);
  }
  const newFields = now.filter(({ name }) => older.every((before) => before.name !== name)).map(({ name }) => name);
  return { changes, forPerson, newFields };
}

const noField = 'the content type has no such field any more';

/** The change of one field, or why there is none. */
function planField(
  fields: readonly Field[],
  field: Field,
  before: Field,
  editFields: Abilities['editFields'],
): FieldChange | string {
  if (field.readOnly || kindOfField(field.type) === 'none') return 'the CMS works it out, or lets nobody write it';
  if (editFields === 'none') return 'this CMS lets no fields be changed over its API';
  if (editFields === 'find-replace') {
    if (!hasOnlyValue(before) || !hasOnlyValue(field)) return 'only its text could be replaced, not its parts';
    const change = textChange(field, before);
    const plan = planEdit(fields, [change]);
    return plan.ok ? change : (plan.refusals[0]?.message ?? 'it cannot be written');
  }
  const change: FieldChange = { op: 'set', field: field.name, value: enteredValue(before) };
  const plan = planDraft(fields, [change]);
  if (!plan.ok) return plan.refusals[0]?.message ?? 'it cannot be written';
  const after = plan.fields.find(({ name }) => name === field.name);
  return after !== undefined && isSameField(after, before) ? change : 'its parts cannot be named in one change';
}

/** Attributes and entries cannot be reached by replacing text. */
const hasOnlyValue = ({ attributes, children }: Field): boolean =>
  children.length === 0 && Object.values(attributes).every((text) => text === '');

/** The value as a whole, or where it is long, the part that differs. */
function textChange(field: Field, before: Field): FieldChange {
  const isLong = before.value.length > wholeValueCharacters;
  if (!isLong || before.value === '' || field.value === '')
    return { op: 'set', field: field.name, value: before.value };
  const { find, replaceWith } = narrowReplacement(field.value, before.value);
  return { op: 'replace_text', field: field.name, find, value: replaceWith };
}

const wholeValueCharacters = 400;

/** A value as `edit_content` takes it: text, or the entries of a list with their parts by name. */
export function enteredValue(field: Field): unknown {
  if (kindOfField(field.type) === 'list') return field.children.map(entryValue);
  if (kindOfField(field.type) === 'date') return field.value.replace(/^(\d{4})(\d{2})(\d{2})(?=T|$)/, '$1-$2-$3');
  return entryValue(field);
}

function entryValue(field: Field): unknown {
  const parts = [
    ...Object.entries(field.attributes),
    ...field.children.map((child) => [child.name, child.value] as const),
  ];
  return parts.length === 0 ? field.value : { value: field.value, ...Object.fromEntries(parts) };
}

/** Whether two fields hold the same: values, attributes and entries; not labels or flags. */
export function isSameField(one: Field, other: Field): boolean {
  return factsOf(one) === factsOf(other);
}

function factsOf(field: Field): string {
  const facts = (each: Field): unknown => [
    each.name,
    each.value,
    Object.entries(each.attributes)
      .filter(([, text]) => text !== '')
      .sort(),
    each.children.map(facts),
  ];
  return JSON.stringify(facts(field));
}

function textOf(field: Field): string {
  const attributes = Object.entries(field.attributes).flatMap(([name, text]) =>
    text === '' ? [] : `${name}: ${text}`,
  );
  return [field.value, ...attributes, ...field.children.map(textOf)].filter((text) => text !== '').join('; ');
}
