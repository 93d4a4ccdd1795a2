import type { Route } from './route.ts';
import { accountRoutes } from './routes/accounts.ts';
import { analyticsRoutes } from './routes/analytics.ts';
import { assetRoutes } from './routes/assets.ts';
import { routesByShape } from './routes/by-shape.ts';
import { contentUnitRoutes } from './routes/content-units.ts';
import { dashboardRoutes } from './routes/dashboard.ts';
import { diagnosticRoutes } from './routes/diagnostics.ts';
import { ditaAliasRoutes } from './routes/dita-aliases.ts';
import { ditaAssetRoutes } from './routes/dita-assets.ts';
import { ditaMapRoutes } from './routes/dita-maps.ts';
import { ditaPreviewRoutes } from './routes/dita-preview.ts';
import { ditaSetupRoutes } from './routes/dita-setup.ts';
import { entityRoutes } from './routes/entities.ts';
import { hookRoutes } from './routes/hooks.ts';
import { insiteSearchRoutes } from './routes/insite-search.ts';
import { localizationRoutes } from './routes/localization.ts';
import { logRoutes } from './routes/logs.ts';
import { menuSettingRoutes } from './routes/menu-settings.ts';
import { notificationRoutes } from './routes/notifications.ts';
import { oauthIdentityRoutes } from './routes/oauth-identities.ts';
import { pageCreationRuleRoutes } from './routes/page-creation-rules.ts';
import { pageRoutes } from './routes/pages.ts';
import { previewRoutes } from './routes/preview.ts';
import { publishingRoutes } from './routes/publishing.ts';
import { publishingAdministrationRoutes } from './routes/publishing-administration.ts';
import { replicationRoutes } from './routes/replication.ts';
import { savedReportRoutes } from './routes/saved-reports.ts';
import { schemaRoutes } from './routes/schemas.ts';
import { settingRoutes } from './routes/settings.ts';
import { siteRoutes } from './routes/site.ts';
import { taxonomyRoutes } from './routes/taxonomy.ts';
import { themeRoutes } from './routes/themes.ts';
import { userRoutes } from './routes/users.ts';
import { workflowRoutes } from './routes/workflow.ts';
import { workflowAdministrationRoutes } from './routes/workflow-administration.ts';

/** All 396 operations of the contract: those with rules of their own, then those answered by shape. */
export function routeTable(): Route[] {
  const withRules = routesWithRules();
  return [...withRules, ...routesByShape(withRules)];
}

/** The operations that work on the state. */
export function routesWithRules(): Route[] {
  return [
    ...pageRoutes,
    ...pageCreationRuleRoutes,
    ...schemaRoutes,
    ...previewRoutes,
    ...assetRoutes,
    ...taxonomyRoutes,
    ...workflowRoutes,
    ...publishingRoutes,
    ...siteRoutes,
    ...userRoutes,
    ...notificationRoutes,
    ...dashboardRoutes,
    ...diagnosticRoutes,
    ...accountRoutes,
    ...ditaMapRoutes,
    ...ditaAliasRoutes,
    ...ditaAssetRoutes,
    ...ditaPreviewRoutes,
    ...ditaSetupRoutes,
    ...analyticsRoutes,
    ...contentUnitRoutes,
    ...hookRoutes,
    ...replicationRoutes,
    ...savedReportRoutes,
    ...logRoutes,
    ...workflowAdministrationRoutes,
    ...publishingAdministrationRoutes,
    ...localizationRoutes,
    ...entityRoutes,
    ...insiteSearchRoutes,
    ...settingRoutes,
    ...menuSettingRoutes,
    ...oauthIdentityRoutes,
    ...themeRoutes,
  ];
}
