import type { Page, PageRequest } from '../../model/paging.ts';
import type {
  PreviewedItem,
  PublishingTarget,
  PublishLog,
  PublishMonitor,
  PublishPreview,
  PublishState,
  Redirect,
} from '../../model/publishing.ts';

/** The CMS's publishing: its targets, its queue, its logs. It offers no way to start, cancel or schedule a publish. */
export interface CmsPublishing {
  /** By name. May be up to `CACHE_TTL` seconds old. Operation `Publishing_GetPublishingTargets`. */
  targets(): Promise<readonly PublishingTarget[]>;
  /** Never cached. Operation `Publishing_GetCurrentTasks`. */
  monitor(): Promise<PublishMonitor>;
  /** With its entries; `undefined` for an unknown id. Operation `Publishing_GetPublishingLogDetails`. */
  log(id: string): Promise<PublishLog | undefined>;
  /** In the order of `itemIds`; never cached. Operation `Publishing_GetContentItemPublishedToTarget`. */
  states(targetId: string, itemIds: readonly string[]): Promise<readonly PublishState[]>;
  /**
   * Works out a publish without doing it: of an item, with what lies below it, or of the whole site, for which `itemId`
   * is its root page. Slow. Operation `Publishing_PublishPreview`.
   */
  preview(order: PublishOrder): Promise<PublishPreview>;
  /** Empty once the CMS has dropped the preview. Operation `Publishing_GetPubPreviewTaskContentPage`. */
  previewed(taskId: string, kind: 'pages' | 'assets', page: PageRequest): Promise<Page<PreviewedItem>>;
  /** By the old address; never cached. Operation `Publishing_GetRedirects`. */
  redirects(page: PageRequest): Promise<Page<Redirect>>;
  /**
   * Creates a redirect on the given targets, or with an `id` changes that one as a whole. Not repeatable without an
   * `id`. Operation `Publishing_SaveRedirect`.
   */
  saveRedirect(redirect: {
    readonly id?: string;
    readonly from: string;
    readonly to: string;
    readonly targetIds: readonly string[];
    readonly notes: string;
    readonly temporary?: boolean;
  }): Promise<{ readonly id: string }>;
  /** For each id whether it was there and is gone now. Operation `Publishing_DeleteRedirects`. */
  deleteRedirects(ids: readonly string[]): Promise<readonly boolean[]>;
}

export interface PublishOrder {
  readonly targetId: string;
  readonly itemId: string;
  /** Only what changed since the last publish; else everything that is marked. */
  readonly incremental: boolean;
  readonly withDescendants: boolean;
  readonly wholeSite: boolean;
}
