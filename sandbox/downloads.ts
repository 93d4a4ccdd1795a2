import { strToU8, zipSync } from 'fflate';
import { FileAnswer } from './route.ts';

/** Rows as a CSV file, every value in quotes. */
export function csvFile(name: string, rows: string[][]): FileAnswer {
  const line = (row: string[]) => `${row.map((value) => `"${value.replaceAll('"', '""')}"`).join(',')}\r\n`;
  return new FileAnswer('text/csv; charset=utf-8', rows.map(line).join(''), { downloadName: name });
}

/** Files as an archive, by their paths in it. */
export function zipFile(name: string, files: { path: string; text: string }[]): FileAnswer {
  const bytes = zipSync(Object.fromEntries(files.map(({ path, text }) => [path, strToU8(text)])));
  return new FileAnswer('application/zip', Buffer.from(bytes), { downloadName: name });
}
