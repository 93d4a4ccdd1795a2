import { z } from 'zod';
import { bulkActionTable } from './bulk-actions.ts';
import { type BulkInput, type BulkRow, bulkActions, bulkRow } from './bulk-order.ts';

const reason = z.object({
  code: z.string(),
  pages: z.int(),
  example: z.string().optional(),
});

/** What a bulk job came to: at its end, and while it goes on. */
export const bulkResult = z.object({
  action: z.enum(bulkActions),
  does: z.string().describe('To each page'),
  summary: z.string(),
  total: z.int(),
  done: z.int(),
  unchanged: z.int(),
  submitted: z.int().optional(),
  failed: z.int(),
  skipped: z.int(),
  untouched: z.int(),
  estimated_end_at: z.string().optional(),
  stopped: z.string().optional().describe('Why it ended before the last page'),
  reasons: z.array(reason).describe('Of what failed or was skipped'),
  undo: z.enum(['possible', 'partial', 'no']),
  undo_hint: z.string().optional(),
  hint: z.string().optional().describe('How to go on with what is left'),
  items: z.array(bulkRow).describe('Failures first; while it goes on, those alone'),
});
export type BulkResult = z.infer<typeof bulkResult>;

/** The receipt of what is known of the pages of a job, by their ids. */
export function makeReceipt(
  input: BulkInput,
  rows: ReadonlyMap<string, BulkRow>,
  extra: {
    readonly stopped?: string | undefined;
    readonly estimatedEndAt?: string | undefined;
    readonly isWhole: boolean;
  },
): BulkResult {
  const { order, words, pages, skipped } = input;
  const known = [...rows.values()];
  const count = (outcome: BulkRow['outcome']) => known.filter((row) => row.outcome === outcome).length;
  const skippedCount = skipped.reduce((sum, { ids }) => sum + ids.length, 0);
  const total = pages.length + input.unchanged + skippedCount;
  const counts = {
    done: count('done'),
    unchanged: count('unchanged') + input.unchanged,
    submitted: count('submitted'),
    failed: count('failed'),
    skipped: skippedCount,
    untouched: pages.length - known.length,
  };
  const { submitted, ...always } = counts;
  return {
    action: order.action,
    does: words,
    summary: `${summaryOf(counts, total)}${extra.stopped === undefined ? '' : ` ${extra.stopped}`}`,
    total,
    ...always,
    ...(submitted === 0 ? {} : { submitted }),
    ...(extra.estimatedEndAt === undefined ? {} : { estimated_end_at: extra.estimatedEndAt }),
    ...(extra.stopped === undefined ? {} : { stopped: extra.stopped }),
    reasons: [...reasonsOf(known), ...skipped.map(({ code, ids, example }) => ({ code, pages: ids.length, example }))],
    ...(counts.done + submitted === 0 ? { undo: 'possible' as const } : bulkActionTable[order.action].undo),
    ...(extra.isWhole && counts.failed + counts.skipped + counts.untouched > 0 ? { hint: restHint(order.action) } : {}),
    items: extra.isWhole
      ? [...failuresFirst(known), ...skippedRows(input), ...untouchedRows(input, rows)]
      : failuresFirst(known)
          .filter(({ outcome }) => outcome === 'failed')
          .slice(0, shownMeanwhileMax),
  };
}

/** One job tries a page once: what failed is for the next one. */
function restHint(action: BulkInput['order']['action']): string {
  const { againHint } = bulkActionTable[action];
  const again =
    'Pages that failed are not tried again by this job. When it has ended, mend what "reasons" tells and send the same run_bulk_action again, without "confirm": it plans what is left.';
  return againHint === undefined ? again : `${again} ${againHint}`;
}

/** What is told every second: enough to see what goes wrong. */
const shownMeanwhileMax = 20;

/** Codes of what failed, the most frequent first. */
export function reasonsOf(rows: readonly BulkRow[]): z.infer<typeof reason>[] {
  const byCode = new Map<string, BulkRow[]>();
  for (const row of rows) {
    if (row.outcome !== 'failed') continue;
    const code = row.code ?? 'INTERNAL';
    byCode.set(code, [...(byCode.get(code) ?? []), row]);
  }
  return [...byCode]
    .toSorted(([, one], [, other]) => other.length - one.length)
    .map(([code, same]) => {
      const example = same[0]?.message;
      return { code, pages: same.length, ...(example === undefined ? {} : { example }) };
    });
}

function summaryOf(counts: Readonly<Record<string, number>>, total: number): string {
  const { done = 0, ...others } = counts;
  const rest = Object.entries(others)
    .filter(([, pages]) => pages > 0)
    .map(([outcome, pages]) => `, ${pages} ${outcome}`);
  return `${done} of ${total} done${rest.join('')}.`;
}

const urgency: readonly BulkRow['outcome'][] = ['failed', 'submitted', 'done', 'unchanged', 'skipped', 'untouched'];

function failuresFirst(rows: readonly BulkRow[]): BulkRow[] {
  return rows.toSorted((one, other) => urgency.indexOf(one.outcome) - urgency.indexOf(other.outcome));
}

function skippedRows({ skipped }: BulkInput): BulkRow[] {
  return skipped.flatMap(({ code, ids }) => ids.map((id) => ({ id, outcome: 'skipped' as const, code })));
}

function untouchedRows({ pages }: BulkInput, rows: ReadonlyMap<string, BulkRow>): BulkRow[] {
  return pages.filter(({ id }) => !rows.has(id)).map(({ id }) => ({ id, outcome: 'untouched' as const }));
}
