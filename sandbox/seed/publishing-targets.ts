import type { PublishingTarget, PublishLog, SandboxState } from '../model.ts';
import { seedIds } from './seed-ids.ts';
import { stamp } from './stamp.ts';

/** When the last publish in the seed ended, per target. */
export const lastPublishTimes: Record<string, string> = {
  [seedIds.targets.production]: '2026-02-27T04:00:00Z',
  [seedIds.targets.staging]: '2026-02-27T03:00:00Z',
  [seedIds.targets.intranet]: '2026-02-20T05:00:00Z',
};

/** The three targets; the Intranet starts at the section Services. */
export function seedPublishingTargets(rootPageId: string, servicesPageId: string): PublishingTarget[] {
  const { production, staging, intranet } = seedIds.targets;
  const { administrators, editors, publishers } = seedIds.groups;
  return [
    target(production, 'Production', 'production', rootPageId, [administrators, editors]),
    target(staging, 'Staging', 'staging', rootPageId, [administrators, editors]),
    target(intranet, 'Intranet', 'intranet', servicesPageId, [administrators, publishers]),
  ];
}

/** Visits are counted on Production alone. */
export function seedAnalyticsConnections(): SandboxState['analyticsConnections'] {
  return { [seedIds.targets.production]: { propertyId: 'properties/4010', propertyName: 'Northfield University' } };
}

/** Earlier publishes, newest first, with the items that are live on each target since then. */
export function seedPublishLogs(liveIdsOn: (targetId: string) => string[]): PublishLog[] {
  const { production, staging, intranet } = seedIds.targets;
  const { publisher, editor } = seedIds.users;
  return [
    publishLog(4, production, publisher, '2026-02-27T03:58:10Z', '2026-02-27T04:00:00Z', false, liveIdsOn(production)),
    publishLog(3, staging, publisher, '2026-02-27T02:58:20Z', '2026-02-27T03:00:00Z', false, liveIdsOn(staging)),
    publishLog(2, intranet, publisher, '2026-02-20T04:59:30Z', '2026-02-20T05:00:00Z', false, liveIdsOn(intranet)),
    {
      ...publishLog(1, production, editor, '2026-02-18T11:02:00Z', '2026-02-18T11:02:04Z', true, []),
      error: 'Nothing to publish: no marked item has changed since the last publish.',
    },
  ];
}

function target(id: string, name: string, slug: string, rootPageId: string, groupIds: string[]): PublishingTarget {
  return {
    ...stamp('2025-01-06T08:00:00Z', seedIds.users.admin),
    id,
    name,
    slug,
    rootPageId,
    homePageId: rootPageId,
    errorPageId: null,
    globalContentRootId: null,
    groupIds,
    profileIds: ['PublishingProfiles/1'],
    publishFolder: `pub/${slug}`,
    userAgent: 'Desktop and mobile browsers',
    site: slug === 'intranet' ? 'Northfield Intranet' : 'Northfield University',
    // The sandbox puts its own address in, so that the live addresses it tells can be opened.
    baseUrl: `{siteRoot}/live/${slug}/`,
    externalPreviewUrl: 'DssPreview/IGXDynamicPreview',
    urlExtension: '',
    urlSeparator: '-',
    forceLowerCaseUrl: true,
    includeFolderNamesInUrlPath: true,
    transformOnPublish: false,
    replicationEnabled: slug === 'production',
    lastPublished: lastPublishTimes[id] ?? null,
    lastAssetPublish: slug === 'intranet' ? null : (lastPublishTimes[id] ?? null),
  };
}

function publishLog(
  number: number,
  targetId: string,
  submitUserId: string,
  submitTime: string,
  completionTime: string,
  incremental: boolean,
  itemIds: string[],
): PublishLog {
  return {
    id: `PublishCompletionLogs/${number}`,
    taskId: `PublishingTasks/${number}`,
    targetId,
    error: null,
    submitTime,
    startTime: submitTime,
    completionTime,
    submitUserId,
    incremental,
    forcedIncremental: false,
    replication: null,
    entries: itemIds.map((itemId) => ({ itemId, kind: 'page', success: true, error: null, message: 'Published' })),
  };
}
