/** One page of a list. `nextIndex` is the zero-based offset of the next page and absent on the last one. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly total: number;
  readonly nextIndex?: number;
}

/** Which page is wanted: a zero-based item offset and a size of at most `pageSizeMax`. */
export interface PageRequest {
  readonly startIndex: number;
  readonly pageSize: number;
}

/** The contract asks for gentle clients: at most this many items in one CMS call (contract.md section 10). */
export const pageSizeMax = 100;
