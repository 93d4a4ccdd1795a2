import type { Route } from './route.ts';
import { accountRoutes } from './routes/accounts.ts';
import { assetRoutes } from './routes/assets.ts';
import { dashboardRoutes } from './routes/dashboard.ts';
import { diagnosticRoutes } from './routes/diagnostics.ts';
import { notificationRoutes } from './routes/notifications.ts';
import { pageCreationRuleRoutes } from './routes/page-creation-rules.ts';
import { pageRoutes } from './routes/pages.ts';
import { previewRoutes } from './routes/preview.ts';
import { publishingRoutes } from './routes/publishing.ts';
import { schemaRoutes } from './routes/schemas.ts';
import { siteRoutes } from './routes/site.ts';
import { taxonomyRoutes } from './routes/taxonomy.ts';
import { unsimulatedRoutes } from './routes/unsimulated.ts';
import { userRoutes } from './routes/users.ts';
import { workflowRoutes } from './routes/workflow.ts';

/** All 396 operations of the contract; those that are simulated come first. */
export function routeTable(): Route[] {
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
    ...unsimulatedRoutes(),
  ];
}
