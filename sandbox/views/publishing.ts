import type { ReplicationTask } from '../administration.ts';
import { analyticsProvider } from '../cms/analytics.ts';
import { nameOf } from '../cms/content.ts';
import { itemsToPublish } from '../cms/publishing.ts';
import { destinationsOf } from '../cms/replication.ts';
import type { PublishingTarget, PublishLog, PublishTask, SandboxState } from '../model.ts';
import type { Runtime } from '../runtime.ts';
import { compactDate, NEVER } from './dates.ts';
import { entityModel, loginOf, userName } from './entity.ts';

/** `PublishingTargetModel` of the contract. */
export function targetModel(runtime: Runtime, state: SandboxState, target: PublishingTarget) {
  const pageName = (id: string | null) => {
    const page = id === null ? null : state.pages[id];
    return page ? nameOf(page) : null;
  };
  const marked = (items: object) =>
    Object.values(items as Record<string, { marks: object }>).filter((item) => target.id in item.marks).length;
  return {
    ...entityModel(state, target.id, target.name, 'PublishingTarget', target),
    MarkedPageCount: marked(state.pages),
    MarkedAssetCount: marked(state.assets),
    LastPublished: target.lastPublished ?? NEVER,
    LastAssetPublish: target.lastAssetPublish ?? NEVER,
    RootPageId: target.rootPageId,
    RootPageName: pageName(target.rootPageId),
    GlobalContentRootId: target.globalContentRootId,
    GlobalContentRootName: pageName(target.globalContentRootId),
    PublishFolder: target.publishFolder,
    TransformOnPublish: target.transformOnPublish,
    UserAgent: target.userAgent,
    Site: target.site,
    ExternalPreviewUrl: target.externalPreviewUrl,
    IceFieldMarkupUpdateUrl: null,
    PresentationFormatterId: null,
    MvcSupport: true,
    SkipXmpPublishling: false,
    SkipLingualMapPublishling: false,
    ReplicationEnabled: target.replicationEnabled,
    SimultaneousReplicationEnabled: false,
    HomePageId: target.homePageId,
    HomePageName: pageName(target.homePageId),
    ErrorPageId: target.errorPageId,
    ErrorPageName: pageName(target.errorPageId),
    UrlExtension: target.urlExtension,
    UrlSeparator: target.urlSeparator,
    BaseUrl: target.baseUrl.replace('{siteRoot}', runtime.siteRoot),
    AnalyticsProvider: target.id in state.analyticsConnections ? analyticsProvider : null,
    ForceLowerCaseUrl: target.forceLowerCaseUrl,
    RedirectToCanonicalUrl: false,
    IncludeFolderNamesInUrlPath: target.includeFolderNamesInUrlPath,
    NormalizeUrlSeparators: true,
    RemoveDiacriticsFromUrl: false,
    PreservePeriods: false,
    UseAliasUrls: false,
    EnableAnalytics: target.id in state.analyticsConnections,
  };
}

/** `PublishCompletionLogModel` of the contract. */
export function logModel(state: SandboxState, log: PublishLog) {
  const totalMs = Math.max(0, Date.parse(log.completionTime) - Date.parse(log.startTime));
  const pages = log.entries.filter((entry) => entry.kind === 'page');
  const assets = log.entries.filter((entry) => entry.kind === 'asset');
  const perItem = log.entries.length === 0 ? 0 : totalMs / log.entries.length;
  const stamp = {
    created: log.completionTime,
    createdBy: log.submitUserId,
    lastModified: log.completionTime,
    lastModifiedBy: log.submitUserId,
    archived: false,
  };
  return {
    ...entityModel(state, log.id, `Publish ${targetName(state, log.targetId)}`, 'PublishCompletionLog', stamp),
    Error: log.error,
    PublishingTargetId: log.targetId,
    PublishingTargetName: targetName(state, log.targetId),
    PublishingTaskId: log.taskId,
    StartTime: log.startTime,
    SubmitTime: log.submitTime,
    UserID: loginOf(state, log.submitUserId),
    UserName: userName(state, log.submitUserId),
    Incremental: log.incremental,
    ForcedIncremental: log.forcedIncremental,
    TotalTimeSeconds: totalMs / 1000,
    FailedItemsCount: log.entries.filter((entry) => !entry.success).length,
    AveragePagePublishMillis: pages.length === 0 ? 0 : perItem,
    TotalPagesPublished: pages.filter((entry) => entry.success).length,
    AverageAssetPublishMillis: assets.length === 0 ? 0 : perItem,
    TotalAssetsPublished: assets.filter((entry) => entry.success).length,
    Entries: log.entries.map((entry) => ({
      PageID: entry.itemId,
      Error: entry.error,
      Success: entry.success,
      SuccessMessage: entry.message,
    })),
    CompletionTime: compactDate(log.completionTime),
    ReplicationsToPerform: log.replication?.destinations ?? 0,
    ReplicationCompletionTime: log.replication?.completionTime ? compactDate(log.replication.completionTime) : null,
    ReplicationStoppingError: log.replication?.failed ?? false,
  };
}

/** `PublishingMonitorModel` of the contract. Waiting tasks are only counted, as in the real one. */
export function monitorModel(state: SandboxState, now: Date) {
  const [current, ...waiting] = state.publishing.queue;
  return {
    PendingItemsCount: waiting.length,
    Publishing: current ? statusModel(state, current, now) : null,
    Replications: { Tasks: state.administration.replication.tasks.map((task) => replicationModel(state, task)) },
    RecentCompletedPublishes: state.publishing.logs.slice(0, RECENT_LOGS).map((log) => logModel(state, log)),
  };
}

const RECENT_LOGS = 20;

/** `ReplicationTaskModel` of the contract. */
function replicationModel(state: SandboxState, task: ReplicationTask) {
  const percents = task.sessions.map(({ percent }) => percent);
  return {
    Sessions: task.sessions.map(({ id, destinationId, percent }) => ({
      Id: id,
      ReplicationTargetId: destinationId,
      ReplicationTargetName: destinationName(state, destinationId),
      StartTime: compactDate(task.startTime),
      Started: percent > 0,
      Percentage: percent,
      Completed: percent === 100,
      Cancelled: false,
      Error: false,
      DetectingChanges: percent === 0,
    })),
    PublishingTargetId: task.targetId,
    PublishingTargetName: targetName(state, task.targetId),
    SubmitUserId: loginOf(state, task.submitUserId),
    SubmitUserName: userName(state, task.submitUserId),
    StartTime: compactDate(task.startTime),
    Percentage: Math.floor(percents.reduce((sum, percent) => sum + percent, 0) / percents.length),
    EstimatedEndTime: null,
    IsSimultaneous: false,
  };
}

function destinationName(state: SandboxState, id: string): string | null {
  const destination = state.administration.replication.destinations.find(({ Id }) => Id === id);
  return destination ? String(destination['Name']) : null;
}

function statusModel(state: SandboxState, task: PublishTask, now: Date) {
  const done = task.entries.length;
  const ids = task.startTime === null ? itemsToPublish(state, task, now.toISOString()) : [];
  const total = task.startTime === null ? ids.length : task.totalCount;
  const elapsedMs = task.startTime === null ? 0 : now.getTime() - Date.parse(task.startTime);
  const millisPerPage = done === 0 ? 0 : elapsedMs / done;
  return {
    Id: task.id,
    Name: `Publish ${targetName(state, task.targetId)}`,
    PubTargetName: targetName(state, task.targetId),
    RootPageId: task.rootItemId,
    IsFullPublish: !task.incremental,
    SubmitTime: compactDate(task.submitTime),
    SubmitUserId: loginOf(state, task.submitUserId),
    EstimatedStartTime: compactDate(task.startTime ?? now.toISOString()),
    PagesCount: total,
    Pages: task.startTime === null ? ids : [...task.entries.map((entry) => entry.itemId), ...task.remaining],
    WaitingForSync: false,
    StartTime: task.startTime === null ? null : compactDate(task.startTime),
    TasksCount: total,
    CurrentStatus: task.startTime === null ? 'Waiting' : task.remaining.length > 0 ? 'Publishing' : 'Finishing',
    PercentCompleted: total === 0 ? 0 : Math.floor((100 * done) / total),
    EstimatedEndTime: new Date(now.getTime() + millisPerPage * task.remaining.length).toISOString(),
    AverageMilliSecondsPerPage: millisPerPage,
    AveragePagesPerSecond: millisPerPage === 0 ? 0 : 1000 / millisPerPage,
    PagesPublished: done,
    Inactive: false,
    Errors: task.entries
      .filter((entry) => entry.error !== null)
      .map((entry) => ({ TaskId: task.id, ErrorMessage: `${entry.itemId}: ${entry.error}` })),
    UpdateTime: compactDate(now.toISOString()),
  };
}

/** `PublishingLogSummary` of the contract. */
export function targetSummary(state: SandboxState, target: PublishingTarget) {
  const logs = state.publishing.logs.filter((log) => log.targetId === target.id);
  return {
    identifier: 'FileName',
    numRows: logs.length,
    label: 'FileName',
    items: logs.map((log) => ({
      FileName: log.id,
      PublishingTargetID: log.targetId,
      PublishTime: compactDate(log.completionTime),
    })),
    Full: summaryValues(logs.filter((log) => !log.incremental)),
    Incremental: summaryValues(logs.filter((log) => log.incremental)),
    repTargets: destinationsOf(state, target.id).map(({ Id, Name }) => ({ Id, Name })),
  };
}

function summaryValues(logs: PublishLog[]) {
  const average = (pick: (log: PublishLog) => number) =>
    logs.length === 0 ? 0 : logs.reduce((sum, log) => sum + pick(log), 0) / logs.length;
  const count = (log: PublishLog, kind: 'page' | 'asset') => log.entries.filter((entry) => entry.kind === kind).length;
  return {
    TotalPublishCount: logs.length,
    AvgPublishTime: average((log) => (Date.parse(log.completionTime) - Date.parse(log.startTime)) / 1000),
    AvgPublishPages: average((log) => count(log, 'page')),
    AvgPublishAssets: average((log) => count(log, 'asset')),
  };
}

function targetName(state: SandboxState, targetId: string): string | null {
  return state.publishingTargets.find((target) => target.id === targetId)?.name ?? null;
}
