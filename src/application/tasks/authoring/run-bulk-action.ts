import { z } from 'zod';
import { bulkPlanNeeds } from '../../bulk/bulk-action.ts';
import { bulkActions, bulkPagesMax } from '../../bulk/bulk-order.ts';
import { bulkResult } from '../../bulk/bulk-receipt.ts';
import { type BulkPlan, orderOf, planBulk, stampOf } from '../../bulk/plan-bulk.ts';
import { defineTask, type Impact } from '../../define-task.ts';
import { jobOutcome, viewJobOutcome } from '../../items/job-outcome.ts';
import { commentCharactersMax } from '../../items/sign-comment.ts';
import { awaitStarted } from '../../items/wait-for-job.ts';
import { bulkActionJob } from '../../jobs/bulk-action.ts';
import { startJob } from '../../jobs/start-job.ts';
import { confirmParameter, itemParameter, targetParameter } from '../parameters.ts';

const failuresDefault = 10;
/** Deeper than any site is. */
const depthMax = 50;
const categories = z.array(z.string().trim().min(1).max(300)).max(20);

const input = z
  .object({
    action: z.enum(bulkActions).describe('To each'),
    items: z.array(itemParameter).min(1).max(bulkPagesMax).optional().describe('Pages'),
    under: itemParameter.optional().describe('Or all below'),
    depth: z.int().min(1).max(depthMax).optional().describe('Levels'),
    schema: z.string().trim().min(1).max(200).optional().describe('Only these'),
    to: itemParameter.optional().describe('New parent'),
    add: categories.optional().describe('Categories'),
    remove: categories.optional().describe('Categories'),
    targets: z.array(targetParameter).min(1).max(10).optional().describe('Publishing targets'),
    comment: z.string().max(commentCharactersMax).optional().describe('Why'),
    stop_after_failures: z.int().min(1).max(bulkPagesMax).default(failuresDefault).describe('Holds then'),
    confirm: confirmParameter,
  })
  .strict();
type Input = z.output<typeof input>;

/** One thing done to many pages, as one job. */
export const runBulkAction = defineTask({
  name: 'run_bulk_action',
  title: 'Bulk action',
  summary:
    'Move, tag, check in or publish up to 1,000 pages as one job: first answers a plan and a confirm token. The job can pause, holds at too many failures, gives one receipt. Sent again it plans what is left.',
  toolset: 'authoring',
  effect: 'destructive',
  idempotent: false,
  heedsFreeze: true,
  scopes: ['cms:read', 'cms:write'],
  scopesFor: (rawInput) => (publishing.safeParse(rawInput).success ? ['cms:publish'] : []),
  needs: [...bulkPlanNeeds, 'jobs', 'ids', 'digest'],
  input,
  output: z.object(jobOutcome).extend(bulkResult.partial().shape),
  publishesOutputSchema: false,

  async impact(given, ports, call): Promise<Impact> {
    const plan = await planOf(given, ports, call.signal);
    const { planner, open, unchanged, refused, estimatedMs } = plan;
    const total = open.length + unchanged.length + refused.length;
    return {
      summary: `${open.length} of ${total} pages: ${planner.words}. ${unchanged.length} stay as they are, ${refused.length} are refused and left out.`,
      facts: {
        does: planner.words,
        pages: total,
        open: open.length,
        unchanged: unchanged.length,
        refused: refused.length,
        reasons: countBy([...refused.map(({ code }) => code), ...unchanged.map(({ why }) => why)]),
        estimated_seconds: Math.ceil(estimatedMs / 1000),
        stop_after_failures: given.stop_after_failures,
        sample: open.slice(0, sampleMax).map(({ id, name }) => ({ id, name })),
        refused_sample: refused.slice(0, sampleMax),
      },
      warnings: await planner.warnings(open),
      fingerprint: ports.digest.sha256(stampOf(plan)),
    };
  },

  async execute(given, ports, call) {
    const plan = await planOf(given, ports, call.signal);
    const job = await startJob(bulkActionJob, orderOf(plan, given.stop_after_failures), ports, call);
    return viewJobOutcome(await awaitStarted(job, ports.jobs, call), bulkResult);
  },

  outcomeOf: (job) => viewJobOutcome(job, bulkResult),
});

const publishing = z.object({ action: z.literal('publish') });

/** Rows of a plan that a person looks at. */
const sampleMax = 20;

/** A plan reads each page: what was shown against the token is the very plan that the same call starts. */
const plans = new WeakMap<Input, Promise<BulkPlan>>();

function planOf(given: Input, ports: Parameters<typeof planBulk>[1], signal: AbortSignal): Promise<BulkPlan> {
  const known = plans.get(given);
  if (known !== undefined) return known;
  const plan = planBulk(given, ports, signal);
  plans.set(given, plan);
  return plan;
}

function countBy(words: readonly string[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return Object.fromEntries(counts);
}
