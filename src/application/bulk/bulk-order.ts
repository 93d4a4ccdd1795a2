import { z } from 'zod';
import { commentCharactersMax } from '../items/sign-comment.ts';

export const bulkActions = ['move', 'categorize', 'check_in', 'publish'] as const;

/** As many as one plan can look at before its caller gives up, and as a job's input holds. */
export const bulkPagesMax = 1_000;

const comment = z.string().max(commentCharactersMax).optional();

/** What is done to each page, by ids: names were looked up when it was planned. */
export const bulkOrder = z.discriminatedUnion('action', [
  z.object({ action: z.literal('move'), toId: z.string() }),
  z.object({ action: z.literal('categorize'), addIds: z.array(z.string()), removeIds: z.array(z.string()) }),
  z.object({ action: z.literal('check_in'), targetIds: z.array(z.string()), comment }),
  z.object({ action: z.literal('publish'), targetId: z.string(), comment }),
]);
export type BulkOrder = z.output<typeof bulkOrder>;
export type OrderOf<A extends BulkOrder['action']> = Extract<BulkOrder, { action: A }>;

/** A page that was planned, with what the plan saw of it: what is otherwise by now is not touched. */
export const bulkPage = z.object({
  id: z.string(),
  /** Its parent. */
  from: z.string().optional(),
  version: z.int(),
});
export type BulkPage = z.output<typeof bulkPage>;

export const bulkInput = z.object({
  order: bulkOrder,
  /** The order in words, for people: `move below "News" (x5)`. */
  words: z.string().max(1_000),
  pages: z.array(bulkPage).min(1).max(bulkPagesMax),
  /** Pages that the plan found as wanted. */
  unchanged: z.int(),
  /** Pages that the plan found to be refused, and left out. */
  skipped: z.array(z.object({ code: z.string(), example: z.string(), ids: z.array(z.string()) })),
  stopAfterFailures: z.int().min(1),
});
export type BulkInput = z.output<typeof bulkInput>;

/** What became of one page. Plain JSON: it is kept with the job. */
export const bulkRow = z.object({
  id: z.string(),
  name: z.string().exactOptional(),
  outcome: z
    .enum(['done', 'unchanged', 'submitted', 'failed', 'skipped', 'untouched'])
    .describe(
      'unchanged: it was so; submitted: the CMS goes on with it; skipped: refused by the plan; untouched: not tried',
    ),
  from: z.string().exactOptional().describe('move: the former parent'),
  version: z.int().exactOptional().describe('The newest version then'),
  code: z.string().exactOptional(),
  message: z.string().exactOptional(),
});
export type BulkRow = z.infer<typeof bulkRow>;
