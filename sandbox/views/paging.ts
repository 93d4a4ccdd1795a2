import type { ApiCall } from '../route.ts';

/** The contract's page of a list. */
export type Paginated = { Results: unknown[]; TotalResults: number; PageSize: number; NextIndex: number };

/**
 * Cuts the page a call asks for. `StartIndex` is an offset of items; without a page size everything is returned.
 * Only the items of the page are mapped.
 */
export function paginated<T>(call: ApiCall, items: T[], toWire: (item: T) => unknown): Paginated {
  const start = Math.max(0, call.query.int('StartIndex') ?? 0);
  const wanted = call.query.int('PageSize') ?? 0;
  const size = wanted > 0 ? wanted : items.length;
  const results = items.slice(start, start + size);
  const next = start + results.length;
  const end = call.runtime.knobs.nextIndexEnd === 'total' ? items.length : -1;
  return {
    Results: results.map(toWire),
    TotalResults: items.length,
    PageSize: size,
    NextIndex: next < items.length ? next : end,
  };
}

/** The two spellings of the paging parameters in the contract. */
export const camelPaging = { startIndex: 'int=0', pageSize: 'int=50' } as const;
export const pascalPaging = { PageSize: 'int', StartIndex: 'int' } as const;

/** Sorts by a property of the wire model when the caller names one; `NONE` keeps the order. */
export function sortedBy<T>(items: T[], field: string, order: string, pick: (item: T, field: string) => unknown): T[] {
  if (field === '' || order === '' || order.toUpperCase() === 'NONE') return items;
  const direction = order.toUpperCase().startsWith('DESC') ? -1 : 1;
  const text = (item: T) => String(pick(item, field) ?? '');
  return items.toSorted((a, b) => direction * text(a).localeCompare(text(b), 'en', { numeric: true }));
}
