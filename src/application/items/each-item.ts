import { DomainError, type ErrorCode, toDomainError } from '../../domain/errors.ts';
import type { ContentItem } from '../../domain/model/content-item.ts';

/** How one item of several fared. */
export type ItemOutcome<T> =
  | { readonly item: ContentItem; readonly done: true; readonly value: T }
  | { readonly item: ContentItem; readonly done: false; readonly error: DomainError };

/**
 * Acts on items one after the other. A refusal of one item does not stop the others; an error that would meet every
 * item alike, or that leaves doubt, stops: the items behind it are answered as not tried.
 *
 * @throws the first error when no item was done: then nothing was changed, or the error itself says what may have been.
 */
export async function eachItem<T>(
  items: readonly ContentItem[],
  act: (item: ContentItem, index: number) => Promise<T>,
): Promise<readonly ItemOutcome<T>[]> {
  const outcomes: ItemOutcome<T>[] = [];
  let stopped: DomainError | undefined;
  for (const [index, item] of items.entries()) {
    if (stopped !== undefined) {
      outcomes.push({ item, done: false, error: notTried(stopped) });
      continue;
    }
    try {
      outcomes.push({ item, done: true, value: await act(item, index) });
    } catch (thrown) {
      // Each item has its own outcome; what none of them could survive ends the row.
      const error = toDomainError(thrown);
      if (error.code === 'INTERNAL') throw thrown;
      outcomes.push({ item, done: false, error });
      if (!concernsOneItem.includes(error.code)) stopped = error;
    }
  }
  const failure = outcomes.find((outcome) => !outcome.done);
  if (failure !== undefined && !failure.done && outcomes.every((outcome) => !outcome.done)) throw failure.error;
  return outcomes;
}

/** Refusals that say nothing about the next item. */
const concernsOneItem: readonly ErrorCode[] = [
  'NOT_FOUND',
  'CONFLICT',
  'VERSION_CONFLICT',
  'LOCKED',
  'REQUIRED_FIELD',
  'FORBIDDEN',
  'BAD_INPUT',
  'CMS_REFUSED',
  'CAPABILITY_MISSING',
  'WRITE_UNVERIFIED',
];

function notTried(cause: DomainError): DomainError {
  return new DomainError(cause.code, `Not tried, because an item before it met: ${cause.message}`, { cause });
}
