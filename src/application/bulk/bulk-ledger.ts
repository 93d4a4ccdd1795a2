import type { Json } from '../../domain/model/job.ts';
import type { Clock } from '../../domain/ports/system.ts';
import type { Work } from '../define-job.ts';
import type { RowHearer } from './bulk-action.ts';
import type { BulkInput, BulkRow } from './bulk-order.ts';
import { type BulkResult, makeReceipt } from './bulk-receipt.ts';

/** What is known of the pages of a run, and tells it: how far, how many failed, when it will end. */
export interface BulkLedger extends RowHearer {
  readonly failed: number;
  /** Rows that a former run has kept: they say nothing about how fast this one is. */
  recall(rows: readonly BulkRow[]): void;
  receipt(stopped?: string): BulkResult;
  /** Keeps with the job all that is known, for a run that ends before the last page. */
  keep(): Promise<void>;
}

export function createLedger(input: BulkInput, run: Work, clock: Clock): BulkLedger {
  const rows = new Map<string, BulkRow>();
  const startMs = clock.nowMs();
  let toldMs = Number.NEGATIVE_INFINITY;
  let fresh = 0;

  const estimatedEndAt = (): string | undefined => {
    const left = input.pages.length - rows.size;
    if (fresh < enoughToEstimate || left === 0) return undefined;
    const nowMs = clock.nowMs();
    return new Date(nowMs + (left * (nowMs - startMs)) / fresh).toISOString();
  };
  const tell = async (isWhole: boolean): Promise<void> => {
    const end = isWhole ? undefined : estimatedEndAt();
    const soFar = makeReceipt(input, rows, { isWhole, estimatedEndAt: end });
    const percent = Math.floor((100 * rows.size) / input.pages.length);
    const message = `${input.words}: ${soFar.summary}${end === undefined ? '' : ` Ends about ${end}.`}`;
    // A receipt is plain JSON by its schema.
    await run.progress({ percent, message, soFar: JSON.parse(JSON.stringify(soFar)) as Json });
  };

  return {
    get failed() {
      return [...rows.values()].filter(({ outcome }) => outcome === 'failed').length;
    },
    recall(kept) {
      for (const row of kept) rows.set(row.id, row);
    },
    async row(row) {
      if (!rows.has(row.id)) fresh += 1;
      rows.set(row.id, row);
      const nowMs = clock.nowMs();
      if (nowMs - toldMs < tellEveryMs) return;
      toldMs = nowMs;
      await tell(false);
    },
    receipt: (stopped) => makeReceipt(input, rows, { isWhole: true, stopped }),
    keep: () => tell(true),
  };
}

/** Nobody looks more often, and each time is a write and a message to every process, in milliseconds. */
const tellEveryMs = 1_000;

/** Fewer pages say too little about the rest. */
const enoughToEstimate = 3;
