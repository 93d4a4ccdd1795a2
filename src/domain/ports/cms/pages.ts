import type {
  ContentDetails,
  ContentItem,
  ItemContext,
  OutlineNode,
  PagePath,
  VersionInfo,
} from '../../model/content-item.ts';
import type { Page, PageRequest } from '../../model/paging.ts';

/**
 * Pages, components and folders of the CMS, as the calling user sees them.
 *
 * Laws:
 * - A read of an unknown id answers `undefined`, never throws: the CMS itself answers `null`, 404 or 500 for it.
 * - A read always shows the effect of a write that ended before it began.
 * - A write that is refused throws: FORBIDDEN, LOCKED, REQUIRED_FIELD, BAD_INPUT, CONFLICT, CMS_REFUSED, CONTENT_FREEZE.
 * - A write whose answer never came throws OUTCOME_UNKNOWN unless it can be repeated without harm; it is never sent twice.
 * - Lists are pages of a list; a list past its end is empty, not an error.
 */
export interface CmsPages {
  /** Operation `Pages_GetPage`. */
  get(id: string): Promise<ContentItem | undefined>;
  /** Operation `Pages_GetRoot`. */
  root(): Promise<ContentItem>;
  /** Operation `Pages_GetRecycleFolder`. */
  recycleFolder(): Promise<ContentItem>;
  /** In sibling order. Operation `Pages_GetChildren`. */
  children(id: string, page: PageRequest): Promise<Page<ContentItem>>;
  /** Nearest first is not promised. Operation `Pages_GetDescendants`. */
  descendants(id: string, page: PageRequest): Promise<Page<ContentItem>>;
  /** Names and parents only, to `depth` levels and at most `countMax` nodes. Operation `Preview_GetPageDescendants`. */
  outline(id: string, options: { readonly depth: number; readonly countMax: number }): Promise<readonly OutlineNode[]>;
  /** Root first, without the page itself; empty for the root. Operation `Pages_GetAncestors`. */
  ancestors(id: string): Promise<readonly ContentItem[]>;
  /** Fields of a version; 0 is the current state, which is the checked-out copy where the caller holds one. Operation `Pages_GetPageDetails`. */
  details(id: string, version: number): Promise<ContentDetails | undefined>;
  /** The XML document; `checkedOut` prefers the checked-out copy. Operation `Preview_GetPageXml`. */
  xml(id: string, options: { readonly version: number; readonly checkedOut: boolean }): Promise<string | undefined>;
  /** Newest first. Operation `Pages_GetPageHistory`. */
  history(id: string, page: PageRequest): Promise<Page<VersionInfo>>;
  /** In the order of `ids`, unknown ones left out; never cached. Operation `Pages_GetPageContext`. */
  contexts(ids: readonly string[]): Promise<readonly ItemContext[]>;
  /** Ids of the pages that these pages refer to; never cached. Operation `Preview_GetPageForwardReferences`. */
  referencesOf(ids: readonly string[]): Promise<readonly string[]>;
  /** The page behind a path on a target; former paths count. Operation `Preview_GetPageMapEntryByPath`. */
  findByPath(path: string, targetId: string): Promise<PagePath | undefined>;
  /** The path of a page on a target; `undefined` for components and folders. Operation `Preview_GetPageMapEntry`. */
  pathOf(id: string, targetId: string): Promise<PagePath | undefined>;
  /** Creates a checked-out page by a creation rule. Not repeatable. Operation `Pages_CreatePCRPage`. */
  create(page: NewPage): Promise<ContentItem>;
  /** Operation `Pages_Rename`. */
  rename(id: string, name: string): Promise<ContentItem>;
  /** Moves whole subtrees; out of the recycle folder it restores. Operation `Pages_Move`. */
  move(
    ids: readonly string[],
    to: { readonly id: string; readonly position: 'child' | 'before' | 'after' },
  ): Promise<readonly ContentItem[]>;
  /**
   * Copies pages below another one, alone or with all descendants; answers the new pages at the top, where the CMS tells
   * them: it may answer the sources, which are left out. Copies are checked out to the caller. A locale other than the source's makes translations of them. Not
   * repeatable. Operation `Pages_Copy`.
   */
  copy(
    ids: readonly string[],
    parentId: string,
    options: { readonly withDescendants: boolean; readonly locale?: string },
  ): Promise<readonly ContentItem[]>;
  /**
   * Into the recycle folder with all descendants; `false` when the page was not there. The caller makes sure that the
   * page is not in the recycle folder already: there the CMS purges for good. Operation `Pages_DeletePage`.
   */
  delete(id: string): Promise<boolean>;
  /** Checking out what the caller already holds changes nothing. Operation `Pages_CheckOut`. */
  checkOut(id: string): Promise<ContentItem>;
  /** Operation `Pages_CheckIn`. */
  checkIn(id: string, options: CheckInOptions): Promise<ContentItem>;
}

export interface NewPage {
  readonly ruleId: string;
  readonly parentId: string;
  readonly name: string;
  readonly skipWorkflow: boolean;
  readonly assignToUserId?: string;
}

/**
 * A check-in makes the next version and points the marks of the listed targets to it; targets not listed keep the
 * version that they had. On an item that is checked in already it marks only.
 */
export interface CheckInOptions {
  readonly recursive: boolean;
  readonly markTargetIds: readonly string[];
  readonly comment: string;
}
