import type { AuditEvent, AuditFilter, AuditRecord } from '../model/audit-event.ts';

/**
 * Who did what, on whose behalf, and who was refused.
 *
 * Laws:
 * - Append-only: nothing is ever changed or removed, and there is no call that could.
 * - Each record carries the hash of the one before and its own, made as `chainRecord` of audit-chain.ts makes it.
 * - `append` is durable when it answers. When it throws, the event is not told to be there; it may be.
 * - Appends from several processes at the same time make one chain without gaps.
 * - `list` is newest first. One call looks at `auditScanMax` records at most; `nextBefore` is there while older ones are
 *   left, also on a page with few records or none. A record that was made unreadable is left out: `verify` names it.
 * - `verify` reads the whole chain and answers that it is unbroken, or the first sequence number that is not what was
 *   appended: changed, removed, put in, or cut off at the end. Whoever can write to the store can also write the whole
 *   chain anew; against that the answered head is kept elsewhere and compared.
 */
export interface AuditLog {
  append(event: AuditEvent): Promise<AuditRecord>;
  list(query: AuditQuery): Promise<AuditPage>;
  verify(): Promise<AuditVerdict>;
  close(): Promise<void>;
}

export interface AuditQuery {
  readonly filter: AuditFilter;
  /** Only records with a smaller sequence number: `nextBefore` of the page before. */
  readonly before?: number;
  readonly limit: number;
}

export interface AuditPage {
  readonly records: readonly AuditRecord[];
  readonly nextBefore?: number;
}

/** The last record of a chain. */
export interface AuditHead {
  readonly sequence: number;
  readonly hash: string;
}

export type AuditVerdict =
  /** Without `head` the log is empty. */
  { readonly ok: true; readonly head?: AuditHead } | { readonly ok: false; readonly brokenSequence: number };

/** How many records one `list` looks at. */
export const auditScanMax = 10_000;
