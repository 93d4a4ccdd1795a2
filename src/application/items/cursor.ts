import { DomainError } from '../../domain/errors.ts';

/** A cursor is opaque to callers: the offset of the next page, bound to the query that it continues. */
export function encodeCursor(startIndex: number, queryDigest: string): string {
  return `${startIndex.toString(36)}.${queryDigest.slice(0, 12)}`;
}

/** @throws DomainError BAD_INPUT for a cursor of another query or of no query at all. */
export function decodeCursor(cursor: string | undefined, queryDigest: string): number {
  if (cursor === undefined) return 0;
  const [start = '', digest = ''] = cursor.split('.');
  const startIndex = /^[0-9a-z]{1,8}$/.test(start) ? Number.parseInt(start, 36) : Number.NaN;
  if (Number.isNaN(startIndex) || digest !== queryDigest.slice(0, 12)) {
    throw strangeCursor();
  }
  return startIndex;
}

/** The refusal of a cursor that was made up, or given for another query or to another user: nobody is told which. */
export function strangeCursor(): DomainError {
  return new DomainError(
    'BAD_INPUT',
    'The cursor does not belong to this query. Leave it out to start from the beginning.',
  );
}
