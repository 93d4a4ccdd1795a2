import { z } from 'zod';
import type { Field } from '../../domain/model/content-item.ts';
import type { Markup } from '../../domain/ports/system.ts';
import { cutText, fairCap } from './cut-text.ts';
import {
  isEmptyField,
  isLayoutField,
  isMarkupField,
  isTextField,
  type ListedField,
  listFields,
} from './list-fields.ts';

/** One field as an answer shows it. */
export const fieldView = z.object({
  field: z.string().describe('Name; Links[2].Title is a part of a structured field'),
  label: z.string().optional(),
  type: z.string().optional(),
  value: z.string().describe('As stored; XHTML in rich text'),
  attributes: z.record(z.string(), z.string()).optional().describe('Where references keep what they point to'),
  required: z.boolean().optional(),
  read_only: z.boolean().optional(),
  hidden: z.boolean().optional(),
  truncated: z.boolean().optional(),
  length: z.int().optional().describe('Characters of the whole value'),
});

/** What fields an answer shows, and what it leaves out. */
export interface ViewedFields {
  readonly fields: readonly z.infer<typeof fieldView>[];
  readonly emptyFields: readonly string[];
  /** Layout and hidden fields that a concise answer leaves out. */
  readonly leftOutCount: number;
  readonly cutFields: readonly string[];
  /** Names asked for that the item does not have. */
  readonly unknownFields: readonly string[];
}

export interface FieldChoice {
  /** Only these fields, by name or path, and what lies below them; all when absent. */
  readonly only?: readonly string[] | undefined;
  readonly detailed: boolean;
  /** Characters for all values together. */
  readonly budget: number;
}

export function viewFields(fields: readonly Field[], choice: FieldChoice): ViewedFields {
  const all = listFields(fields);
  const chosen = choose(all, choice.only);
  const shown = choice.detailed
    ? chosen
    : chosen.filter(({ field }) => !isLayoutField(field) && (!field.hidden || choice.only !== undefined));
  const filled = choice.detailed ? shown : shown.filter(({ field }) => holdsOwnFacts(field));
  const cap = fairCap(
    filled.map(({ field }) => field.value.length),
    choice.budget,
  );
  const views = filled.map((listed) => viewField(listed, cap, choice.detailed));
  return {
    fields: views,
    emptyFields: choice.detailed ? [] : shown.filter(({ field }) => isEmptyField(field)).map(({ path }) => path),
    leftOutCount: chosen.length - shown.length,
    cutFields: views.filter((view) => view.truncated === true).map((view) => view.field),
    unknownFields: (choice.only ?? []).filter((name) => choose(all, [name]).length === 0),
  };
}

/** One Markdown document of the texts that people read, a heading per field. */
export function fieldsAsMarkdown(
  name: string,
  fields: readonly Field[],
  only: readonly string[] | undefined,
  markup: Markup,
): string {
  const texts = choose(listFields(fields), only)
    .filter(({ field }) => isTextField(field) && !field.hidden && field.value !== '')
    .map(({ label, field }) => `## ${label}\n\n${isMarkupField(field) ? markup.toMarkdown(field.value) : field.value}`);
  return [`# ${name}`, ...texts].join('\n\n');
}

function viewField(listed: ListedField, cap: number, detailed: boolean): z.infer<typeof fieldView> {
  const { field, path, label } = listed;
  const cut = cutText(field.value, cap);
  const attributes = Object.entries(field.attributes).filter(([, text]) => detailed || text !== '');
  return {
    field: path,
    ...(detailed ? { label, type: field.type } : {}),
    value: cut.text,
    ...(attributes.length === 0 ? {} : { attributes: Object.fromEntries(attributes) }),
    ...(field.required ? { required: true } : {}),
    ...(field.readOnly ? { read_only: true } : {}),
    ...(field.hidden ? { hidden: true } : {}),
    ...(cut.truncated === undefined ? {} : { truncated: true, length: field.value.length }),
  };
}

/** False for what is empty, and for a list that only holds its entries, which are listed themselves. */
function holdsOwnFacts(field: Field): boolean {
  return !isEmptyField({ ...field, children: [] });
}

function choose(all: readonly ListedField[], only: readonly string[] | undefined): readonly ListedField[] {
  if (only === undefined || only.length === 0) return all;
  const wanted = only.map((name) => name.toLowerCase());
  return all.filter(({ path, field }) => {
    const own = path.toLowerCase();
    return wanted.some(
      (name) =>
        own === name || own.startsWith(`${name}.`) || own.startsWith(`${name}[`) || field.name.toLowerCase() === name,
    );
  });
}
