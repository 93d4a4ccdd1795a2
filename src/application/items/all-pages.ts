import type { Page, PageRequest } from '../../domain/model/paging.ts';
import { pageSizeMax } from '../../domain/model/paging.ts';

/** A bound on every list that is read whole: ten pages of the largest size. */
const itemsMax = 10 * pageSizeMax;

/** Reads a list to its end, or to the first thousand entries. */
export async function allPages<T>(read: (page: PageRequest) => Promise<Page<T>>): Promise<readonly T[]> {
  return allOf(read, itemsMax);
}

/** Reads a list to its end, or until it has `countMax` entries: for those who bound the whole themselves. */
export async function allOf<T>(
  read: (page: PageRequest) => Promise<Page<T>>,
  countMax: number = Number.POSITIVE_INFINITY,
): Promise<readonly T[]> {
  const items: T[] = [];
  let startIndex: number | undefined = 0;
  while (startIndex !== undefined && items.length < countMax) {
    const page: Page<T> = await read({ startIndex, pageSize: pageSizeMax });
    items.push(...page.items);
    startIndex = page.items.length === 0 ? undefined : page.nextIndex;
  }
  return items;
}
