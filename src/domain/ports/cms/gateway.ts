import type { Principal } from '../../model/principal.ts';
import type { CmsAnalytics } from './analytics.ts';
import type { CmsAssets } from './assets.ts';
import type { CmsDita } from './dita.ts';
import type { CmsDrafts } from './drafts.ts';
import type { CmsEditing } from './editing.ts';
import type { CmsHealth } from './health.ts';
import type { CmsOperations } from './operations.ts';
import type { CmsPages } from './pages.ts';
import type { CmsPublishing } from './publishing.ts';
import type { CmsReports } from './reports.ts';
import type { CmsSchemas } from './schemas.ts';
import type { CmsSearch } from './search.ts';
import type { CmsSite } from './site.ts';
import type { CmsTaxonomy } from './taxonomy.ts';
import type { CmsUsers } from './users.ts';
import type { CmsWorkflow } from './workflow.ts';

/** The CMS as one principal sees it, split by ability. */
export interface CmsGateway {
  readonly pages: CmsPages;
  readonly assets: CmsAssets;
  readonly schemas: CmsSchemas;
  readonly search: CmsSearch;
  readonly editing: CmsEditing;
  readonly drafts: CmsDrafts;
  readonly publishing: CmsPublishing;
  readonly workflow: CmsWorkflow;
  readonly taxonomy: CmsTaxonomy;
  readonly site: CmsSite;
  readonly reports: CmsReports;
  readonly users: CmsUsers;
  readonly health: CmsHealth;
  readonly analytics: CmsAnalytics;
  readonly dita: CmsDita;
  /** Any other operation, by its id. */
  readonly operations: CmsOperations;
}

/**
 * The way to the CMS.
 *
 * Laws, for every call on a gateway:
 * - It ends within its time-out, at the latest when `signal` aborts, with CMS_TIMEOUT, CANCELLED or OUTCOME_UNKNOWN.
 * - Only repeatable calls are repeated: on connection failures, 429 and 503, at most `MAX_RETRIES` times, honouring
 *   Retry-After. A write is never sent twice after it may have arrived.
 * - While the CMS fails, calls are refused at once with CMS_UNAVAILABLE; a user's own refusals (4xx) never cause that.
 * - An expired credential is renewed once for all waiting calls of all processes. One of an identity that stays refused
 *   is CMS_SIGN_IN_FAILED; a person's own that stays refused ends their grant and is UNAUTHENTICATED. Neither holds back
 *   anybody else's calls.
 * - A read may be answered from the last known state while the CMS is unavailable, only when `allowStale`, and then
 *   `onStale` is told the age before the answer arrives.
 * - What one principal may see never answers another.
 */
export interface CmsConnector {
  /**
   * Makes sure that the credential of a person's grant can be used, renewing it where it has ended; nothing for other
   * principals. Before a call it tells whether the call is worth beginning.
   *
   * @throws DomainError UNAUTHENTICATED when the CMS does not take the person's sign-in any more, and the grant has ended;
   *   CMS_UNAVAILABLE, STORAGE_UNAVAILABLE when nobody can tell now, and the grant stands.
   */
  prepare(principal: Principal): Promise<void>;
  as(principal: Principal, options: CmsCallOptions): CmsGateway;
  close(): Promise<void>;
}

export interface CmsCallOptions {
  readonly signal: AbortSignal;
  /** True for reads shown to people, false wherever a decision to write rests on the answer. */
  readonly allowStale: boolean;
  readonly onStale?: (ageSeconds: number) => void;
}
