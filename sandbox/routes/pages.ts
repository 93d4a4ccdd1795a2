import { canRead, requireFullAccess, requireRead, requireRight } from '../cms/access.ts';
import { assertCanCheckIn, checkIn, checkOut, touch, withDescendants } from '../cms/check-out.ts';
import { contentOfVersion } from '../cms/content.ts';
import { ancestorsOf, childPages, descendantPages, isPage, isRecycled } from '../cms/tree.ts';
import {
  copyPages,
  createPage,
  deletePage,
  isAllowedParent,
  isGranted,
  movePages,
  type Position,
  renameItem,
} from '../cms/tree-edit.ts';
import { advance } from '../cms/workflow.ts';
import { HttpRefusal, invalidArgument } from '../exceptions.ts';
import type { PageItem } from '../model.ts';
import type { ApiCall, Route } from '../route.ts';
import { contentContext } from '../views/content-context.ts';
import { contentDetails } from '../views/content-details.ts';
import { pageModel } from '../views/content-item.ts';
import { versionHistory } from '../views/history.ts';
import { camelPaging, paginated, pascalPaging } from '../views/paging.ts';
import { contentWorkflowStates } from '../views/workflow.ts';

/** Tag *Pages* of the contract, and the page side of *PCR*. */
export const pageRoutes: Route[] = [
  {
    operationId: 'Pages_GetPages',
    method: 'GET',
    path: '/pages',
    query: camelPaging,
    effect: 'read',
    indexed: true,
    handle: (call) => pageList(call, Object.values(call.state.pages)),
  },
  {
    operationId: 'Pages_GetRoot',
    method: 'GET',
    path: '/pages/root',
    effect: 'read',
    handle: (call) => onePage(call, call.state.rootPageId),
  },
  {
    operationId: 'Pages_GetRecycleFolder',
    method: 'GET',
    path: '/pages/recycle-folder',
    effect: 'read',
    handle: (call) => onePage(call, call.state.recycleFolderId),
  },
  {
    operationId: 'Pages_GetPage',
    method: 'GET',
    path: '/pages/page',
    query: { id: 'string!' },
    effect: 'read',
    handle: (call) => onePage(call, call.query.text('id')),
  },
  {
    operationId: 'Pages_GetChildren',
    method: 'GET',
    path: '/pages/page/children',
    query: { id: 'string!', ...camelPaging },
    effect: 'read',
    indexed: true,
    handle: (call) => pageList(call, childPages(call.state, call.query.text('id'))),
  },
  {
    operationId: 'Pages_GetDescendants',
    method: 'GET',
    path: '/pages/page/descendants',
    query: { id: 'string!', ...camelPaging },
    effect: 'read',
    indexed: true,
    handle: (call) => pageList(call, descendantPages(call.state, call.query.text('id'))),
  },
  {
    operationId: 'Pages_GetDescendantAliasCount',
    method: 'GET',
    path: '/pages/page/descendant-alias-count',
    query: { id: 'string!', ...camelPaging },
    effect: 'read',
    // Aliases belong to DITA, which the sandbox does not have.
    handle: () => 0,
  },
  {
    operationId: 'Pages_GetParent',
    method: 'GET',
    path: '/pages/page/parent',
    query: { id: 'string!' },
    effect: 'read',
    handle: (call) => onePage(call, call.state.pages[call.query.text('id')]?.parentId ?? ''),
  },
  {
    operationId: 'Pages_GetAncestors',
    method: 'GET',
    path: '/pages/page/ancestors',
    query: { id: 'string!' },
    effect: 'read',
    handle(call) {
      const page = call.state.pages[call.query.text('id')];
      if (!page) return null;
      return ancestorsOf(call.state, page)
        .filter(isPage)
        .filter((ancestor) => canRead(call, ancestor))
        .map((ancestor) => pageModel(call, ancestor));
    },
  },
  {
    operationId: 'Pages_DeletePage',
    method: 'DELETE',
    path: '/pages/page',
    query: { id: 'string!' },
    effect: 'write',
    handle(call) {
      const page = call.state.pages[call.query.text('id')];
      if (!page) return false;
      deletePage(call, page);
      return true;
    },
  },
  {
    operationId: 'Pages_GetPageDetails',
    method: 'GET',
    path: '/pages/page/details',
    query: { id: 'string!', version: 'int=0' },
    effect: 'read',
    handle(call) {
      const page = call.state.pages[call.query.text('id')];
      if (!page) return null;
      requireRead(call, page);
      const content = contentOfVersion(call.state, call.user, page, call.query.int('version') ?? 0);
      return content && contentDetails(call, page, content);
    },
  },
  {
    operationId: 'Pages_GetPageContext',
    method: 'POST',
    path: '/pages/page/context',
    body: 'json',
    effect: 'read',
    handle: (call) => pagesOf(call, call.body.ids('ids')).map((page) => contentContext(call, page)),
  },
  {
    operationId: 'Pages_SetCategoryAssociations',
    method: 'POST',
    path: '/pages/page/associations',
    query: { contentId: 'string!' },
    body: 'json',
    effect: 'write',
    handle(call) {
      const page = call.state.pages[call.query.text('contentId')];
      const categoryIds = call.body.ids('categoryIds');
      if (!page) return null;
      requireRight(call, 'IGX_USER_RIGHT_CATEGORIZE', 'IGX_USER_RIGHT_MANAGE_TAXONOMY');
      requireFullAccess(call, page);
      for (const id of categoryIds) {
        if (!call.state.categories.some((category) => category.id === id)) {
          throw invalidArgument(`There is no category ${id}.`, 'categoryIds');
        }
      }
      page.categoryIds = [...new Set(categoryIds)];
      touch(call, page);
      return pageModel(call, page);
    },
  },
  {
    operationId: 'Pages_GetByCategory',
    method: 'GET',
    path: '/pages/by-category',
    // A number, although categories are named `CategoryNodes/33` everywhere else (contract §7).
    query: { categoryId: 'int!', ...camelPaging },
    effect: 'read',
    indexed: true,
    handle(call) {
      const id = `CategoryNodes/${call.query.int('categoryId')}`;
      return pageList(
        call,
        Object.values(call.state.pages).filter((page) => page.categoryIds.includes(id)),
      );
    },
  },
  {
    operationId: 'Pages_Move',
    method: 'PATCH',
    path: '/pages/move',
    query: { tgtId: 'string!', position: 'string!' },
    body: 'json',
    effect: 'write',
    handle(call) {
      const pages = knownPages(call, call.body.ids('srcIds'), 'srcIds');
      movePages(call, pages, targetPage(call), position(call));
      return pages.map((page) => pageModel(call, page));
    },
  },
  {
    operationId: 'Pages_Copy',
    method: 'POST',
    path: '/pages/copy',
    query: {
      isSmartCopy: 'bool!',
      singlePageCopy: 'bool!',
      tgtId: 'string!',
      position: 'string!',
      targetLocale: 'string!',
    },
    body: 'json',
    effect: 'write',
    handle(call) {
      const pages = knownPages(call, call.body.ids('srcIds'), 'srcIds');
      const copies = copyPages(call, pages, targetPage(call), {
        singlePageCopy: call.query.flag('singlePageCopy') ?? false,
        position: position(call),
        targetLocale: call.query.text('targetLocale'),
      });
      return copies.map((page) => pageModel(call, page));
    },
  },
  {
    operationId: 'Pages_Rename',
    method: 'POST',
    path: '/pages/rename',
    body: 'json',
    effect: 'write',
    handle(call) {
      const request = call.body.model();
      const page = call.state.pages[request.required('Id')];
      const name = request.required('Name');
      if (!page) return null;
      renameItem(call, page, name);
      return pageModel(call, page);
    },
  },
  {
    operationId: 'Pages_CheckIn',
    method: 'POST',
    path: '/pages/checkin',
    body: 'json',
    effect: 'write',
    handle(call) {
      const request = call.body.model();
      const page = call.state.pages[request.required('Id')];
      if (!page) return null;
      const order = { targetIds: request.list('PublishingTargetIds'), comment: request.text('Comment') };
      const items = withDescendants(call, page, request.flag('Recursive'));
      for (const item of items) assertCanCheckIn(call, item, order, call.runtime.knobs);
      for (const item of items) checkIn(call, item, order);
      return pageModel(call, page);
    },
  },
  {
    operationId: 'Pages_CheckOut',
    method: 'POST',
    path: '/pages/checkout',
    body: 'json',
    effect: 'write',
    handle(call) {
      const request = call.body.model();
      const page = call.state.pages[request.required('Id')];
      if (!page) return null;
      for (const item of withDescendants(call, page, request.flag('Recursive'))) checkOut(call, item);
      return pageModel(call, page);
    },
  },
  {
    operationId: 'Pages_CreatePCRPage',
    method: 'POST',
    path: '/pages/page/pcr',
    body: 'json',
    effect: 'write',
    handle(call) {
      const request = call.body.model();
      const page = createPage(call, {
        ruleId: request.required('PCRId'),
        name: request.required('Name', { allowEmpty: true }),
        parentPageId: request.text('ParentPageId'),
        skipWorkflow: request.flag('SkipWorkflow'),
        assignToUserId: request.text('AssignToUserId'),
      });
      return pageModel(call, page);
    },
  },
  {
    operationId: 'Pages_GetPageHistory',
    method: 'GET',
    path: '/pages/history',
    query: { Id: 'string', ...pascalPaging },
    effect: 'read',
    handle(call) {
      const page = call.state.pages[call.query.text('Id')];
      if (!page) return null;
      requireRead(call, page);
      return paginated(call, versionHistory(call, page), (version) => version);
    },
  },
  {
    operationId: 'Pages_GetWorkflowStates',
    method: 'GET',
    path: '/pages/page/workflow/workstates',
    query: { pageId: 'string!' },
    effect: 'read',
    handle(call) {
      const page = call.state.pages[call.query.text('pageId')];
      return page ? contentWorkflowStates(call, page) : null;
    },
  },
  {
    operationId: 'Pages_AdvanceWorkflow',
    method: 'POST',
    path: '/pages/page/workflow/advance',
    body: 'json',
    effect: 'write',
    handle(call) {
      const request = call.body.model();
      const page = call.state.pages[request.required('ContentId')];
      if (!page) return false;
      const order = {
        transitionId: request.text('TransitionId'),
        comments: request.text('Comments'),
        assignToUserId: request.text('AssignToUserId'),
      };
      return advance(call, page, order, call.runtime.knobs);
    },
  },
  {
    operationId: 'PCR_GetPCRChildPages',
    method: 'GET',
    path: '/pcr/childpages',
    query: { pageId: 'string!' },
    effect: 'read',
    handle: (call) =>
      childPages(call.state, call.query.text('pageId'))
        .filter((page) => canRead(call, page))
        .map((page) => pageModel(call, page)),
  },
  {
    operationId: 'PCR_GetPCRParentPages',
    method: 'GET',
    path: '/pcr/parentpages',
    query: { ruleId: 'string!', pageId: 'string=' },
    effect: 'read',
    handle(call) {
      const rule = call.state.pageCreationRules.find((candidate) => candidate.id === call.query.text('ruleId'));
      if (!rule) return null;
      const wanted = call.query.text('pageId');
      return Object.values(call.state.pages)
        .filter((page) =>
          wanted === '' ? rule.parents.some((parent) => parent.pageId === page.id) : page.id === wanted,
        )
        .filter((page) => isGranted(call, rule) && isAllowedParent(call.state, rule, page) && canRead(call, page))
        .map((page) => ({
          ...pageModel(call, page),
          IncludeDescendants: rule.parents.some((parent) => parent.pageId === page.id && !parent.parentOnly),
        }));
    },
  },
];

function onePage(call: ApiCall, id: string) {
  const page = call.state.pages[id];
  if (!page) return null;
  requireRead(call, page);
  return pageModel(call, page);
}

/** The readable ones of a list; what is in the Recycle Folder shows only when the list is about it. */
function pageList(call: ApiCall, pages: PageItem[]) {
  const isAboutRecycled = pages.every((page) => isRecycled(call.state, page));
  const shown = pages.filter((page) => canRead(call, page) && (isAboutRecycled || !isRecycled(call.state, page)));
  return paginated(call, shown, (page) => pageModel(call, page));
}

function pagesOf(call: ApiCall, ids: string[]): PageItem[] {
  return ids.map((id) => call.state.pages[id]).filter((page) => page !== undefined);
}

function knownPages(call: ApiCall, ids: string[], parameterName: string): PageItem[] {
  const unknown = ids.find((id) => !call.state.pages[id]);
  if (unknown !== undefined) throw invalidArgument(`There is no page ${unknown}.`, parameterName);
  return pagesOf(call, ids);
}

function targetPage(call: ApiCall): PageItem {
  const id = call.query.text('tgtId');
  const page = call.state.pages[id];
  if (!page) throw invalidArgument(`There is no page ${id}.`, 'tgtId');
  return page;
}

/** The enumeration is named in requests; its numbers work too, as everywhere in ASP.NET. */
function position(call: ApiCall): Position {
  const given = call.query.text('position').toUpperCase();
  const found = POSITIONS.find((name, number) => name === given || String(number) === given);
  if (found) return found;
  throw new HttpRefusal(400, {
    Message: 'The request is invalid.',
    MessageDetail: `The parameters dictionary contains a null entry for parameter 'position' of non-nullable type 'EnumCopyActions'.`,
  });
}

const POSITIONS: Position[] = ['IGX_MAKE_CHILD', 'IGX_INSERT_BEFORE', 'IGX_INSERT_AFTER'];
