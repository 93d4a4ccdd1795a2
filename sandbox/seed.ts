import type { PageItem, SandboxState } from './model.ts';
import { seedAdministration } from './seed/administration.ts';
import { assetRecycleFolderId, assetRootFolderId, buildAssets } from './seed/build-assets.ts';
import { buildPages } from './seed/build-pages.ts';
import { seedDita } from './seed/dita.ts';
import { sandboxLandmarks } from './seed/landmarks.ts';
import { seedPageCreationRules } from './seed/page-creation-rules.ts';
import { pageId } from './seed/page-ids.ts';
import { sandboxIdentities, sandboxUsers, seedGroups, seedIdentities, seedUsers } from './seed/people.ts';
import { seedAnalyticsConnections, seedPublishingTargets, seedPublishLogs } from './seed/publishing-targets.ts';
import { seedSchemas } from './seed/schemas.ts';
import { seedActivities, seedAlerts, seedRedirects, seedSites, seedUserAgents } from './seed/site-data.ts';
import { applySituations } from './seed/situations.ts';
import { assetCategoryRows, buildTaxonomy } from './seed/taxonomy.ts';
import { seedWorkflowDefinitions, seedWorkstates } from './seed/workflows.ts';

export { sandboxIdentities, sandboxLandmarks, sandboxUsers };

/** Well above every number the tables use, so that new ids are easy to tell from seeded ones. */
const firstFreeNumber = 1000;

/**
 * The site that the sandbox starts with: Northfield University, an invented university. Two calls give equal and
 * independent states; nothing depends on the clock.
 */
export function createSeedState(): SandboxState {
  const schemas = seedSchemas();
  const { categories, categoryIds } = buildTaxonomy();
  const { assets, assetFolders, assetIds, folderIds } = buildAssets();
  for (const [path, id] of assetIds) {
    const asset = assets[id];
    if (asset !== undefined) {
      asset.categoryIds = assetCategoryRows
        .filter(([prefix]) => path.startsWith(`${prefix}/`))
        .flatMap(([, paths]) => paths.flatMap((categoryPath) => categoryIds.get(categoryPath) ?? []));
    }
  }
  const pages = buildPages(schemas, { assetIds, folderIds, categoryIds });
  applySituations(pages);
  return {
    formatVersion: 2,
    siteName: 'Northfield University',
    counters: {
      page: firstFreeNumber,
      asset: firstFreeNumber,
      assetFolder: firstFreeNumber,
      category: firstFreeNumber,
      group: firstFreeNumber,
      workflow: firstFreeNumber,
      pageCreationRule: firstFreeNumber,
      redirect: firstFreeNumber,
      publishTask: firstFreeNumber,
      publishLog: firstFreeNumber,
      administration: firstFreeNumber,
    },
    pages,
    rootPageId: sandboxLandmarks.home,
    recycleFolderId: sandboxLandmarks.recycleFolder,
    assets,
    assetFolders,
    assetRootFolderId,
    assetRecycleFolderId,
    schemas,
    pageCreationRules: seedPageCreationRules(),
    workstates: seedWorkstates(),
    workflowDefinitions: seedWorkflowDefinitions(),
    publishingTargets: seedPublishingTargets(sandboxLandmarks.home, pageId('services')),
    userAgents: seedUserAgents(),
    sites: seedSites(),
    categories,
    users: seedUsers(),
    groups: seedGroups(),
    oauthIdentities: seedIdentities(),
    alerts: seedAlerts(),
    contentFreeze: null,
    redirects: seedRedirects(),
    activities: seedActivities(),
    publishing: { queue: [], logs: seedPublishLogs((targetId) => liveOn(Object.values(pages), targetId)) },
    dita: seedDita(folderIds),
    analyticsConnections: seedAnalyticsConnections(),
    contentUnitThumbnails: {},
    oauth: { signingKey: '', refreshTokens: [] },
    administration: seedAdministration(),
  };
}

function liveOn(pages: PageItem[], targetId: string): string[] {
  return pages.filter((page) => targetId in page.published).map((page) => page.id);
}
