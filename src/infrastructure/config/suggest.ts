/** A known name that an unknown one resembles. */
export interface Suggestion {
  readonly name: string;
  /** True when the two differ in a way that hardly happens by chance; other programs have variables, too. */
  readonly isSure: boolean;
}

/** The known name that was probably meant by an unknown one, `undefined` where none is near. */
export function suggest(unknown: string, known: readonly string[]): Suggestion | undefined {
  const wanted = squash(unknown);
  let best: { readonly name: string; readonly distance: number } | undefined;
  for (const name of known) {
    const target = squash(name);
    if (target.length < FUZZY_CHARS_MIN || Math.abs(target.length - wanted.length) > 2) continue;
    const distance = editDistance(wanted, target);
    const allowed = target.length < LONG_NAME_CHARS ? 1 : 2;
    if (distance <= allowed && distance < (best?.distance ?? allowed + 1)) best = { name, distance };
  }
  if (best === undefined) return undefined;
  return {
    name: best.name,
    isSure: sortedLetters(unknown) === sortedLetters(best.name) || shortWords(unknown) === shortWords(best.name),
  };
}

/** PORT and HOST are too short: many words of other programs are one letter away. */
const FUZZY_CHARS_MIN = 6;
const LONG_NAME_CHARS = 10;
const SHORT_WORD_CHARS_MAX = 3;

function squash(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9]/g, '').toUpperCase();
}

/** The same letters in another order were swapped by the fingers. */
function sortedLetters(name: string): string {
  return [...squash(name)].sort().join('');
}

/** In words as short as API and URL one other letter makes another word; only equal ones count as the same name. */
function shortWords(name: string): string {
  return name
    .split('_')
    .filter((word) => word.length <= SHORT_WORD_CHARS_MAX)
    .join('_');
}

/** Insertions, deletions, replacements and swaps of neighbours between two words (optimal string alignment). */
function editDistance(one: string, other: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const same = one[row - 1] === other[column - 1];
      const swapped = row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      current[column] = Math.min(
        at(last, column) + 1,
        at(current, column - 1) + 1,
        at(last, column - 1) + (same ? 0 : 1),
        swapped ? at(beforeLast, column - 2) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    beforeLast = last;
    last = current;
  }
  return at(last, other.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
