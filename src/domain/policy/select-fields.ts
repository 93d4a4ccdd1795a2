import type { Json } from '../model/job.ts';

export interface Selection {
  readonly value: Json;
  /** Paths that led nowhere, with what there is where they ended. */
  readonly missing: readonly string[];
}

/**
 * Keeps only the named fields: `Id`, `Workflow.Name`, `Results[].Id`. Lists are walked through, with or without `[]`;
 * letter case does not matter where it decides nothing. The shape around the fields stays. Pure.
 */
export function selectFields(value: Json, paths: readonly string[]): Selection {
  const wanted = paths.map((path) => path.split('.').map((part) => part.replace(/(?:\[\d*\])+$/, '')));
  const steps = wanted.map((path) => path.filter((part) => part !== '' && part !== '$'));
  const missing = paths.flatMap((path, index) => {
    const problem = whereItEnds(value, steps[index] ?? []);
    return problem === undefined ? [] : [`"${path.slice(0, pathCharactersMax)}"${problem}`];
  });
  return { value: pick(value, steps), missing };
}

const pathCharactersMax = 100;

function pick(value: Json, paths: readonly (readonly string[])[]): Json {
  // A path that ends here wants all that is here.
  if (paths.some((path) => path.length === 0)) return value;
  if (isList(value)) return value.map((item) => pick(item, paths));
  if (!isRecord(value)) return null;
  const kept = Object.entries(value).flatMap(([name, inner]): [string, Json][] => {
    const below = paths.filter(([first]) => keyOf(value, first) === name).map(([, ...rest]) => rest);
    return below.length === 0 ? [] : [[name, pick(inner, below)]];
  });
  return Object.fromEntries(kept);
}

/** Nothing when the path leads somewhere; else what there is in its place. */
function whereItEnds(value: Json, path: readonly string[]): string | undefined {
  const [first, ...rest] = path;
  if (first === undefined) return undefined;
  if (isList(value)) {
    // Items of one list may differ; one that has the field is enough. An empty list says nothing about its items.
    const ends = value.slice(0, itemsLookedAt).map((item) => whereItEnds(item, path));
    return ends.includes(undefined) ? undefined : ends[0];
  }
  if (!isRecord(value)) return value === null ? undefined : ' is no field: there is a plain value in its place';
  const key = keyOf(value, first);
  if (key !== undefined) return whereItEnds(value[key] ?? null, rest);
  const names = Object.keys(value);
  return ` is no field; there are ${names.slice(0, namesShown).join(', ')}${names.length > namesShown ? ', …' : ''}`;
}

const itemsLookedAt = 50;
const namesShown = 30;

function keyOf(value: Readonly<Record<string, Json>>, wanted: string | undefined): string | undefined {
  if (wanted === undefined) return undefined;
  if (Object.hasOwn(value, wanted)) return wanted;
  return Object.keys(value).find((key) => key.toLowerCase() === wanted.toLowerCase());
}

// Array.isArray does not narrow readonly arrays by itself.
const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

function isRecord(value: Json): value is Readonly<Record<string, Json>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
