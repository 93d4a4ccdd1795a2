import type { Field } from '../model/content-item.ts';
import { unbalancedTag } from './unbalanced-tag.ts';

/** One wish of a caller, in the order it came. */
export interface FieldChange {
  readonly op: 'set' | 'clear' | 'replace_text' | 'append' | 'insert' | 'remove';
  /** The field's name; `Links[2].Title` names a part of a structured field. */
  readonly field: string;
  readonly find?: string;
  readonly value?: unknown;
  /** For insert and remove: the entry's number, from 1. */
  readonly index?: number;
}

/** What one field will hold, and the one replacement of text that makes it so. */
export interface FieldEdit {
  readonly fieldName: string;
  readonly before: string;
  readonly after: string;
  /** Occurs exactly once in `before`. */
  readonly find: string;
  /** Never empty, because how the CMS takes an empty replacement is not known. */
  readonly replaceWith: string;
}

export interface Refusal {
  /** Which of the changes, counted from 0. */
  readonly index: number;
  readonly field: string;
  readonly op: FieldChange['op'];
  readonly reason: 'unknown_field' | 'read_only' | 'bad_value' | 'not_found' | 'ambiguous' | 'impossible';
  readonly message: string;
  /** For `impossible`: the change as a person would enter it in the CMS. */
  readonly prepared?: { readonly field: string; readonly old: string; readonly new: unknown };
}

export type EditPlan =
  | { readonly ok: true; readonly edits: readonly FieldEdit[] }
  | { readonly ok: false; readonly refusals: readonly Refusal[] };

/** Elements whose value is markup. */
const markupTypes: readonly string[] = ['IGX_ELEMENT_CDATA', 'IGX_XML'];

/** Elements whose value is text that a report of the CMS finds. */
const textTypes: readonly string[] = ['IGX_ELEMENT_TEXT', ...markupTypes];

/**
 * Plans changes of fields for a CMS that can only replace text it found: applies them in order to the values as they
 * are, and refuses all of them when one cannot be done. Several changes of one field become one replacement.
 */
export function planEdit(fields: readonly Field[], changes: readonly FieldChange[]): EditPlan {
  const values = new Map<string, string>();
  const refusals: Refusal[] = [];
  for (const [index, change] of changes.entries()) {
    const field = fields.find((candidate) => candidate.name === change.field);
    const current = values.get(change.field) ?? field?.value ?? '';
    const planned = planChange(field, change, current, fields);
    if (typeof planned === 'string') values.set(change.field, planned);
    else refusals.push({ index, ...planned });
  }
  refusals.push(...refuseTornMarkup(fields, changes, values));
  if (refusals.length > 0) return { ok: false, refusals };
  const edits: FieldEdit[] = [];
  for (const [fieldName, after] of values) {
    const before = fields.find((field) => field.name === fieldName)?.value ?? '';
    if (before === after) continue;
    edits.push({ fieldName, before, after, ...narrowReplacement(before, after) });
  }
  return { ok: true, edits };
}

/** Several changes together may open and close a tag, so that only their result is judged. */
function refuseTornMarkup(
  fields: readonly Field[],
  changes: readonly FieldChange[],
  values: ReadonlyMap<string, string>,
): Refusal[] {
  return fields.flatMap((field) => {
    const after = values.get(field.name);
    if (after === undefined || !markupTypes.includes(field.type)) return [];
    const torn = unbalancedTag(after);
    if (torn === undefined || unbalancedTag(field.value) !== undefined) return [];
    const index = changes.findLastIndex((change) => change.field === field.name);
    return [
      {
        index,
        field: field.name,
        op: changes[index]?.op ?? 'set',
        reason: 'bad_value' as const,
        message: `the markup of "${field.name}" would be torn: ${torn} has no partner`,
      },
    ];
  });
}

/** The value after the change, or why it cannot be made. */
function planChange(
  field: Field | undefined,
  change: FieldChange,
  current: string,
  fields: readonly Field[],
): string | Omit<Refusal, 'index'> {
  const refuse = (
    reason: Refusal['reason'],
    message: string,
    prepared?: Refusal['prepared'],
  ): Omit<Refusal, 'index'> => ({
    field: change.field,
    op: change.op,
    reason,
    message,
    ...(prepared === undefined ? {} : { prepared }),
  });
  const impossible = (message: string): Omit<Refusal, 'index'> =>
    refuse('impossible', message, {
      field: change.field,
      old: current,
      new: change.op === 'clear' ? '' : (change.value ?? null),
    });

  if (field === undefined) {
    const top = change.field.split(/[.[]/)[0] ?? '';
    if (top !== change.field && fields.some((candidate) => candidate.name === top)) {
      return impossible(
        `"${change.field}" is part of the structured field "${top}", whose parts cannot be written over the API of this CMS`,
      );
    }
    return refuse('unknown_field', `there is no field "${change.field.slice(0, 80)}"; there are ${fieldNames(fields)}`);
  }
  if (field.readOnly) return refuse('read_only', `"${field.name}" is read-only`);
  const isText = textTypes.includes(field.type) && field.children.length === 0;
  if (isText && change.op === 'remove') {
    return refuse(
      'bad_value',
      `remove takes entries out of lists; to take words out of "${field.name}", use replace_text with the words as find and "" as value`,
    );
  }
  if (isText && change.op === 'insert') {
    return refuse(
      'bad_value',
      `insert puts entries into lists; for "${field.name}", use append, or replace_text with the text around the place`,
    );
  }
  if (change.op === 'insert' || change.op === 'remove') {
    return impossible(
      `entries of "${field.name}" cannot be ${change.op === 'insert' ? 'inserted' : 'removed'} over the API of this CMS`,
    );
  }
  if (!isText) {
    return impossible(`"${field.name}" is ${describeType(field.type)}; this CMS can only replace text over its API`);
  }
  if (change.op === 'clear') return impossible(`"${field.name}" cannot be emptied over the API of this CMS`);
  if (typeof change.value !== 'string')
    return refuse('bad_value', `${change.op} on "${field.name}" needs "value": the new text`);
  if (current === '') return impossible(`"${field.name}" is empty, and this CMS can only replace text that is there`);
  if (change.op === 'append') return current + change.value;
  if (change.op === 'set') {
    return change.value === ''
      ? impossible(`"${field.name}" cannot be emptied over the API of this CMS`)
      : change.value;
  }
  if (change.find === undefined || change.find === '') {
    return refuse('bad_value', `replace_text on "${field.name}" needs "find": the text that is there now`);
  }
  const count = countOccurrences(current, change.find);
  if (count === 0) return refuse('not_found', notFoundMessage(field.name, current, change.find));
  if (count > 1) {
    return refuse(
      'ambiguous',
      `the text occurs ${count} times in "${field.name}"; give a longer text around the one you mean`,
    );
  }
  const after = current.replace(change.find, () => String(change.value));
  return after === '' ? impossible(`"${field.name}" cannot be emptied over the API of this CMS`) : after;
}

/**
 * The shortest useful replacement that turns `before` into `after`: a text that occurs once in `before`, with some
 * context, without white space at its ends (the CMS may trim), and a replacement that is not empty.
 */
export function narrowReplacement(
  before: string,
  after: string,
): { readonly find: string; readonly replaceWith: string } {
  let start = 0;
  const startMax = Math.min(before.length, after.length);
  while (start < startMax && before[start] === after[start]) start += 1;
  let tail = 0;
  while (tail < startMax - start && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1;

  for (let context = contextMin; ; context *= 2) {
    let from = Math.max(0, start - context);
    let toTail = Math.max(0, tail - context);
    while (from > 0 && isSpaceOrHalf(before, from)) from -= 1;
    while (toTail > 0 && isSpaceOrHalf(before, before.length - toTail - 1)) toTail -= 1;
    const find = before.slice(from, before.length - toTail);
    const replaceWith = after.slice(from, after.length - toTail);
    const isWhole = from === 0 && toTail === 0;
    if (isWhole || (replaceWith.trim() !== '' && countOccurrences(before, find) === 1)) return { find, replaceWith };
  }
}

/** How many characters of context a replacement takes at least, for people who read the CMS's own log. */
const contextMin = 12;

/** A place where a cut would leave white space at an end or tear a character of two code units apart. */
function isSpaceOrHalf(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return /\s/.test(text[index] ?? '') || (code >= 0xd800 && code <= 0xdfff);
}

/** Overlapping places count, so that one place means that nothing else can be meant. */
export function countOccurrences(text: string, find: string): number {
  if (find === '') return 0;
  let count = 0;
  for (let index = text.indexOf(find); index !== -1; index = text.indexOf(find, index + 1)) count += 1;
  return count;
}

/** Agents read Markdown and search what is stored as XHTML: when only the markup differs, the stored form is shown. */
function notFoundMessage(fieldName: string, stored: string, find: string): string {
  const plainFind = plainText(find);
  const isThere = plainFind !== '' && plainText(stored).includes(plainFind);
  if (!isThere) return `the text to find does not occur in "${fieldName}"`;
  const firstWord = plainFind.split(' ').sort((a, b) => b.length - a.length)[0] ?? plainFind;
  const at = Math.max(0, stored.indexOf(firstWord));
  const snippet = stored.slice(Math.max(0, at - 60), at + find.length + 120);
  return `the text occurs in "${fieldName}" only with markup in between; find is matched against the stored form, which reads there: ${snippet}`;
}

function plainText(markup: string): string {
  return markup
    .replace(/<[^>]*>/g, '')
    .replace(/&nbsp;|&#160;/g, ' ')
    .replace(/&amp;/g, '&')
    .replace(/&(?:#39|apos|rsquo);/g, "'")
    .replace(/&quot;/g, '"')
    .replace(/\s+/g, ' ')
    .trim();
}

function fieldNames(fields: readonly Field[]): string {
  return fields
    .filter((field) => !field.hidden && !/^IGX_GROUP_(?:START|END)$/.test(field.type))
    .map((field) => field.name)
    .join(', ');
}

/** `IGX_LOCAL_DATE` → `a local date field`. */
function describeType(type: string): string {
  const words = type
    .replace(/^IGX_/, '')
    .replace(/^ELEMENT_/, '')
    .replaceAll('_', ' ')
    .toLowerCase();
  return `${/^[aeiou]/.test(words) ? 'an' : 'a'} ${words} field`;
}
