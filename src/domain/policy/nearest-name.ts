/** The known name that a misspelt one most likely means; none when all are too far away. Pure. */
export function nearestName(wanted: string, known: readonly string[]): string | undefined {
  const target = wanted.toLowerCase();
  const ranked = known
    .map((name) => ({ name, distance: distanceBetween(target, name.toLowerCase()) }))
    .toSorted((one, other) => one.distance - other.distance);
  const [best] = ranked;
  if (best === undefined) return undefined;
  const isNear = best.distance <= Math.max(2, Math.floor(target.length / 3));
  // A part of a longer name is what one remembers of it.
  return isNear ? best.name : known.find((name) => target.length >= partMin && name.toLowerCase().includes(target));
}

const partMin = 3;
const lengthMax = 120;

/** Levenshtein distance, on names cut to a length that keeps it cheap. */
function distanceBetween(one: string, other: string): number {
  const [a, b] = [one.slice(0, lengthMax), other.slice(0, lengthMax)];
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
