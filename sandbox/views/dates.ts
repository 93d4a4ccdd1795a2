/** .NET's default value of a date, which stands for "never". */
export const NEVER = '0001-01-01T00:00:00';

/** `20131207T00:07:46`, the form in which the CMS prints dates that are declared as plain text (contract §8). */
export function compactDate(iso: string): string {
  return iso.slice(0, 19).replaceAll('-', '');
}
