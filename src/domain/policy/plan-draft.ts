import type { Field } from '../model/content-item.ts';
import { countOccurrences, type FieldChange, type Refusal } from './plan-edit.ts';
import { unbalancedTag } from './unbalanced-tag.ts';

/** One field before and after the changes, by its path. */
export interface DraftDifference {
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

export type DraftPlan =
  | { readonly ok: true; readonly fields: readonly Field[]; readonly differences: readonly DraftDifference[] }
  | { readonly ok: false; readonly refusals: readonly Refusal[] };

/**
 * Plans changes of fields for a CMS that can write them: applies the changes in order, and refuses all of them when one
 * cannot be done. Paths are those of `get_content`: `Body`, `Links[2]`, `Rows[1].Title`; entries count from 1.
 */
export function planDraft(fields: readonly Field[], changes: readonly FieldChange[]): DraftPlan {
  let wanted = fields;
  const refusals: Refusal[] = [];
  const paths = new Map<string, number>();
  for (const [index, change] of changes.entries()) {
    const done = applyChange(wanted, change, index);
    if ('reason' in done) refusals.push(done);
    else {
      wanted = done.fields;
      paths.set(done.path, index);
    }
  }
  for (const [path, index] of paths) refusals.push(...refuseTorn(find(wanted, path)?.field, changes, index));
  if (refusals.length > 0) return { ok: false, refusals };
  const differences = [...paths.keys()]
    .map((path) => ({
      path,
      before: textOf(find(fields, path)?.field),
      after: textOf(find(wanted, path)?.field),
    }))
    .filter(({ before, after }) => before !== after);
  return { ok: true, fields: wanted, differences };
}

/** What an older version holds, written over the fields as they are: the restore that the CMS has no call for. */
export function planRestore(fields: readonly Field[], older: readonly Field[]): DraftPlan {
  const wanted = fields.map((field) => {
    const before = older.find(({ name }) => name === field.name);
    return before === undefined || field.readOnly || !isWritable(field)
      ? field
      : { ...field, value: before.value, attributes: before.attributes, children: before.children };
  });
  const differences = wanted.flatMap((field, index) => {
    const [before, after] = [textOf(fields[index]), textOf(field)];
    return before === after ? [] : [{ path: field.name, before, after }];
  });
  return { ok: true, fields: wanted, differences };
}

/** Whether editors enter something in a field of this type, and how. */
export function kindOfField(type: string): FieldKind {
  return kinds[type] ?? 'none';
}

export type FieldKind = 'text' | 'several' | 'flag' | 'date' | 'reference' | 'list' | 'none';

const kinds: Readonly<Record<string, FieldKind>> = {
  IGX_ATTRIBUTE: 'text',
  IGX_ELEMENT_TEXT: 'text',
  IGX_ELEMENT_CDATA: 'text',
  IGX_XML: 'text',
  IGX_ENUMERATION: 'text',
  IGX_MULTI_SELECT: 'several',
  IGX_BOOLEAN: 'flag',
  IGX_DATE: 'date',
  IGX_LOCAL_DATE: 'date',
  IGX_LOCAL_TIME: 'date',
  IGX_COMPONENT: 'reference',
  IGX_LINK: 'reference',
  IGX_ASSET: 'reference',
  IGX_IMAGE: 'reference',
  IGX_MEDIA: 'reference',
  IGX_DOCUMENT: 'reference',
  IGX_LIST: 'list',
  IGX_LINKSET: 'list',
  IGX_REFERENCES: 'list',
  IGX_ASSETLINKSET: 'list',
};

const isWritable = (field: Field): boolean => kindOfField(field.type) !== 'none';

/** Several changes together may open and close a tag, so that only their result is judged. */
function refuseTorn(field: Field | undefined, changes: readonly FieldChange[], index: number): readonly Refusal[] {
  const change = changes[index];
  if (field === undefined || change === undefined) return [];
  const entries = kindOfField(field.type) === 'list' ? field.children : [field];
  const torn = entries.flatMap(({ type, value }) =>
    type === 'IGX_ELEMENT_CDATA' || type === 'IGX_XML' ? (unbalancedTag(value) ?? []) : [],
  )[0];
  if (torn === undefined) return [];
  const message = `the markup of "${change.field}" would be torn: ${torn} has no partner`;
  return [{ index, field: change.field, op: change.op, reason: 'bad_value', message }];
}

type Applied = { readonly fields: readonly Field[]; readonly path: string };

/** Why a change cannot be made, as the end of a sentence that begins with the field. */
interface Problem {
  readonly reason: Refusal['reason'];
  readonly message: string;
}

const problem = (message: string, reason: Refusal['reason'] = 'bad_value'): Problem => ({ reason, message });

function applyChange(fields: readonly Field[], change: FieldChange, index: number): Applied | Refusal {
  const refuse = ({ reason, message }: Problem): Refusal => ({
    index,
    field: change.field,
    op: change.op,
    reason,
    message: `"${change.field.slice(0, 80)}" ${message}`,
  });
  const found = find(fields, change.field);
  if (found === undefined)
    return refuse(problem('is no field of this item; get_content tells the paths', 'unknown_field'));
  const { field, place, top } = found;
  if (top.readOnly || field.readOnly) return refuse(problem('is read-only', 'read_only'));
  const entry = change.op === 'remove' && change.index === undefined ? listAround(fields, place) : undefined;
  const target = entry?.list ?? field;
  const kind = kindOfField(target.type);
  if (kind === 'none' && target.children.length === 0) {
    return refuse(problem('is worked out by the CMS, or secret: nobody enters it over the API', 'impossible'));
  }
  const after =
    kind === 'list'
      ? changeList(target, entry === undefined ? change : { ...change, index: entry.position })
      : changeValue(target, kind, change);
  if ('reason' in after) return refuse(after);
  return entry === undefined
    ? { fields: put(fields, place, after), path: change.field }
    : { fields: put(fields, place.slice(0, -1), after), path: change.field.replace(/\[\d+\]$/, '') };
}

/** The list that the entry at a place stands in, and the entry's number. */
function listAround(fields: readonly Field[], place: readonly number[]): { list: Field; position: number } | undefined {
  if (place.length < 2) return undefined;
  const list = at(fields, place.slice(0, -1));
  return kindOfField(list.type) === 'list' ? { list, position: (place.at(-1) ?? 0) + 1 } : undefined;
}

function changeValue(field: Field, kind: FieldKind, change: FieldChange): Field | Problem {
  switch (change.op) {
    case 'insert':
    case 'remove':
      return problem('holds no entries to insert or remove');
    case 'clear':
      return { ...field, value: '' };
    case 'append':
      return kind === 'text' && typeof change.value === 'string'
        ? { ...field, value: field.value + change.value }
        : problem('takes text at its end only where it is text');
    case 'replace_text':
      return replaceText(field, change);
    case 'set': {
      const stored = storedForm(field, kind, change.value);
      return typeof stored === 'string' ? { ...field, value: stored } : stored;
    }
  }
}

function replaceText(field: Field, change: FieldChange): Field | Problem {
  if (change.find === undefined || change.find === '') return problem('needs "find": the text that is there now');
  const { value } = change;
  if (typeof value !== 'string') return problem('takes text as value');
  const count = countOccurrences(field.value, change.find);
  if (count === 0) return problem('does not hold the text to find', 'not_found');
  if (count > 1)
    return problem(`holds the text ${count} times; give a longer text around the one you mean`, 'ambiguous');
  return { ...field, value: field.value.replace(change.find, () => value) };
}

/** A plain value as text, or a field with all its parts. */
type Stored = string | Field | Problem;

/** A value in the form that the CMS stores: the one that the present value has, where forms differ. */
function storedForm(field: Field, kind: FieldKind, value: unknown): Stored {
  if (isRecord(value)) return structured(field, value);
  switch (kind) {
    case 'flag':
      return [true, false, 'true', 'false'].some((each) => each === value)
        ? String(value)
        : problem('takes true or false');
    case 'date':
      return dateForm(field, value);
    case 'several':
      return severalForm(field, value);
    default:
      return typeof value === 'string' || typeof value === 'number'
        ? String(value)
        : problem(kind === 'reference' ? 'takes an id such as x42 or a/5' : 'takes text as value');
  }
}

const datePatterns: Readonly<Record<string, RegExp>> = {
  IGX_DATE: /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})?)?$/,
  IGX_LOCAL_DATE: /^\d{4}-\d{2}-\d{2}$/,
  IGX_LOCAL_TIME: /^\d{2}:\d{2}(:\d{2})?$/,
};

/** Dates come as ISO texts; the service layer's own form is `yyyyMMddTHH:mm:ss`, kept where a field has it. */
function dateForm(field: Field, value: unknown): Stored {
  const isRightForm = typeof value === 'string' && datePatterns[field.type]?.test(value) === true;
  const isRealDay = isRightForm && (field.type === 'IGX_LOCAL_TIME' || isDay(value.slice(0, 10)));
  if (!isRealDay) return problem(`takes ${dateExamples[field.type] ?? 'a date'}`);
  const isCompact = /^\d{8}(T|$)/.test(field.value);
  return isCompact ? value.replace(/^(\d{4})-(\d{2})-(\d{2})/, '$1$2$3') : value;
}

const dateExamples: Readonly<Record<string, string>> = {
  IGX_DATE: 'a date and time such as 2026-03-01T09:00:00',
  IGX_LOCAL_DATE: 'a date such as 2026-03-01',
  IGX_LOCAL_TIME: 'a time such as 09:00',
};

/** Date rolls a day that does not exist over into the next month. */
function isDay(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** What stands between several values is not documented: the present value shows it. */
function severalForm(field: Field, value: unknown): Stored {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value) || !value.every((each) => typeof each === 'string')) {
    return problem('takes a list of texts');
  }
  const separator = ['|', ','].find((each) => field.value.includes(each));
  if (value.length > 1 && separator === undefined) {
    return problem('holds no several values now, so how the CMS tells them apart is not known: give one');
  }
  return value.join(separator ?? '');
}

/** `{"value": "x42", "Text": "Apply"}`: the own value, attributes and parts of an entry by their names. */
function structured(field: Field, value: Readonly<Record<string, unknown>>): Stored {
  let wanted: Field = field;
  for (const [name, given] of Object.entries(value)) {
    if (typeof given !== 'string') return problem(`takes text for "${name.slice(0, 80)}"`);
    const part = field.children.findIndex((child) => child.name === name);
    if (name === 'value') wanted = { ...wanted, value: given };
    else if (part >= 0)
      wanted = { ...wanted, children: put(wanted.children, [part], { ...at(wanted.children, [part]), value: given }) };
    else if (name in field.attributes) wanted = { ...wanted, attributes: { ...wanted.attributes, [name]: given } };
    else {
      const known = ['value', ...Object.keys(field.attributes), ...field.children.map((child) => child.name)];
      return problem(`has no part "${name.slice(0, 80)}"; there are ${known.join(', ')}`);
    }
  }
  return wanted;
}

/** Entries a list may hold after a change; more is a mistake rather than a page. */
const entriesMax = 500;

function changeList(field: Field, change: FieldChange): Field | Problem {
  const entries = isOnlyBlank(field.children) ? [] : field.children;
  const counted = problem(`has ${entries.length} entries`, 'not_found');
  switch (change.op) {
    case 'replace_text':
      return problem('is a list: name the entry, such as [1]');
    case 'clear':
      return { ...field, children: [] };
    case 'remove': {
      if (change.index === undefined) return problem('needs "index", or the entry in the path');
      const index = change.index - 1;
      return entries[index] === undefined
        ? counted
        : { ...field, children: entries.filter((_, each) => each !== index) };
    }
    case 'set': {
      if (!Array.isArray(change.value)) return problem('takes a list of entries');
      return withEntries(field, [], change.value, []);
    }
    case 'append':
      return withEntries(field, entries, [change.value], []);
    case 'insert': {
      const index = (change.index ?? entries.length + 1) - 1;
      if (index > entries.length) return counted;
      return withEntries(field, entries.slice(0, index), [change.value], entries.slice(index));
    }
  }
}

function withEntries(
  list: Field,
  before: readonly Field[],
  values: readonly unknown[],
  after: readonly Field[],
): Field | Problem {
  if (before.length + values.length + after.length > entriesMax) return problem(`takes at most ${entriesMax} entries`);
  const added: Field[] = [];
  for (const value of values) {
    const made = newEntry(list, value);
    if ('reason' in made) return made;
    added.push(made);
  }
  return { ...list, children: [...before, ...added, ...after] };
}

/** The CMS keeps one blank entry in an empty list, which goes when the first real one comes (services section 3a). */
export function isOnlyBlank(entries: readonly Field[]): boolean {
  return entries.length === 1 && entries.every(isBlank);
}

function isBlank(field: Field): boolean {
  const texts = [field.value, ...Object.values(field.attributes)];
  return texts.every((text) => text === '') && field.children.every(isBlank);
}

/** A new entry after the pattern of the first one; the first of an empty list is a plain value without a name. */
function newEntry(list: Field, value: unknown): Field | Problem {
  const pattern = list.children[0];
  const blank: Field =
    pattern === undefined
      ? { ...list, name: '', label: '', type: '', required: false, value: '', attributes: {}, children: [] }
      : emptied(pattern);
  const kind = kindOfField(blank.type);
  const stored = storedForm(blank, kind === 'none' ? 'text' : kind, value);
  if (typeof stored === 'string') return { ...blank, value: stored };
  return 'reason' in stored ? problem(`has entries of which each ${stored.message}`) : stored;
}

function emptied(field: Field): Field {
  return {
    ...field,
    value: '',
    attributes: Object.fromEntries(Object.keys(field.attributes).map((name) => [name, ''])),
    children: field.children.map(emptied),
  };
}

interface Found {
  readonly field: Field;
  /** Where it stands: the index among its siblings, from the top down. */
  readonly place: readonly number[];
  /** The field of the item that it is or lies in. */
  readonly top: Field;
}

/** The field that a path names; names are matched to the letter. */
function find(fields: readonly Field[], path: string): Found | undefined {
  let siblings = fields;
  let field: Field | undefined;
  const place: number[] = [];
  for (const step of path.split('.')) {
    const match = /^([^[\]]+)((?:\[\d{1,6}\])*)$/.exec(step.trim());
    if (match === null) return undefined;
    const indexes = [...(match[2] ?? '').matchAll(/\d+/g)].map(([digits]) => Number(digits) - 1);
    const alike = siblings.flatMap((sibling, index) => (sibling.name === match[1] ? [index] : []));
    // Parts that share a name are numbered; everything else that is numbered is an entry.
    const own = alike[alike.length > 1 && place.length > 0 ? (indexes.shift() ?? 0) : 0];
    if (own === undefined) return undefined;
    for (const index of [own, ...indexes]) {
      field = siblings[index];
      if (field === undefined) return undefined;
      place.push(index);
      siblings = field.children;
    }
  }
  const top = fields[place[0] ?? -1];
  return field === undefined || top === undefined ? undefined : { field, place, top };
}

function at(fields: readonly Field[], place: readonly number[]): Field {
  const [index = -1, ...rest] = place;
  const field = fields[index];
  if (field === undefined) throw new RangeError(`No field stands at ${place.join('.')}.`);
  return rest.length === 0 ? field : at(field.children, rest);
}

function put(fields: readonly Field[], place: readonly number[], wanted: Field): readonly Field[] {
  const [index, ...rest] = place;
  return fields.map((field, each) => {
    if (each !== index) return field;
    return rest.length === 0 ? wanted : { ...field, children: put(field.children, rest, wanted) };
  });
}

/** A field as one text, for people who compare it: its value, or all that it holds. */
function textOf(field: Field | undefined): string {
  if (field === undefined) return '';
  const attributes = Object.entries(field.attributes).filter(([, text]) => text !== '');
  if (attributes.length === 0 && field.children.length === 0) return field.value;
  const own = [field.value, ...attributes.map(([name, text]) => `${name}: ${text}`)].filter((text) => text !== '');
  return [own.join(', '), ...field.children.map((child) => `- ${textOf(child)}`)]
    .filter((text) => text !== '')
    .join('\n');
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
