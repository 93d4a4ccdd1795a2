/**
 * Changing field values. REST v1 writes no fields; what it can do is replace text that a report of it found
 * (`Site_GenerateTextSearchReport` … `Site_ReplaceReportEntry`), on items that the caller has checked out.
 *
 * Laws:
 * - Only the named field of the named item changes, and only when exactly `occurrences` places of it hold `find`;
 *   otherwise nothing is changed and CONFLICT says how many there were.
 * - The answer says what the CMS reported as replaced; whether the content is right is for the caller to read back.
 * - A find text that occurs nowhere in the field is CONFLICT with zero occurrences, not success.
 * - `findText` changes nothing; it answers one row for each field that holds the text, however often.
 */
export interface CmsEditing {
  findText(search: TextSearch): Promise<readonly TextHit[]>;
  replaceText(replacement: TextReplacement): Promise<{ readonly replacedCount: number }>;
}

export interface TextReplacement {
  readonly itemId: string;
  /** The field's element name. */
  readonly fieldName: string;
  /** Matched to the letter, as stored (XHTML for CDATA elements). Never empty. */
  readonly find: string;
  readonly replaceWith: string;
  /** Places in the field that must hold `find`. */
  readonly occurrences: number;
}

export interface TextSearch {
  readonly rootId: string;
  /** As stored. Never empty. */
  readonly text: string;
  readonly matchCase: boolean;
  /** Also in everything below the page. */
  readonly withDescendants: boolean;
}

export interface TextHit {
  readonly itemId: string;
  readonly itemName: string;
  /** The element's name, or the attribute's where an attribute holds the text. */
  readonly fieldName: string;
  readonly value: string;
}
