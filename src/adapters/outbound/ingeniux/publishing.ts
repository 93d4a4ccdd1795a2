import { z } from 'zod';
import type { CmsPublishing } from '../../../domain/ports/cms/publishing.ts';
import type { Calls } from './calls.ts';
import { operations } from './catalogue/index.ts';
import { inOrderOf } from './in-order.ts';
import { allItems, pascalPaging } from './wire/page.ts';
import { publishingTarget, publishLog, publishMonitor, publishState } from './wire/publishing.ts';
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
    saveRedirect: async (redirect) => {
      const saved = await calls.write(operations.Publishing_SaveRedirect, {}, savedRedirect, {
        body: {
          // An empty id creates.
          Id: '',
          SelectedTgtIds: redirect.targetIds.join(targetSeparator),
          SelectedTgtNames: '',
          From: redirect.from,
          To: redirect.to,
          Notes: redirect.notes,
          Temp: false,
        },
      });
      return saved;
    },
  };
}

/** The contract does not say how several targets are joined in one text (gaps 30). */
const targetSeparator = ',';

/** `RedirectInfo`, of which only the id is news. */
const savedRedirect = z.object({ Id: id }).transform((wire) => ({ id: wire.Id }));
