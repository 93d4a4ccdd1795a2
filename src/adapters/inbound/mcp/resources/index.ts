import { assetResource } from './asset.ts';
import { auditResource } from './audit.ts';
import { contextResource } from './context.ts';
import { diffResource } from './diff.ts';
import { guides } from './guides/index.ts';
import { houseStyleResource } from './house-style.ts';
import { jobResource } from './job.ts';
import { operationResource } from './operation.ts';
import { operationsResource } from './operations.ts';
import { pageResource } from './page.ts';
import { reportResource } from './report.ts';
import type { Resource } from './resource.ts';
import { schemaResource } from './schema.ts';
import { targetResource } from './target.ts';
import { treeResource } from './tree.ts';

/** Every resource, in the order that clients see. */
export const resources: readonly Resource[] = [
  contextResource,
  houseStyleResource,
  operationsResource,
  ...guides,
  pageResource,
  assetResource,
  schemaResource,
  treeResource,
  targetResource,
  jobResource,
  diffResource,
  reportResource,
  auditResource,
  operationResource,
];
