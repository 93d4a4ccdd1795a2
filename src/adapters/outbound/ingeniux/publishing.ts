import { z } from 'zod';
import type { CmsPublishing } from '../../../domain/ports/cms/publishing.ts';
import type { Calls } from './calls.ts';
import { operations } from './catalogue/index.ts';
import { inOrderOf } from './in-order.ts';
import { allItems, pascalPaging } from './wire/page.ts';
import {
  previewedItem,
  publishingTarget,
  publishLog,
  publishMonitor,
  publishPreview,
  publishState,
  redirectInfo,
} from './wire/publishing.ts';
import { id } from './wire/values.ts';

export function createPublishing(calls: Calls): CmsPublishing {
  return {
    targets: () =>
      allItems((page) =>
        calls.page(
          operations.Publishing_GetPublishingTargets,
          { OrderBy: 'Name', ...pascalPaging(page) },
          page,
          publishingTarget,
        ),
      ),
    monitor: () => calls.value(operations.Publishing_GetCurrentTasks, {}, publishMonitor),
    log: (id) => calls.one(operations.Publishing_GetPublishingLogDetails, { id }, publishLog),
    states: async (targetId, itemIds) => {
      if (itemIds.length === 0) return [];
      const states = await calls.list(
        operations.Publishing_GetContentItemPublishedToTarget,
        { publishingTargetId: targetId },
        publishState,
        { body: itemIds },
      );
      const identified = states.map((state) => ({ ...state, id: state.itemId }));
      return inOrderOf(itemIds, identified).map(({ itemId, published, marked }) => ({ itemId, published, marked }));
    },
    preview: ({ targetId, itemId, incremental, withDescendants, wholeSite }) =>
      calls.value(
        operations.Publishing_PublishPreview,
        {
          contentItemId: itemId,
          publishingTargetId: targetId,
          incremental,
          includeChildren: withDescendants,
          sitePublish: wholeSite,
        },
        publishPreview,
      ),
    previewed: (taskId, kind, page) =>
      calls.page(
        operations.Publishing_GetPubPreviewTaskContentPage,
        { TaskId: taskId, ForAssets: kind === 'assets', Filter: '', ...pascalPaging(page) },
        page,
        previewedItem,
      ),
    saveRedirect: async (redirect) => {
      const saved = await calls.write(operations.Publishing_SaveRedirect, {}, savedRedirect, {
        body: {
          // An empty id creates.
          Id: redirect.id ?? '',
          SelectedTgtIds: redirect.targetIds.join(targetSeparator),
          SelectedTgtNames: '',
          From: redirect.from,
          To: redirect.to,
          Notes: redirect.notes,
          Temp: redirect.temporary ?? false,
        },
      });
      return saved;
    },
    redirects: (page) =>
      calls.page(
        operations.Publishing_GetRedirects,
        { Sort: 'From', SortDirection: 'ASC', ...pascalPaging(page) },
        page,
        redirectInfo,
      ),
    deleteRedirects: (ids) =>
      calls.write(operations.Publishing_DeleteRedirects, {}, z.boolean().array(), { body: ids }),
  };
}

/** The contract does not say how several targets are joined in one text (gaps 30). */
const targetSeparator = ',';

/** `RedirectInfo`, of which only the id is news. */
const savedRedirect = z.object({ Id: id }).transform((wire) => ({ id: wire.Id }));
