import { z } from 'zod';
import type {
  PreviewedItem,
  PublishingTarget,
  PublishLog,
  PublishMonitor,
  PublishPreview,
  PublishState,
  Redirect,
} from '../../../../domain/model/publishing.ts';
import { compact, count, flag, id, listOf, optionalText, text, time } from './values.ts';

/** `PublishingTargetModel`. */
export const publishingTarget = z
  .object({
    Id: id,
    Name: text,
    RootPageId: optionalText,
    RootPageName: optionalText,
    BaseUrl: optionalText,
    MarkedPageCount: count,
    MarkedAssetCount: count,
    LastPublished: time,
  })
  .transform(
    (wire): PublishingTarget =>
      compact({
        id: wire.Id,
        name: wire.Name,
        rootPageId: wire.RootPageId,
        rootPageName: wire.RootPageName,
        baseUrl: wire.BaseUrl,
        markedPageCount: wire.MarkedPageCount,
        markedAssetCount: wire.MarkedAssetCount,
        lastPublishedAt: wire.LastPublished,
      }),
  );

/** `PublishCompletionLogModel`. */
export const publishLog = z
  .object({
    Id: id,
    PublishingTargetId: text,
    PublishingTargetName: text,
    UserName: text,
    UserID: text,
    SubmitTime: time,
    StartTime: time,
    CompletionTime: time,
    Incremental: flag,
    FailedItemsCount: count,
    TotalPagesPublished: count,
    TotalAssetsPublished: count,
    Error: optionalText,
    ReplicationsToPerform: count,
    ReplicationCompletionTime: time,
    ReplicationStoppingError: flag,
    Entries: listOf(z.object({ PageID: text, Success: flag, Error: text, SuccessMessage: text })),
  })
  .transform(
    (wire): PublishLog =>
      compact({
        id: wire.Id,
        targetId: wire.PublishingTargetId,
        targetName: wire.PublishingTargetName,
        userName: wire.UserName === '' ? wire.UserID : wire.UserName,
        submittedAt: wire.SubmitTime,
        startedAt: wire.StartTime,
        completedAt: wire.CompletionTime,
        incremental: wire.Incremental,
        failedCount: wire.FailedItemsCount,
        pagesPublished: wire.TotalPagesPublished,
        assetsPublished: wire.TotalAssetsPublished,
        error: wire.Error,
        replication:
          wire.ReplicationsToPerform === 0
            ? undefined
            : compact({
                destinationCount: wire.ReplicationsToPerform,
                completedAt: wire.ReplicationCompletionTime,
                isStopped: wire.ReplicationStoppingError,
              }),
        entries: wire.Entries.map((entry) => ({
          itemId: entry.PageID,
          success: entry.Success,
          message: entry.Success ? entry.SuccessMessage : entry.Error,
        })),
      }),
  );

/** `PublishingMonitorModel`. */
export const publishMonitor = z
  .object({
    PendingItemsCount: count,
    Publishing: z
      .object({
        Id: text,
        PubTargetName: text,
        PercentCompleted: count,
        CurrentStatus: text,
        PagesPublished: count,
        PagesCount: count,
        StartTime: time,
        EstimatedEndTime: time,
        Inactive: flag,
        Errors: listOf(z.object({ ErrorMessage: text })),
      })
      .nullish(),
    Replications: z
      .object({
        Tasks: listOf(z.object({ PublishingTargetId: text, PublishingTargetName: text, Percentage: count })),
      })
      .nullish(),
    RecentCompletedPublishes: listOf(publishLog),
  })
  .transform((wire): PublishMonitor => {
    const running = wire.Publishing;
    return compact({
      pendingCount: wire.PendingItemsCount,
      running:
        // An idle queue answers null or a status without a task.
        running === null || running === undefined || running.Id === ''
          ? undefined
          : compact({
              taskId: running.Id,
              targetName: running.PubTargetName,
              percent: running.PercentCompleted,
              status: running.CurrentStatus,
              pagesPublished: running.PagesPublished,
              pagesTotal: running.PagesCount,
              startedAt: running.StartTime,
              estimatedEndAt: running.EstimatedEndTime,
              errors: running.Errors.map((error) => error.ErrorMessage),
            }),
      replicating: (wire.Replications?.Tasks ?? []).map((task) => ({
        targetId: task.PublishingTargetId,
        targetName: task.PublishingTargetName,
        percent: task.Percentage,
      })),
      recent: wire.RecentCompletedPublishes,
    });
  });

/** `PublishingPreviewTaskModel`. */
export const publishPreview = z
  .object({ TaskId: id, PagesCount: count, AssetsCount: count })
  .transform(
    (wire): PublishPreview => ({ taskId: wire.TaskId, pageCount: wire.PagesCount, assetCount: wire.AssetsCount }),
  );

/** `PublishingPreviewContentItemModel`; the version is a text. */
export const previewedItem = z
  .object({ Id: id, Version: z.coerce.number().int().positive().optional().catch(undefined) })
  .transform((wire): PreviewedItem => compact({ itemId: wire.Id, version: wire.Version }));

/** `ContentItemPublishStatusModel`. */
export const publishState = z
  .object({ Id: id, Published: flag, Marked: flag })
  .transform((wire): PublishState => ({ itemId: wire.Id, published: wire.Published, marked: wire.Marked }));

/** `RedirectInfo`; how several targets are joined in one text is not documented (gaps 30), so any usual way is read. */
export const redirectInfo = z
  .object({ Id: id, From: text, To: text, SelectedTgtIds: text, Notes: text, Temp: flag })
  .transform(
    (wire): Redirect => ({
      id: wire.Id,
      from: wire.From,
      to: wire.To,
      targetIds: wire.SelectedTgtIds.split(/[,|;]/)
        .map((targetId) => targetId.trim())
        .filter((targetId) => targetId !== ''),
      notes: wire.Notes,
      temporary: wire.Temp,
    }),
  );
