import type { PublishingTarget, PublishLog, PublishMonitor, PublishState } from '../../model/publishing.ts';

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
  /** Creates a redirect on the given targets. Not repeatable. Operation `Publishing_SaveRedirect`. */
  saveRedirect(redirect: {
    readonly from: string;
    readonly to: string;
    readonly targetIds: readonly string[];
    readonly notes: string;
  }): Promise<{ readonly id: string }>;
}
