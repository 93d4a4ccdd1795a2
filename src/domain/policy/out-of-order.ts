/**
 * Which of `wanted` have to move so that they stand in that order, when they stand as in `now`: all but the longest
 * row of those that are in order already. Pure.
 */
export function outOfOrder(wanted: readonly string[], now: readonly string[]): ReadonlySet<string> {
  const places = new Map(now.map((id, place) => [id, place]));
  const common = wanted.filter((id) => places.has(id));
  /** The longest row in order that ends with each one, by its length and the one before. */
  const rows: { readonly id: string; readonly length: number; readonly before: number }[] = [];
  for (const id of common) {
    let before = -1;
    for (const [index, row] of rows.entries()) {
      const isLonger = row.length > (rows[before]?.length ?? 0);
      if (isLonger && (places.get(row.id) ?? 0) < (places.get(id) ?? 0)) before = index;
    }
    rows.push({ id, length: (rows[before]?.length ?? 0) + 1, before });
  }
  const stays = new Set<string>();
  let at = rows.reduce((best, row, index) => (row.length > (rows[best]?.length ?? 0) ? index : best), -1);
  for (let row = rows[at]; row !== undefined; row = rows[at]) {
    stays.add(row.id);
    at = row.before;
  }
  return new Set(common.filter((id) => !stays.has(id)));
}
