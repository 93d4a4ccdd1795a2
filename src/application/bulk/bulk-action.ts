import type { ContentItem, ItemContext } from '../../domain/model/content-item.ts';
import type { Ports } from '../../domain/ports/index.ts';
import type { Call } from '../call.ts';
import type { Work } from '../define-job.ts';
import type { BulkOrder, BulkPage, BulkRow, OrderOf } from './bulk-order.ts';

/** What planning a bulk action needs of the world, and what doing it needs. */
export const bulkPlanNeeds = [
  'pages',
  'assets',
  'search',
  'publishing',
  'workflow',
  'taxonomy',
  'schemas',
  'clock',
] as const;
export type PlanPorts = Pick<Ports, (typeof bulkPlanNeeds)[number]>;
export const bulkRunNeeds = [
  'pages',
  'assets',
  'publishing',
  'workflow',
  'taxonomy',
  'site',
  'health',
  'publicSite',
  'clock',
] as const;
export type RunPorts = Pick<Ports, (typeof bulkRunNeeds)[number]>;

/** What the caller said beside the pages; which of it an action takes is its own to say. */
export interface GivenOrder {
  readonly to?: string | undefined;
  readonly add?: readonly string[] | undefined;
  readonly remove?: readonly string[] | undefined;
  readonly targets?: readonly string[] | undefined;
  readonly comment?: string | undefined;
}

/** How an action looks at pages before anybody has agreed to it. */
export interface BulkPlanner {
  readonly order: BulkOrder;
  /** `move below "News" (x5)`. */
  readonly words: string;
  /** What a page waits for beside the calls about it, in milliseconds. */
  readonly waitMs?: number;
  /**
   * Whether there is anything to do to a page, read just now.
   *
   * @returns why nothing is, or `undefined` when it is to be done.
   * @throws DomainError what refuses this page.
   */
  judge(item: ContentItem, context: ItemContext): Promise<string | undefined>;
  /** What must still be so when it starts, beside the set of pages and what is to be done. */
  stamp(item: ContentItem): readonly unknown[];
  warnings(open: readonly ContentItem[]): Promise<readonly string[]>;
}

/** One bulk run, as its acts see it. */
export interface BulkRun {
  readonly ports: RunPorts;
  readonly run: Work;
  readonly call: Call;
}

/** How an action is done, some pages at a time. */
export interface BulkActor {
  /** As many pages go together at most. */
  readonly chunkMax: number;
  /** Answers a row for each page. What may pass, or concerns all pages, rises. */
  act(pages: readonly BulkPage[], hears: RowHearer): Promise<BulkRow[]>;
}

export interface RowHearer {
  /** Told of each page as soon as something is known of it; the last word counts. */
  row(row: BulkRow): Promise<void>;
}

export interface BulkAction<A extends BulkOrder['action']> {
  /** The arguments that it takes; others are a mistake. */
  readonly takes: readonly (keyof GivenOrder)[];
  /** Calls to the CMS that one page takes, for the estimate. */
  readonly callsPerPage: number;
  plan(given: GivenOrder, ports: PlanPorts): Promise<BulkPlanner>;
  prepare(order: OrderOf<A>, run: BulkRun): Promise<BulkActor>;
  readonly undo: { readonly undo: 'possible' | 'partial' | 'no'; readonly undo_hint: string };
  /** What to heed when the same call is sent again for the rest: absent where a plan finds done what is done. */
  readonly againHint?: string;
}
