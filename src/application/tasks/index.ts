import type { AnyTask } from '../define-task.ts';
import { checkInContent } from './authoring/check-in-content.ts';
import { createPage } from './authoring/create-page.ts';
import { deleteContent } from './authoring/delete-content.ts';
import { editContent } from './authoring/edit-content.ts';
import { moveContent } from './authoring/move-content.ts';
import { browseTree } from './core/browse-tree.ts';
import { compareVersions } from './core/compare-versions.ts';
import { describeSchema } from './core/describe-schema.ts';
import { getContent } from './core/get-content.ts';
import { getContext } from './core/get-context.ts';
import { searchContent } from './core/search-content.ts';
import { cancelJob } from './jobs/cancel-job.ts';
import { getJob } from './jobs/get-job.ts';
import { getPublishStatus } from './publishing/get-publish-status.ts';
import { publishContent } from './publishing/publish-content.ts';
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
  createPage,
  editContent,
  moveContent,
  deleteContent,
  checkInContent,
  listWork,
  advanceWorkflow,
  publishContent,
  getPublishStatus,
  getJob,
  cancelJob,
] as const satisfies readonly AnyTask[];
