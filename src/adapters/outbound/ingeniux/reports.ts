import type { z } from 'zod';
import type { CmsReports, ReportRequest } from '../../../domain/ports/cms/reports.ts';
import type { CallExtras, Calls } from './calls.ts';
import { operations } from './catalogue/index.ts';
import { createReportSessions, type ReportSessionOptions } from './report-sessions.ts';
import { reportFinding, savedReport, savedRows } from './wire/reports.ts';
import { reportStarted } from './wire/search.ts';

export function createReports(calls: Calls, options: ReportSessionOptions): CmsReports {
  const runReport = createReportSessions(calls, options);

  const start = (request: ReportRequest, extras: CallExtras): Promise<z.output<typeof reportStarted>> => {
    const started = <B extends object>(operation: StartOperation, body: B) =>
      calls.value(operation, {}, reportStarted, { ...extras, body });
    switch (request.kind) {
      case 'broken_links':
        return started(operations.Site_GenerateBrokenLinkReport, {
          RootPageId: request.rootId,
          IncludeChildren: request.withDescendants,
          // External addresses are looked up one by one over the web: hours for a large site.
          ValidateExternalReferences: false,
        });
      case 'text':
        return started(operations.Site_GenerateTextSearchReport, textSearch(request));
      case 'asset_text':
        return started(operations.Site_GenerateAssetTextSearchReport, textSearch(request));
      case 'page_references':
        return started(operations.Site_GeneratePageReferenceReport, {
          PageId: request.pageId,
          RootPageId: request.rootId,
          IncludeChildren: request.withDescendants,
        });
      case 'asset_references':
        return started(operations.Site_GenerateAssetRefernceReport, {
          RootPageId: request.rootId,
          AssetPath: request.assetPath,
          IncludeChildren: request.withDescendants,
        });
      case 'unused_assets':
        return started(operations.Site_GenerateUnusedAssetsReport, { RootAssetFolderId: request.rootId });
    }
  };

  return {
    run: async (request, onProgress) => {
      const { entries } = await runReport((extras) => start(request, extras), onProgress);
      return entries.map(reportFinding);
    },
    saved: (reportId) => calls.one(operations.Reports_GetReport, { reportId, workingLocale }, savedReport),
    runSaved: async (reportId, parameters) => {
      const given = Object.entries(parameters).map(([name, value]) => ({ name, value }));
      return given.length === 0
        ? calls.value(operations.Reports_GetSimpleReportResults, { reportId, workingLocale }, savedRows)
        : calls.value(operations.Reports_GetParameterizedReportResults, { reportId, workingLocale }, savedRows, {
            body: given,
          });
    },
  };
}

type StartOperation =
  | typeof operations.Site_GenerateBrokenLinkReport
  | typeof operations.Site_GenerateTextSearchReport
  | typeof operations.Site_GenerateAssetTextSearchReport
  | typeof operations.Site_GeneratePageReferenceReport
  | typeof operations.Site_GenerateAssetRefernceReport
  | typeof operations.Site_GenerateUnusedAssetsReport;

const textSearch = (request: Extract<ReportRequest, { readonly text: string }>) => ({
  RootPageId: request.rootId,
  SearchText: request.text,
  IgnoreCase: true,
  IncludeChildren: request.withDescendants,
});

/** Required everywhere; names and dates come in it (domain section 10). */
const workingLocale = 'en-us';
