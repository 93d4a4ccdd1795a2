import type { Page, PageRequest } from '../../model/paging.ts';
import type { Alert } from '../../model/site.ts';

/** How the CMS itself is doing. Never cached. Some reads are for administrators of the CMS: FORBIDDEN for others. */
export interface CmsHealth {
  /** All current alerts, those that this user has seen included. Operation `Notifications_GetAlerts`. */
  alerts(): Promise<readonly Alert[]>;
  /** Newest first. Operation `Logs_GetCMSLog`. */
  log(page: PageRequest): Promise<Page<LogLine>>;
  /** Counts now, and of what happened since `since` (a date). Operation `Reports_GetStats`. */
  statistics(since: string): Promise<SiteStatistics>;
  /** Who is signed in, at most `countMax`. Operation `Dashboard_GetOnlineUsers`. */
  onlineUsers(countMax: number): Promise<readonly string[]>;
  /** The copy destinations of a publishing target; no secret of them. Operation `Replication_ReplicationTargets`. */
  replicationTargets(targetId: string): Promise<readonly { readonly id: string; readonly name: string }[]>;
  /** The last copy run; `undefined` when there was none. Operation `Replication_GetReplicationLogDetails`. */
  replicationLog(replicationTargetId: string): Promise<ReplicationLog | undefined>;
}

export interface LogLine {
  readonly at?: string;
  readonly level: string;
  readonly message: string;
}

/** By the CMS's own names. */
export interface SiteStatistics {
  /** Of the product, such as `10.6.378`. */
  readonly version?: string;
  readonly now: Readonly<Record<string, number>>;
  readonly since: Readonly<Record<string, number>>;
}

export interface ReplicationLog {
  readonly startedAt?: string;
  readonly seconds: number;
  readonly replicated: number;
  readonly removed: number;
  readonly skipped: number;
  readonly cancelled: boolean;
  readonly error?: string;
}
