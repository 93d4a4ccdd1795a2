import { DomainError } from '../../domain/errors.ts';
import type { ContentItem } from '../../domain/model/content-item.ts';
import { gently } from '../items/gently.ts';
import { itemContexts } from '../items/item-calls.ts';
import { refusalOfItem } from '../items/refusal-of-item.ts';
import { contextOf } from '../items/write-guard.ts';
import type { BulkPlanner, GivenOrder, PlanPorts } from './bulk-action.ts';
import { bulkActionTable } from './bulk-actions.ts';
import type { BulkInput, BulkOrder } from './bulk-order.ts';
import { choosePages, type PageSelection } from './choose-pages.ts';

export interface BulkRequest extends PageSelection, GivenOrder {
  readonly action: BulkOrder['action'];
}

/** What would be done to the pages of a selection, page by page. */
export interface BulkPlan {
  readonly planner: BulkPlanner;
  readonly open: readonly ContentItem[];
  readonly unchanged: readonly { readonly item: ContentItem; readonly why: string }[];
  readonly refused: readonly Refused[];
  /** Milliseconds for all open pages, by how fast the CMS answered just now. */
  readonly estimatedMs: number;
}

export interface Refused {
  readonly id: string;
  readonly name?: string;
  readonly code: string;
  readonly message: string;
}

/**
 * Looks at every page that is chosen and says what would become of it. Changes nothing.
 *
 * @throws DomainError what refuses the whole: BAD_INPUT, NOT_FOUND, AMBIGUOUS, TOO_LARGE; CONFLICT when nothing is to do.
 */
export async function planBulk(request: BulkRequest, ports: PlanPorts, signal: AbortSignal): Promise<BulkPlan> {
  refuseForeignArguments(request);
  const action = bulkActionTable[request.action];
  const planner = await action.plan(request, ports);
  const { pages, missing } = await choosePages(request, ports);
  const contexts = await itemContexts(
    pages.map(({ id }) => id),
    ports,
  );
  const chosen = new Map(pages.map((item) => [item.id, item]));
  const open: ContentItem[] = [];
  const unchanged: { item: ContentItem; why: string }[] = [];
  const refused: Refused[] = missing.map((text) => ({
    id: text,
    code: 'NOT_FOUND',
    message: `No page "${text}" is visible to this user.`,
  }));
  const judged = await gently(pages, async (item) => {
    try {
      return { why: await planner.judge(item, contexts.get(item.id) ?? (await contextOf(item.id, ports))) };
    } catch (thrown) {
      // A refusal is a fact about this page; everything else ends the plan.
      const refusal = refusalOfItem(thrown, signal);
      if (refusal === undefined) throw thrown;
      return { refusal };
    }
  });
  for (const [index, item] of pages.entries()) {
    const { why, refusal } = judged[index] ?? {};
    if (refusal !== undefined) {
      refused.push({ id: item.id, name: item.name, code: refusal.code, message: refusal.message });
    } else if (why !== undefined) unchanged.push({ item, why });
    else if (request.action === 'move' && hasChosenAbove(item, chosen)) {
      unchanged.push({ item, why: 'It moves along with a page above it.' });
    } else open.push(item);
  }
  if (open.length === 0) throw nothingToDo(planner, unchanged.length, refused);
  const estimatedMs = (await estimate(action.callsPerPage, open, ports)) + (planner.waitMs ?? 0) * open.length;
  return { planner, open, unchanged, refused, estimatedMs };
}

/** What the job of a plan is given. */
export function orderOf({ planner, open, unchanged, refused }: BulkPlan, stopAfterFailures: number): BulkInput {
  const byCode = new Map<string, Refused[]>();
  for (const one of refused) byCode.set(one.code, [...(byCode.get(one.code) ?? []), one]);
  return {
    order: planner.order,
    words: planner.words.slice(0, wordsMax),
    pages: open.map(({ id, parentId, version }) => ({
      id,
      version,
      ...(parentId === undefined ? {} : { from: parentId }),
    })),
    unchanged: unchanged.length,
    skipped: [...byCode].map(([code, same]) => ({
      code,
      example: same[0]?.message ?? '',
      ids: same.map(({ id }) => id),
    })),
    stopAfterFailures,
  };
}

const wordsMax = 500;

/** Changes whenever another page would be touched, or one of them otherwise. */
export function stampOf({ planner, open, unchanged, refused }: BulkPlan): string {
  return JSON.stringify([
    planner.order,
    open.map((item) => [item.id, ...planner.stamp(item)]),
    unchanged.map(({ item }) => item.id),
    refused.map(({ id, code }) => [id, code]),
  ]);
}

/** An argument that the action does not take is a misunderstanding, and with this many pages no small one. */
function refuseForeignArguments(request: BulkRequest): void {
  const { takes } = bulkActionTable[request.action];
  const names = Object.values(bulkActionTable).flatMap((action) => action.takes);
  const foreign = [...new Set(names)].filter((name) => !takes.includes(name) && request[name] !== undefined);
  if (foreign.length === 0) return;
  throw new DomainError(
    'BAD_INPUT',
    `The action ${request.action} takes ${takes.join(', ')}, not ${foreign.join(', ')}. Nothing was changed.`,
  );
}

function hasChosenAbove(item: ContentItem, chosen: ReadonlyMap<string, ContentItem>): boolean {
  return item.parentId !== undefined && chosen.has(item.parentId);
}

function nothingToDo(planner: BulkPlanner, unchanged: number, refused: readonly Refused[]): DomainError {
  const reasons = [...new Set(refused.map(({ code }) => code))].join(', ');
  return new DomainError(
    'CONFLICT',
    unchanged + refused.length === 0
      ? 'The selection holds no page. Nothing was changed; widen "under", "depth" or "schema".'
      : `There is nothing to do (${planner.words}): of ${unchanged + refused.length} pages ${unchanged} are so already${refused.length === 0 ? '.' : `, and ${refused.length} are refused (${reasons}), such as: ${refused[0]?.message}`} Nothing was changed.`,
    {
      details: { unchanged, refused: refused.slice(0, refusedShownMax) },
    },
  );
}

const refusedShownMax = 20;

async function estimate(callsPerPage: number, open: readonly ContentItem[], { pages, clock }: PlanPorts) {
  const first = open[0];
  if (first === undefined) return 0;
  const startMs = clock.nowMs();
  await pages.get(first.id);
  return Math.max(1, clock.nowMs() - startMs) * callsPerPage * open.length;
}
