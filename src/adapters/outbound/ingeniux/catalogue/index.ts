import { assetsOperations } from './assets.ts';
import { configurationOperations } from './configuration.ts';
import { notificationsOperations } from './notifications.ts';
import { pagesOperations } from './pages.ts';
import { pcrOperations } from './pcr.ts';
import { previewOperations } from './preview.ts';
import { publishingOperations } from './publishing.ts';
import { schemasOperations } from './schemas.ts';
import { siteOperations } from './site.ts';
import { taxonomyOperations } from './taxonomy.ts';
import { testOperations } from './test.ts';
import { userOperations } from './user.ts';
import { userGroupsOperations } from './user-groups.ts';
import { workflowOperations } from './workflow.ts';

/**
 * Every operation that the ports call, by the id of the vendor's API description. Wire places, types and names are those
 * of the contract; whatever the names look like, none is derived by a convention.
 */
export const operations = {
  ...assetsOperations,
  ...configurationOperations,
  ...notificationsOperations,
  ...pagesOperations,
  ...pcrOperations,
  ...previewOperations,
  ...publishingOperations,
  ...schemasOperations,
  ...siteOperations,
  ...taxonomyOperations,
  ...testOperations,
  ...userOperations,
  ...userGroupsOperations,
  ...workflowOperations,
} as const;
