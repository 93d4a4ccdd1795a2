import type { Json } from '../model/job.ts';

/** A part of an answer that fits into a budget, and what the rest is. */
export interface FittedAnswer {
  readonly value: Json;
  /** What was left out, in words; empty when nothing was. */
  readonly leftOut: readonly string[];
  /** Where the next part begins: rows of the longest list, or characters of the longest text. */
  readonly nextOffset?: number;
}

/**
 * Cuts an answer to a number of characters of JSON. What makes it long is one list, as a rule, or one text: that is
 * paged, beginning at `offset`. Whatever else is too long is shortened and named. Pure.
 */
export function fitAnswer(value: Json, offset: number, charactersMax: number): FittedAnswer {
  if (offset === 0 && sizeOf(value) <= charactersMax) return { value, leftOut: [] };
  const path = mainPath(value);
  const main = at(value, path);
  // Around the main part there is an envelope; it may take a third, so that the pages themselves stay of use.
  const leftOut: string[] = [];
  const envelope = shorten(replaced(value, path, null), Math.floor(charactersMax / 3), leftOut, pathTextOf(path));
  const budget = Math.max(pageCharactersMin, charactersMax - sizeOf(envelope));
  const page = isList(main)
    ? pageOfRows(main, offset, budget, pathTextOf(path), leftOut)
    : pageOfText(main, offset, budget, pathTextOf(path), leftOut);
  return {
    value: replaced(envelope, path, page.value),
    leftOut,
    ...(page.nextOffset === undefined ? {} : { nextOffset: page.nextOffset }),
  };
}

const pageCharactersMin = 500;

interface Page {
  readonly value: Json;
  readonly nextOffset?: number;
}

function pageOfRows(rows: readonly Json[], offset: number, budget: number, path: string, leftOut: string[]): Page {
  const shown: Json[] = [];
  let used = 0;
  let index = offset;
  for (; index < rows.length; index++) {
    const row = rows[index] ?? null;
    const size = sizeOf(row) + 1;
    if (shown.length > 0 && used + size > budget) break;
    // A single row that is too long on its own is shortened; a page never stays empty.
    const fitting = size <= budget ? row : shorten(row, budget, leftOut, `${path}[${index}]`);
    shown.push(fitting);
    used += sizeOf(fitting) + 1;
  }
  if (offset > 0 || index < rows.length) {
    leftOut.push(`${path || 'the list'}: rows ${offset + 1} to ${index} of ${rows.length} are here`);
  }
  return { value: shown, ...(index < rows.length ? { nextOffset: index } : {}) };
}

function pageOfText(main: Json, offset: number, budget: number, path: string, leftOut: string[]): Page {
  if (typeof main !== 'string') return { value: main };
  let end = Math.min(main.length, offset + budget);
  // Quotes and line ends double in JSON.
  while (end > offset + 1 && JSON.stringify(main.slice(offset, end)).length > budget) {
    end = offset + Math.max(1, Math.floor((end - offset) * 0.8));
  }
  // Never half of a surrogate pair.
  if (end < main.length && /[\uD800-\uDBFF]/.test(main.charAt(end - 1))) end += 1;
  if (offset > 0 || end < main.length) {
    leftOut.push(`${path || 'the text'}: characters ${offset + 1} to ${end} of ${main.length} are here`);
  }
  return { value: main.slice(offset, end), ...(end < main.length ? { nextOffset: end } : {}) };
}

type Path = readonly string[];

/** Where the longest list is that is not inside another list, or where there is none, the longest text. */
function mainPath(value: Json): Path {
  const found: { path: Path; size: number; isList: boolean }[] = [];
  const visit = (part: Json, path: Path) => {
    if (isList(part)) found.push({ path, size: sizeOf(part), isList: true });
    else if (typeof part === 'string') found.push({ path, size: part.length, isList: false });
    else if (isRecord(part) && path.length < mainDepthMax) {
      for (const [name, inner] of Object.entries(part)) visit(inner, [...path, name]);
    }
  };
  visit(value, []);
  const largest = found.toSorted((one, other) => other.size - one.size)[0];
  return largest?.path ?? [];
}

/** Lists and texts further down belong to something smaller than the answer. */
const mainDepthMax = 3;

const pathTextOf = (path: Path): string => path.join('.');

function at(value: Json, path: Path): Json {
  return path.reduce<Json>((part, name) => (isRecord(part) ? (part[name] ?? null) : null), value);
}

function replaced(value: Json, path: Path, by: Json): Json {
  const [first, ...rest] = path;
  if (first === undefined) return by;
  if (!isRecord(value)) return value;
  return { ...value, [first]: replaced(value[first] ?? null, rest, by) };
}

/** Cuts texts and lists until the whole fits: first the long ones, then all; what was cut is named, the first few. */
function shorten(value: Json, charactersMax: number, leftOut: string[], path: string): Json {
  for (const [textMax, rowsMax] of shortenings) {
    const notes: string[] = [];
    const short = cut(value, textMax, rowsMax, path, notes);
    if (sizeOf(short) <= charactersMax) {
      leftOut.push(
        ...notes.slice(0, notesMax),
        ...(notes.length > notesMax ? [`${notes.length - notesMax} more`] : []),
      );
      return short;
    }
  }
  leftOut.push(`${path || 'the answer'}: too large to show any of it; select single fields`);
  return null;
}

/** Characters per text and rows per list, ever fewer. */
const shortenings: readonly (readonly [number, number])[] = [
  [2000, 50],
  [500, 20],
  [150, 5],
  [40, 2],
  [10, 0],
];
const notesMax = 5;

function cut(value: Json, textMax: number, rowsMax: number, path: string, notes: string[]): Json {
  if (typeof value === 'string') {
    if (value.length <= textMax) return value;
    notes.push(`${path || 'the text'}: ${textMax} of ${value.length} characters`);
    return `${value.slice(0, textMax)}…`;
  }
  if (isList(value)) {
    if (value.length > rowsMax) notes.push(`${path || 'the list'}: ${rowsMax} of ${value.length} rows`);
    return value.slice(0, rowsMax).map((item, index) => cut(item, textMax, rowsMax, `${path}[${index}]`, notes));
  }
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      cut(inner, textMax, rowsMax, path === '' ? name : `${path}.${name}`, notes),
    ]),
  );
}

const sizeOf = (value: Json): number => JSON.stringify(value).length;

// Array.isArray does not narrow readonly arrays by itself.
const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

function isRecord(value: Json): value is Readonly<Record<string, Json>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
