import type { AnyJob } from '../define-job.ts';
import { askingCallJob } from './asking-call.ts';
import { bulkActionJob } from './bulk-action.ts';
import { previewPublishJob } from './preview-publish.ts';
import { publishContentJob } from './publish-content.ts';
import { publishDitaMapJob } from './publish-dita-map.ts';
import { revokeExpiredGrantsJob } from './revoke-expired-grants.ts';
import { runReportJob } from './run-report.ts';
import { takeBackupJob } from './take-backup.ts';
import { takeSnapshotJob } from './take-snapshot.ts';

/** Every kind of slow work that the queues can hold. One kind, one file, one line. */
export const jobs = [
  publishContentJob,
  previewPublishJob,
  runReportJob,
  publishDitaMapJob,
  askingCallJob,
  takeBackupJob,
  revokeExpiredGrantsJob,
  bulkActionJob,
  takeSnapshotJob,
] as const satisfies readonly AnyJob[];
