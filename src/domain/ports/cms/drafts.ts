import type { Field } from '../../model/content-item.ts';

/**
 * What REST v1 cannot do to a checked-out copy, and the opt-in service layer of the CMS can (architecture section 5).
 *
 * Laws:
 * - Where the CMS lacks the ability, a call throws CAPABILITY_MISSING and changes nothing; `CmsSite.abilities` tells
 *   beforehand.
 * - None of the calls is repeated; one whose answer never came throws OUTCOME_UNKNOWN.
 * - Nobody outside has seen the service layer confirm what it wrote: callers read back what they asked for.
 */
export interface CmsDrafts {
  /**
   * Gives the checked-out copy of a page these fields: the whole list as `CmsPages.details` answers it, with new
   * values. Only what differs from the copy is written. The entries of lists may be others or of another number; an
   * entry without a name is written like those that the list holds or held in an earlier version.
   *
   * @throws DomainError BAD_INPUT, CONFLICT (not checked out), CAPABILITY_MISSING (also for a field whose form in the
   * CMS is not known), CMS_REFUSED.
   */
  saveFields(pageId: string, fields: readonly Field[]): Promise<void>;
  /**
   * Drops the checked-out copy of a page or asset; the newest version stays. What is checked in stays as it is.
   * Operation `Assets_UndoCheckOut` for assets.
   */
  discard(itemId: string): Promise<void>;
  /** Marks a version of a page for a target, or takes the mark off. */
  setMark(pageId: string, mark: PageMark): Promise<void>;
  /** Creates a checked-out page of a schema, without a creation rule. */
  create(page: SchemaPage): Promise<{ readonly id: string }>;
}

export interface PageMark {
  readonly targetId: string;
  /** The version to go out; `none` takes the mark off. */
  readonly version: number | 'none';
}

export interface SchemaPage {
  readonly schemaId: string;
  readonly parentId: string;
  readonly name: string;
}
