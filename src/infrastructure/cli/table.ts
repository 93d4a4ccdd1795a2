/** Rows as text for people: one column for each property of the first row, as wide as its widest cell. */
export function printTable(rows: readonly Readonly<Record<string, string>>[]): string {
  const columns = Object.keys(rows[0] ?? {});
  const cells = [
    columns.map((column) => column.toUpperCase()),
    // A text of several lines would break the table.
    ...rows.map((row) => columns.map((column) => (row[column] ?? '').replaceAll(/\s*\n\s*/g, ' '))),
  ];
  const widths = columns.map((_, at) => Math.max(...cells.map((line) => line[at]?.length ?? 0)));
  return cells
    .map(
      (line) =>
        `${line
          .map((cell, at) => cell.padEnd(widths[at] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}
