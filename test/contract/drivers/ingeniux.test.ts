import { describe } from 'vitest';
import type { Abilities } from '../../../src/domain/model/site.ts';
import { cmsAnalyticsSuite } from '../suites/cms-analytics.ts';
import { cmsAssetsSuite } from '../suites/cms-assets.ts';
import { cmsDitaSuite } from '../suites/cms-dita.ts';
import { cmsDraftsMissingSuite } from '../suites/cms-drafts.ts';
import { cmsEditingSuite } from '../suites/cms-editing.ts';
import { cmsHealthSuite } from '../suites/cms-health.ts';
import { cmsOperationsSuite } from '../suites/cms-operations.ts';
import { cmsPagesSuite } from '../suites/cms-pages.ts';
import { cmsPublishingSuite } from '../suites/cms-publishing.ts';
import { cmsReportsSuite } from '../suites/cms-reports.ts';
import { cmsSchemasSuite } from '../suites/cms-schemas.ts';
import { cmsSearchSuite } from '../suites/cms-search.ts';
import { cmsSiteSuite } from '../suites/cms-site.ts';
import { cmsTaxonomySuite } from '../suites/cms-taxonomy.ts';
import { cmsUsersSuite } from '../suites/cms-users.ts';
import { cmsWorkflowSuite } from '../suites/cms-workflow.ts';
import { openIngeniuxStage } from './ingeniux-stage.ts';

const whatRestCan: Abilities = {
  editFields: 'find-replace',
  submitPublish: 'workflow',
  discardPageCheckout: 'none',
  unmark: 'workflow',
  schedulePublish: 'none',
  cancelPublish: 'none',
  rollBack: 'find-replace',
  createBySchema: 'none',
};

describe('the REST driver', () => {
  const open = () => openIngeniuxStage();
  cmsPagesSuite(open);
  cmsAssetsSuite(open);
  cmsSchemasSuite(open);
  cmsSearchSuite(open);
  cmsEditingSuite(open);
  cmsPublishingSuite(open);
  cmsWorkflowSuite(open);
  cmsTaxonomySuite(open);
  cmsSiteSuite(open, whatRestCan);
  cmsDraftsMissingSuite(open);
  cmsReportsSuite(open);
  cmsUsersSuite(open);
  cmsHealthSuite(open);
  cmsOperationsSuite(open);
  cmsDitaSuite(open);
  cmsAnalyticsSuite(open);
});

describe('the REST driver on a CMS at the root of its host that ends lists with -1 and wraps exceptions', () => {
  const open = () => openIngeniuxStage({ mount: '', knobs: { nextIndexEnd: 'minus-one', exceptionShape: 'web-api' } });
  cmsPagesSuite(open);
  cmsSearchSuite(open);
});
