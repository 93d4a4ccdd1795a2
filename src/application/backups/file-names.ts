/**
 * The files beside each other in the place of backups. Their names begin with what they are and the time (UTC), so that
 * a list tells the rest: it is in the order of time, and nothing has to be opened.
 */
export const filePrefixes = {
  backup: 'backup-',
  /** What was revoked since: known here also when the installation is gone. */
  revocations: 'revoked-',
  /** That a restore was tried and went well. */
  recoveryTest: 'recovery-test-',
} as const;

export type FileKind = keyof typeof filePrefixes;

/** `distinction` keeps files of the same millisecond apart. */
export function fileNameOf(kind: FileKind, atMs: number, distinction: string): string {
  const time = new Date(atMs).toISOString().replace(/[-:.]/g, '').toLowerCase();
  return `${filePrefixes[kind]}${time}-${distinction.toLowerCase().replace(/[^a-z0-9]/g, '')}.igxb`;
}

/** Milliseconds since 1970; `undefined` for a name of another kind. */
export function timeOfFile(kind: FileKind, name: string): number | undefined {
  const text = name.startsWith(filePrefixes[kind]) ? name.slice(filePrefixes[kind].length) : '';
  const [, year, month, day, hour, minute, second, ms] =
    /^(\d{4})(\d\d)(\d\d)t(\d\d)(\d\d)(\d\d)(\d{3})z-/.exec(text) ?? [];
  if (ms === undefined) return undefined;
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`);
}
