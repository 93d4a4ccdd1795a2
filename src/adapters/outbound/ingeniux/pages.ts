import { z } from 'zod';
import type { CmsPages } from '../../../domain/ports/cms/pages.ts';
import type { Calls } from './calls.ts';
import { operations } from './catalogue/index.ts';
import { contextsOf } from './contexts.ts';
import { contentDetails } from './wire/content-details.ts';
import { contentItem } from './wire/content-item.ts';
import { itemContext } from './wire/item-context.ts';
import { camelPaging, pascalPaging } from './wire/page.ts';
import { outlineNode, pagePath } from './wire/page-path.ts';
import { id } from './wire/values.ts';
import { versionInfo } from './wire/version-info.ts';

export function createPages(calls: Calls): CmsPages {
  return {
    get: (id) => calls.one(operations.Pages_GetPage, { id }, contentItem),
    root: () => calls.value(operations.Pages_GetRoot, {}, contentItem),
    recycleFolder: () => calls.value(operations.Pages_GetRecycleFolder, {}, contentItem),
    children: (id, page) => calls.page(operations.Pages_GetChildren, { id, ...camelPaging(page) }, page, contentItem),
    descendants: (id, page) =>
      calls.page(operations.Pages_GetDescendants, { id, ...camelPaging(page) }, page, contentItem),
    outline: (id, { depth, countMax }) =>
      calls.list(operations.Preview_GetPageDescendants, { id, depth, maxCount: countMax }, outlineNode),
    ancestors: (id) => calls.list(operations.Pages_GetAncestors, { id }, contentItem),
    details: (id, version) => calls.one(operations.Pages_GetPageDetails, { id, version }, contentDetails),
    xml: (id, { version, checkedOut }) =>
      calls.one(operations.Preview_GetPageXml, { pageId: id, version, checkedOut }, pageXml),
    history: (id, page) =>
      calls.page(operations.Pages_GetPageHistory, { Id: id, ...pascalPaging(page) }, page, versionInfo),
    contexts: (ids) =>
      contextsOf(ids, (some) =>
        calls.list(operations.Pages_GetPageContext, {}, itemContext.nullable(), {
          body: some,
          unknownMeansEmpty: true,
        }),
      ),
    referencesOf: (ids) =>
      ids.length === 0
        ? Promise.resolve([])
        : calls.list(operations.Preview_GetPageForwardReferences, {}, id, { body: ids, unknownMeansEmpty: true }),
    findByPath: (path, targetId) =>
      calls.one(operations.Preview_GetPageMapEntryByPath, { path, pubTargetId: targetId }, pagePath),
    pathOf: (id, targetId) =>
      calls.one(operations.Preview_GetPageMapEntry, { pageId: id, pubTargetId: targetId }, pagePath),
    create: (page) =>
      calls.write(operations.Pages_CreatePCRPage, {}, contentItem, {
        body: {
          PCRId: page.ruleId,
          Name: page.name,
          ParentPageId: page.parentId,
          SkipWorkflow: page.skipWorkflow,
          AssignToUserId: page.assignToUserId ?? null,
        },
      }),
    rename: (id, name) => calls.write(operations.Pages_Rename, {}, contentItem, { body: { Id: id, Name: name } }),
    move: (ids, to) =>
      calls.write(operations.Pages_Move, { tgtId: to.id, position: copyActions[to.position] }, contentItem.array(), {
        body: ids,
      }),
    copy: async (ids, parentId, { withDescendants, locale }) => {
      const answered = await calls.write(
        operations.Pages_Copy,
        {
          isSmartCopy: false,
          singlePageCopy: !withDescendants,
          tgtId: parentId,
          position: copyActions.child,
          targetLocale: locale ?? '',
        },
        contentItem.array(),
        { body: ids },
      );
      return answered.filter((page) => !ids.includes(page.id));
    },
    delete: (id) => calls.write(operations.Pages_DeletePage, { id }, z.boolean()),
    checkOut: (id) => calls.write(operations.Pages_CheckOut, {}, contentItem, { body: { Id: id, Recursive: false } }),
    checkIn: (id, options) =>
      calls.write(operations.Pages_CheckIn, {}, contentItem, {
        body: {
          Id: id,
          Recursive: options.recursive,
          PublishingTargetIds: options.markTargetIds,
          Comment: options.comment,
        },
      }),
  };
}

/** `EnumCopyActions`: names travel, never numbers (gaps 33). */
const copyActions = {
  child: 'IGX_MAKE_CHILD',
  before: 'IGX_INSERT_BEFORE',
  after: 'IGX_INSERT_AFTER',
} as const;

/** `PageXmlModel`. */
const pageXml = z.object({ Content: z.string() }).transform((wire) => wire.Content);
