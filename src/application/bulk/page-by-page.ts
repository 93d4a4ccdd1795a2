import type { ContentItem } from '../../domain/model/content-item.ts';
import { refusalOfItem } from '../items/refusal-of-item.ts';
import { refuseFreeze } from '../items/refuse-freeze.ts';
import type { BulkActor, BulkRun } from './bulk-action.ts';
import type { BulkPage, BulkRow } from './bulk-order.ts';

/**
 * An action on one page, in two halves: so that whoever comes after a lost worker, or a lost answer, looks before it acts.
 * The calls of an act may be repeated without harm: what the driver cannot know is looked at by the next run.
 */
export interface PageAct {
  /**
   * Reads the page and says whether it is as wanted already; of a page that is not, whether it may still be acted on.
   *
   * @throws DomainError what refuses the page now, VERSION_CONFLICT when it is not as it was planned.
   */
  look(page: BulkPage): Promise<{ readonly item: ContentItem; readonly row?: BulkRow }>;
  act(item: ContentItem, page: BulkPage): Promise<BulkRow>;
}

/** Does one page after the other, each a step of its own. */
export function pageByPage(pageAct: PageAct, { ports, run }: BulkRun): BulkActor {
  const onePage = async (page: BulkPage): Promise<BulkRow> => {
    await refuseFreeze(ports);
    const { item, row } = await pageAct.look(page);
    return row ?? pageAct.act(item, page);
  };
  return {
    chunkMax,
    async act(pages, hears) {
      const rows: BulkRow[] = [];
      for (const page of pages) {
        const row = await run.step(`page:${page.id}`, async () => {
          // Within the step: what a former run has done is known before this one may stop.
          await run.safePoint();
          try {
            return await onePage(page);
          } catch (thrown) {
            // A refusal is the outcome of this page; everything else is for the whole job to judge.
            const refusal = refusalOfItem(thrown, run.signal);
            if (refusal === undefined) throw thrown;
            const failed: BulkRow = { id: page.id, outcome: 'failed', code: refusal.code, message: refusal.message };
            return failed;
          }
        });
        rows.push(row);
        await hears.row(row);
      }
      return rows;
    },
  };
}

/** What a run that comes later reads as one step. */
const chunkMax = 50;
