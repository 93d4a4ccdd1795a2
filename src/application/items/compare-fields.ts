import { diffArrays } from 'diff';
import type { Field } from '../../domain/model/content-item.ts';
import { type ListedField, listFields } from './list-fields.ts';

/** One difference between two contents: a field, an entry of a list, or an attribute of either. */
export interface FieldDifference {
  /** The way to the field in the content that has it; the newer one where both do. */
  readonly path: string;
  readonly label: string;
  /** `moved`: the same entry stands elsewhere in its list. */
  readonly change: 'added' | 'removed' | 'changed' | 'moved';
  /** Of a moved entry: where it stood. */
  readonly movedFrom?: string;
  readonly before?: Field;
  readonly after?: Field;
}

/**
 * What differs between two contents, field by field and through lists: an entry put in at the front of a list is one
 * added entry, not a change of all that follow, and an entry that changed its place is one moved entry. A field whose
 * own value and attributes are equal is not listed; its entries are, when they differ.
 */
export function compareFields(before: readonly Field[], after: readonly Field[]): readonly FieldDifference[] {
  const paths = new Map([...listFields(before), ...listFields(after)].map((listed) => [listed.field, listed]));
  return comparePairs(pairUp(before, after), paths);
}

/** A field with its facts as one text, so that they are written down once and not per comparison. */
interface Keyed {
  readonly field: Field;
  readonly key: string;
}

interface Pair {
  readonly before?: Field;
  readonly after?: Field;
  readonly moved?: true;
}

function comparePairs(pairs: readonly Pair[], paths: ReadonlyMap<Field, ListedField>): FieldDifference[] {
  return pairs.flatMap((pair) => {
    const { before, after } = pair;
    const known = after ?? before;
    if (known === undefined) return [];
    const listed = paths.get(known);
    const where = { path: listed?.path ?? known.name, label: listed?.label ?? known.label };
    if (before === undefined) return [{ ...where, change: 'added' as const, after: known }];
    if (after === undefined) return [{ ...where, change: 'removed' as const, before }];
    if (pair.moved === true) {
      const movedFrom = paths.get(before)?.path ?? before.name;
      return [{ ...where, change: 'moved' as const, movedFrom, before, after }];
    }
    const isSame = factsOf({ ...before, children: [] }) === factsOf({ ...after, children: [] });
    return [
      ...(isSame ? [] : [{ ...where, change: 'changed' as const, before, after }]),
      ...comparePairs(pairUp(before.children, after.children), paths),
    ];
  });
}

/**
 * Which field became which: equal ones stay together in their order; between them, those of one name are paired in
 * turn, and what is left over was added or removed.
 */
function pairUp(before: readonly Field[], after: readonly Field[]): readonly Pair[] {
  const pairs: Pair[] = [];
  let removed: Field[] = [];
  let added: Field[] = [];
  const settle = (): void => {
    for (const old of removed) {
      const partner = added.find((candidate) => candidate.name === old.name);
      if (partner !== undefined) added = added.filter((candidate) => candidate !== partner);
      pairs.push(partner === undefined ? { before: old } : { before: old, after: partner });
    }
    pairs.push(...added.map((after) => ({ after })));
    removed = [];
    added = [];
  };
  const keyed = (fields: readonly Field[]): Keyed[] => fields.map((field) => ({ field, key: factsOf(field) }));
  const parts = diffArrays(keyed(before), keyed(after), { comparator: (a, b) => a.key === b.key });
  const moves = movesIn(parts);
  const movedIn = new Set(moves.values());
  for (const part of parts) {
    for (const { field } of part.value) {
      const arrived = moves.get(field);
      if (arrived !== undefined) pairs.push({ before: field, after: arrived, moved: true });
      else if (part.removed) removed.push(field);
      else if (part.added && !movedIn.has(field)) added.push(field);
    }
    if (!part.removed && !part.added) settle();
  }
  settle();
  return pairs;
}

/** Which field that went from one place came to another, unchanged. */
function movesIn(
  parts: readonly { readonly removed: boolean; readonly added: boolean; readonly value: readonly Keyed[] }[],
): ReadonlyMap<Field, Field> {
  let arrived = parts.filter(({ added }) => added).flatMap(({ value }) => value);
  const moves = new Map<Field, Field>();
  for (const gone of parts.filter(({ removed }) => removed).flatMap(({ value }) => value)) {
    const partner = arrived.find(({ key }) => key === gone.key);
    if (partner === undefined) continue;
    arrived = arrived.filter((candidate) => candidate !== partner);
    moves.set(gone.field, partner.field);
  }
  return moves;
}

/** What makes two fields equal: names, values and attributes, all the way down; not labels or flags. */
function factsOf(field: Field): string {
  const facts = (each: Field): unknown => [
    each.name,
    each.value,
    Object.entries(each.attributes).sort(([a], [b]) => a.localeCompare(b)),
    each.children.map(facts),
  ];
  return JSON.stringify(facts(field));
}
