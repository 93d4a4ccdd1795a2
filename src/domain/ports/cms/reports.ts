/**
 * Reports of the CMS: searches through the content that it runs on its own, and reports that people have saved in it.
 *
 * Laws:
 * - `run` ends with the whole report, or throws: CMS_TIMEOUT after the time that the driver allows, CANCELLED when the
 *   caller gave up, CMS_UNAVAILABLE when the CMS keeps losing the search. Whatever ends it early ends the search too.
 * - `onProgress` is told 0 to 100.
 * - Nothing is cached, nothing changes.
 */
export interface CmsReports {
  /** Slow. Operations `Site_Generate…Report`, `Site_GetReportStatus`, `Site_GetReport`, `Site_CancelReport`. */
  run(request: ReportRequest, onProgress: (percent: number) => void): Promise<readonly ReportFinding[]>;
  /** `undefined` for an unknown id. Operation `Reports_GetReport`. */
  saved(reportId: string): Promise<SavedReport | undefined>;
  /**
   * Rows as the CMS prints them. Slow. Operations `Reports_GetSimpleReportResults` and, with parameters,
   * `Reports_GetParameterizedReportResults`.
   */
  runSaved(reportId: string, parameters: Readonly<Record<string, string>>): Promise<readonly string[]>;
}

/** A search below a page (`rootId`), alone or with all that lies below it. */
export type ReportRequest =
  | { readonly kind: 'broken_links'; readonly rootId: string; readonly withDescendants: boolean }
  | { readonly kind: 'text'; readonly rootId: string; readonly withDescendants: boolean; readonly text: string }
  /** `rootId` is an asset folder. */
  | { readonly kind: 'asset_text'; readonly rootId: string; readonly withDescendants: boolean; readonly text: string }
  | {
      readonly kind: 'page_references';
      readonly rootId: string;
      readonly withDescendants: boolean;
      readonly pageId: string;
    }
  | {
      readonly kind: 'asset_references';
      readonly rootId: string;
      readonly withDescendants: boolean;
      readonly assetPath: string;
    }
  /** `rootId` is an asset folder; all that lies below it is looked at. */
  | { readonly kind: 'unused_assets'; readonly rootId: string };

/** One place that a report has found. */
export interface ReportFinding {
  readonly itemId: string;
  readonly itemName: string;
  /** The element in which it was found; empty where the report is about items. */
  readonly fieldName: string;
  readonly found: string;
  readonly modifiedAt?: string;
}

export interface SavedReport {
  readonly id: string;
  readonly name: string;
  /** Names of the parameters that it takes. */
  readonly parameters: readonly string[];
}
