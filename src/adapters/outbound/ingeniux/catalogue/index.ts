import { accountsOperations } from './accounts.ts';
import { analyticsOperations } from './analytics.ts';
import { assetsOperations } from './assets.ts';
import { configurationOperations } from './configuration.ts';
import { contentUnitsOperations } from './content-units.ts';
import { dashboardOperations } from './dashboard.ts';
import { ditaOperations } from './dita.ts';
import { entityOperations } from './entity.ts';
import { hooksOperations } from './hooks.ts';
import { iceComponentPickerOperations } from './ice-component-picker.ts';
import { insiteSearchOperations } from './insite-search.ts';
import { l10nOperations } from './l10n.ts';
import { logsOperations } from './logs.ts';
import { notificationsOperations } from './notifications.ts';
import { pagesOperations } from './pages.ts';
import { pcrOperations } from './pcr.ts';
import { previewOperations } from './preview.ts';
import { publishingOperations } from './publishing.ts';
import { replicationOperations } from './replication.ts';
import { reportsOperations } from './reports.ts';
import { schemasOperations } from './schemas.ts';
import { settingsOperations } from './settings.ts';
import { siteOperations } from './site.ts';
import { taxonomyOperations } from './taxonomy.ts';
import { testOperations } from './test.ts';
import { themesOperations } from './themes.ts';
import { userOperations } from './user.ts';
import { userGroupsOperations } from './user-groups.ts';
import { workflowOperations } from './workflow.ts';

/**
 * Every operation of the API, by the id of the vendor's description; ordered by tag. Wire places, types and names are
 * those of the contract; whatever the names look like, none is derived by a convention.
 */
export const operations = {
  ...accountsOperations,
  ...analyticsOperations,
  ...assetsOperations,
  ...configurationOperations,
  ...contentUnitsOperations,
  ...dashboardOperations,
  ...ditaOperations,
  ...entityOperations,
  ...hooksOperations,
  ...iceComponentPickerOperations,
  ...insiteSearchOperations,
  ...l10nOperations,
  ...logsOperations,
  ...notificationsOperations,
  ...pagesOperations,
  ...pcrOperations,
  ...previewOperations,
  ...publishingOperations,
  ...replicationOperations,
  ...reportsOperations,
  ...schemasOperations,
  ...settingsOperations,
  ...siteOperations,
  ...taxonomyOperations,
  ...testOperations,
  ...themesOperations,
  ...userOperations,
  ...userGroupsOperations,
  ...workflowOperations,
} as const;
