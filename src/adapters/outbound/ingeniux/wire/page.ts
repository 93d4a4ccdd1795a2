import { z } from 'zod';
import { type Page, type PageRequest, pageSizeMax } from '../../../../domain/model/paging.ts';
import { count, listOf } from './values.ts';

/** `PaginatedModelOf…` of the contract. */
export const wirePage = <T extends z.ZodType>(entry: T) =>
  z.object({
    Results: listOf(entry),
    TotalResults: count,
    NextIndex: z.number().optional().catch(undefined),
  });

export interface WirePage<T> {
  readonly Results: readonly T[];
  readonly TotalResults: number;
  readonly NextIndex?: number | undefined;
}

/** A page of the wire as the domain's page. Pure. */
export function toPage<T>(wire: WirePage<T>, request: PageRequest): Page<T> {
  const nextIndex = nextIndexOf(wire, request.startIndex);
  return {
    items: wire.Results,
    total: wire.TotalResults,
    ...(nextIndex === undefined ? {} : { nextIndex }),
  };
}

/**
 * The CMS does not say how it marks the last page: -1, 0 and the total have been assumed (contract section 4). Counts
 * decide first; a next index that leads backwards or behind the end is the end as well.
 */
function nextIndexOf(wire: WirePage<unknown>, startIndex: number): number | undefined {
  const reached = startIndex + wire.Results.length;
  if (wire.Results.length === 0 || reached >= wire.TotalResults) return undefined;
  if (wire.NextIndex === undefined) return reached;
  return wire.NextIndex <= startIndex || wire.NextIndex >= wire.TotalResults ? undefined : wire.NextIndex;
}

export const emptyPage: Page<never> = { items: [], total: 0 };

const bounded = (request: PageRequest) => Math.max(1, Math.min(pageSizeMax, request.pageSize));

/** Paging arguments of operations whose parameters are plain ones. */
export const camelPaging = (request: PageRequest) => ({ startIndex: request.startIndex, pageSize: bounded(request) });

/** Paging arguments of operations that bind a request object. */
export const pascalPaging = (request: PageRequest) => ({ StartIndex: request.startIndex, PageSize: bounded(request) });

/** Enough for lists that people keep by hand: schemas, targets, users. */
const pagesMax = 50;

/** All items of a list, page by page. Bounded: what is longer is cut. */
export async function allItems<T>(fetch: (request: PageRequest) => Promise<Page<T>>): Promise<readonly T[]> {
  const items: T[] = [];
  let startIndex: number | undefined = 0;
  for (let pages = 0; startIndex !== undefined && pages < pagesMax; pages++) {
    const page: Page<T> = await fetch({ startIndex, pageSize: pageSizeMax });
    items.push(...page.items);
    startIndex = page.nextIndex;
  }
  return items;
}
