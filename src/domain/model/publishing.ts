/** Where published content goes. */
export interface PublishingTarget {
  readonly id: string;
  readonly name: string;
  readonly rootPageId?: string;
  readonly rootPageName?: string;
  readonly baseUrl?: string;
  readonly markedPageCount: number;
  readonly markedAssetCount: number;
  /** Absent when nothing was ever published there. */
  readonly lastPublishedAt?: string;
}

/** The CMS's publishing queue now. Waiting publishes are counted, not listed (contract of `current-tasks`). */
export interface PublishMonitor {
  readonly pendingCount: number;
  readonly running?: RunningPublish;
  readonly replicating: readonly { readonly targetId: string; readonly targetName: string; readonly percent: number }[];
  readonly recent: readonly PublishLog[];
}

export interface RunningPublish {
  readonly taskId: string;
  readonly targetName: string;
  readonly percent: number;
  readonly status: string;
  readonly pagesPublished: number;
  readonly pagesTotal: number;
  readonly startedAt?: string;
  readonly estimatedEndAt?: string;
  readonly errors: readonly string[];
}

/** The completion log of one publish. `entries` is filled by `log`, and may be empty in the monitor's list. */
export interface PublishLog {
  readonly id: string;
  readonly targetId: string;
  readonly targetName: string;
  readonly userName: string;
  readonly submittedAt?: string;
  readonly startedAt?: string;
  readonly completedAt?: string;
  readonly incremental: boolean;
  readonly failedCount: number;
  readonly pagesPublished: number;
  readonly assetsPublished: number;
  readonly error?: string;
  /** The copies to web servers that follow the publish; absent where there are none. */
  readonly replication?: PublishReplication;
  readonly entries: readonly PublishLogEntry[];
}

/** How the copying of one publish stands. */
export interface PublishReplication {
  readonly destinationCount: number;
  /** When all copies were done; absent until then. */
  readonly completedAt?: string;
  /** An error has stopped it: some web servers have the old state. */
  readonly isStopped: boolean;
}

export interface PublishLogEntry {
  readonly itemId: string;
  readonly success: boolean;
  readonly message: string;
}

/** What a publish would send, as the CMS works it out: only what is marked for the target. */
export interface PublishPreview {
  /** Kept by the CMS for a while. */
  readonly taskId: string;
  readonly pageCount: number;
  readonly assetCount: number;
}

/** One item of a publish preview. */
export interface PreviewedItem {
  readonly itemId: string;
  /** The version that is marked; absent where the CMS does not tell. */
  readonly version?: number;
}

/** Whether one item is on one target: the CMS tells neither version nor time. */
export interface PublishState {
  readonly itemId: string;
  readonly published: boolean;
  readonly marked: boolean;
}

/** An old address of a publishing target that leads to a new one. */
export interface Redirect {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly targetIds: readonly string[];
  readonly notes: string;
  readonly temporary: boolean;
}
