import type { AnyTask } from '../define-task.ts';
import { findUsers } from './admin/find-users.ts';
import { getSiteHealth } from './admin/get-site-health.ts';
import { listAuditEvents } from './admin/list-audit-events.ts';
import { uploadAsset } from './assets/upload-asset.ts';
import { categorizeContent } from './authoring/categorize-content.ts';
import { checkInContent } from './authoring/check-in-content.ts';
import { checkOutContent } from './authoring/check-out-content.ts';
import { copyContent } from './authoring/copy-content.ts';
import { createPage } from './authoring/create-page.ts';
import { deleteContent } from './authoring/delete-content.ts';
import { discardCheckout } from './authoring/discard-checkout.ts';
import { editContent } from './authoring/edit-content.ts';
import { findAndReplace } from './authoring/find-and-replace.ts';
import { moveContent } from './authoring/move-content.ts';
import { runBulkAction } from './authoring/run-bulk-action.ts';
import { analyzeImpact } from './core/analyze-impact.ts';
import { browseTree } from './core/browse-tree.ts';
import { compareVersions } from './core/compare-versions.ts';
import { describeSchema } from './core/describe-schema.ts';
import { getContent } from './core/get-content.ts';
import { getContext } from './core/get-context.ts';
import { searchContent } from './core/search-content.ts';
import { getDitaMap } from './dita/get-dita-map.ts';
import { publishDitaMap } from './dita/publish-dita-map.ts';
import { callDestructiveOperation } from './gateway/call-destructive-operation.ts';
import { callReadOperation } from './gateway/call-read-operation.ts';
import { callWriteOperation } from './gateway/call-write-operation.ts';
import { describeOperation } from './gateway/describe-operation.ts';
import { searchOperations } from './gateway/search-operations.ts';
import { cancelJob } from './jobs/cancel-job.ts';
import { getJob } from './jobs/get-job.ts';
import { getPublishStatus } from './publishing/get-publish-status.ts';
import { manageRedirects } from './publishing/manage-redirects.ts';
import { previewPublish } from './publishing/preview-publish.ts';
import { publishContent } from './publishing/publish-content.ts';
import { getAnalytics } from './reports/get-analytics.ts';
import { runReport } from './reports/run-report.ts';
import { browseSnapshots } from './snapshots/browse-snapshots.ts';
import { planSnapshotRestore } from './snapshots/plan-snapshot-restore.ts';
import { takeSnapshot } from './snapshots/take-snapshot.ts';
import { editTaxonomy } from './taxonomy/edit-taxonomy.ts';
import { searchTaxonomy } from './taxonomy/search-taxonomy.ts';
import { advanceWorkflow } from './workflow/advance-workflow.ts';
import { listWork } from './workflow/list-work.ts';

/** The catalogue: every task, in the order that clients see. One task, one file, one line. */
export const tasks = [
  getContext,
  searchContent,
  browseTree,
  getContent,
  describeSchema,
  compareVersions,
  analyzeImpact,
  createPage,
  editContent,
  moveContent,
  deleteContent,
  checkInContent,
  checkOutContent,
  discardCheckout,
  categorizeContent,
  findAndReplace,
  runBulkAction,
  listWork,
  advanceWorkflow,
  previewPublish,
  publishContent,
  getPublishStatus,
  manageRedirects,
  getJob,
  cancelJob,
  copyContent,
  uploadAsset,
  searchTaxonomy,
  editTaxonomy,
  runReport,
  getAnalytics,
  takeSnapshot,
  browseSnapshots,
  planSnapshotRestore,
  getDitaMap,
  publishDitaMap,
  getSiteHealth,
  findUsers,
  listAuditEvents,
  searchOperations,
  describeOperation,
  callReadOperation,
  callWriteOperation,
  callDestructiveOperation,
] as const satisfies readonly AnyTask[];
