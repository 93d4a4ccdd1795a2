/**
 * Changing field values. REST v1 writes no fields; what it can do is replace text that a report of it found
 * (`Site_GenerateTextSearchReport` … `Site_ReplaceReportEntry`), on items that the caller has checked out.
 *
 * Laws:
 * - Only the named field of the named item changes, and only when exactly `occurrences` places of it hold `find`;
 *   otherwise nothing is changed and CONFLICT says how many there were.
 * - The answer says what the CMS reported as replaced; whether the content is right is for the caller to read back.
 * - A find text that occurs nowhere in the field is CONFLICT with zero occurrences, not success.
 */
export interface CmsEditing {
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
