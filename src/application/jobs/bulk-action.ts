import { DomainError, type ErrorCode, toDomainError } from '../../domain/errors.ts';
import { GaveWay } from '../../domain/policy/job-retry.ts';
import { type BulkActor, bulkRunNeeds } from '../bulk/bulk-action.ts';
import { prepareBulk } from '../bulk/bulk-actions.ts';
import { type BulkLedger, createLedger } from '../bulk/bulk-ledger.ts';
import { type BulkInput, bulkInput } from '../bulk/bulk-order.ts';
import { bulkResult, reasonsOf } from '../bulk/bulk-receipt.ts';
import { defineJob, type Work } from '../define-job.ts';
import { publishingLane } from './publish-content.ts';

/**
 * Does one thing to many pages, one after the other, by what the single tools do. Each page is a step, and a chunk of
 * them is one more, so that a run that comes later reads few. Bulk jobs run one at a time, whoever started them, and give
 * way: neither the places of the fleet nor the CMS are theirs alone.
 */
export const bulkActionJob = defineJob({
  kind: 'bulk_action',
  queue: 'cms-writes',
  // With the doubled waits that is more than four minutes of an unreachable CMS.
  attemptsMax: 8,
  backoffMs: 2_000,
  needs: bulkRunNeeds,
  lanes: ({ order }) => ['bulk', ...(order.action === 'publish' ? [publishingLane(order.targetId)] : [])],
  input: bulkInput,
  output: bulkResult,

  async execute(input, ports, run, call) {
    const ledger = createLedger(input, run, ports.clock);
    try {
      const actor = await prepareBulk(input.order, { ports, run, call });
      const stopped = await workThrough(input, actor, ledger, run);
      const receipt = ledger.receipt(stopped);
      await run.progress({ percent: 100, message: `${input.words}: ${receipt.summary}` });
      return receipt;
    } catch (thrown) {
      // What gave way goes on at once; whoever looks at any other end finds each page in it.
      if (!(thrown instanceof GaveWay)) await keepQuietly(ledger);
      throw thrown;
    }
  },
});

/** @returns why it stopped before the last page. */
async function workThrough(
  { pages, stopAfterFailures }: BulkInput,
  actor: BulkActor,
  ledger: BulkLedger,
  run: Work,
): Promise<string | undefined> {
  let failuresMax = stopAfterFailures;
  let holds = 0;
  for (let next = 0; next < pages.length; ) {
    // Never more pages than may still fail, so that it stops at the very failure that is one too many.
    const size = Math.min(actor.chunkMax, failuresMax - ledger.failed);
    const at = next;
    try {
      const rows = await run.step(`chunk:${at}`, () => actor.act(pages.slice(at, at + size), ledger));
      ledger.recall(rows);
      // What a former run has kept as this chunk may have been of another size.
      next += rows.length;
      holds = 0;
    } catch (thrown) {
      // A freeze and a lockdown stop everything until somebody says that it may go on; all else is for the queue to judge.
      const error = toDomainError(thrown);
      if (stopsAll[error.code] === undefined) throw thrown;
      holds += 1;
      // Its own words say that nothing was changed, which is true of the next page alone.
      const why = `${stopsAll[error.code]} It holds before the next page. Go on when that is over.`;
      if (await givesUp(`hold:${at}:${holds}`, why, '', ledger, run)) return why;
      continue;
    }
    if (ledger.failed < failuresMax || next >= pages.length) continue;
    const why = `It stopped after ${ledger.failed} failures: ${failuresInWords(ledger)}`;
    const then = `Those that failed are not tried again, and it holds anew after ${stopAfterFailures} more.`;
    if (await givesUp(`failures:${ledger.failed}`, why, then, ledger, run)) return why;
    failuresMax = ledger.failed + stopAfterFailures;
  }
  return undefined;
}

const stopsAll: Readonly<Partial<Record<ErrorCode, string>>> = {
  CONTENT_FREEZE: 'The CMS is in a content freeze.',
  LOCKED_DOWN: 'The operator has made this server read-only for everyone.',
};

/** Holds the job with the reason until somebody decides. */
async function givesUp(name: string, why: string, then: string, ledger: BulkLedger, run: Work): Promise<boolean> {
  const { summary, untouched } = ledger.receipt();
  const question = {
    message: `${why} ${summary} Go on with the ${untouched} untouched? ${then}`.trimEnd(),
    fields: { decision: { kind: 'choice' as const, title: 'What now?', options: ['go_on', 'give_up'] } },
  };
  const { [name]: answer } = await run.ask({ [name]: question });
  return answer?.accepted !== true || answer.values['decision'] !== 'go_on';
}

/** The reasons, with an example of the most frequent one. */
function failuresInWords(ledger: BulkLedger): string {
  const reasons = reasonsOf(ledger.receipt().items);
  const codes = reasons.map(({ code, pages }) => `${pages} ${code}`).join(', ');
  return `${codes}, such as: ${reasons[0]?.example ?? 'no reason given.'}`;
}

async function keepQuietly(ledger: BulkLedger): Promise<void> {
  try {
    await ledger.keep();
  } catch (thrown) {
    // A run that has lost its job may not tell of it any more; what ended the run is what counts.
    if (!(thrown instanceof DomainError)) throw thrown;
  }
}
