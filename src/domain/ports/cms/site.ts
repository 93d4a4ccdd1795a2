import type { Page, PageRequest } from '../../model/paging.ts';
import type { Abilities, Alert, CmsUser, ContentFreeze, Usage, UsageSummary } from '../../model/site.ts';

/** The site as a whole and who is asking. */
export interface CmsSite {
  /**
   * `undefined` when no freeze is set. At most 60 seconds old, or with `fresh` asked for just now. Operation
   * `Notifications_GetContentFreeze`.
   */
  contentFreeze(options?: { readonly fresh: boolean }): Promise<ContentFreeze | undefined>;
  /** Operation `Notifications_GetAlerts`. */
  alerts(): Promise<readonly Alert[]>;
  /**
   * The CMS user that the calls of this principal run as; `undefined` when the CMS does not tell.
   * Operations `Test_GetClaims` (internal use only) and `User_GetUser`.
   */
  currentUser(): Promise<CmsUser | undefined>;
  /** By id or name. Operation `User_GetUser`, `User_GetUsers`. */
  findUsers(text: string): Promise<readonly CmsUser[]>;
  /** How often an item is used. Operation `Site_GetContentItemUsageSummary`. */
  usageSummary(itemId: string): Promise<UsageSummary>;
  /** Which items use it. Operation `Site_GetContentItemUsageReport`. */
  usages(itemId: string, page: PageRequest): Promise<Page<Usage>>;
  /**
   * What this CMS can do beside the certain: for each ability the best way of which it serves everything. Probed once
   * for the account, remembered for an hour at most, and forgotten when the CMS turns out to have changed.
   */
  abilities(): Promise<Abilities>;
  /**
   * The version of the CMS's REST API, from its own description, remembered for an hour; where that is not served, the
   * version of the product. Operation `Reports_GetStats`.
   */
  apiVersion(): Promise<string | undefined>;
  /** A harmless call that proves the way to the CMS works. Throws what is wrong with it. */
  ping(): Promise<void>;
}
