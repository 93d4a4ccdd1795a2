import { z } from 'zod';
import { canRead, requireFullAccess, requireRead, requireRight } from '../cms/access.ts';
import type { Actor } from '../cms/actor.ts';
import { assertCanCheckIn, checkIn, checkOut, rightOf, undoCheckOut } from '../cms/check-out.ts';
import { holdsWorkingCopy, isFolderPage, nameOf } from '../cms/content.ts';
import { childPages, isRecycled } from '../cms/tree.ts';
import { createPageOfSchema } from '../cms/tree-edit.ts';
import { invalidArgument, invalidOperation, missingArgument } from '../exceptions.ts';
import { escapeHtml } from '../http.ts';
import type { Knobs } from '../knobs.ts';
import type { CheckedOutCopy, PageItem } from '../model.ts';
import { markPageInput, markPages, pageMarks } from './marks.ts';
import { pageProperties } from './page-properties.ts';
import { pairs, saveNode, savePartial, saveTree } from './save-tree.ts';
import type { ServiceKnobs } from './service-knobs.ts';

/** One call of one method, its arguments by name; what is missing is null, as in the framework. */
export type ServiceCall = Actor & { knobs: Knobs; service: ServiceKnobs; args: Record<string, unknown> };

export type ServiceMethod = { kind: 'read' | 'write'; handle(call: ServiceCall): unknown };

/** The methods that the vendor's reference describes well enough to act them out, by class and name. */
export const serviceMethods: Record<string, ServiceMethod> = {
  'SiteTreeServices.GetPageProperties': {
    kind: 'read',
    handle(call) {
      const page = pageOf(call, call.args.pageId);
      requireRead(call, page);
      return pageProperties(call, page, encoder(call));
    },
  },
  'SiteTreeServices.GetChildPages': {
    kind: 'read',
    handle(call) {
      const parent = pageOf(call, object(call.args.node).objectId);
      const start = Number(call.args.nextPageIndex ?? 0);
      return childPages(call.state, parent.id)
        .filter((child) => canRead(call, child))
        .slice(start, start + CHILDREN_PER_CALL)
        .map((child) => ({
          isFolder: isFolderPage(call.state, child),
          name: encoder(call)(nameOf(child)),
          objectId: child.id,
          props: pageProperties(call, child, encoder(call)),
          readOnly: false,
          title: `<span>${escapeHtml(nameOf(child))}</span>`,
          widgetId: `st_${child.id}`,
        }));
    },
  },
  'SiteTreeServices.CreateNewPage': {
    kind: 'write',
    handle(call) {
      if (text(call.args.ruleId) !== '') throw invalidOperation('Creation by rule is done over the REST API here.');
      if (text(call.args.schemaId) === '') throw missingArgument('schemaId');
      const page = createPageOfSchema(call, {
        schemaId: text(call.args.schemaId),
        parentPageId: pageOf(call, call.args.parentId).id,
        name: text(call.args.pageName),
      });
      return { pageAction: 'newpage', pageProperties: pageProperties(call, page, encoder(call)) };
    },
  },
  'PageCommandsServices.CheckOut': {
    kind: 'write',
    handle: (call) => command(call, 'checkout', pagesOf(call), (page) => checkOut(call, page)),
  },
  'PageCommandsServices.CheckIn': {
    kind: 'write',
    handle(call) {
      const marking = z
        .object({ pubTargets: z.array(z.object({ id: z.string() })).nullish() })
        .nullish()
        .parse(call.args.publishMarking);
      const order = { targetIds: (marking?.pubTargets ?? []).map(({ id }) => id), comment: '' };
      return command(call, 'checkin', pagesOf(call), (page) => {
        assertCanCheckIn(call, page, order, call.knobs);
        checkIn(call, page, order);
      });
    },
  },
  'PageCommandsServices.UndoCheckout': {
    kind: 'write',
    handle: (call) =>
      command(call, 'undocheckout', [pageOf(call, call.args.pageId)], (page) => {
        requireRight(call, rightOf(page, 'checkOut'));
        requireFullAccess(call, page);
        if (page.checkedOut && !holdsWorkingCopy(call.state, call.user, page)) {
          requireRight(call, rightOf(page, 'checkInOthers'));
        }
        undoCheckOut(call, page);
      }),
  },
  'PageCommandsServices.Save': {
    kind: 'write',
    handle(call) {
      const page = pageOf(call, call.args.pageId);
      const copy = ownCopy(call, page);
      const root = saveNode.safeParse(call.args.pageData);
      if (!root.success) throw missingArgument('pageData');
      const contentChanged = saveTree(call, page, copy, root.data, call.service.saveMode);
      page.lastModified = call.now;
      page.lastModifiedBy = call.user.id;
      return { ...command(call, 'save', [page], () => undefined), contentChanged };
    },
  },
  'PageCommandsServices.SavePartial': {
    kind: 'write',
    handle(call) {
      const { saveData } = partialInput.parse(call.args.data ?? {});
      const page = pageOf(call, saveData?.PageId);
      const copy = ownCopy(call, page);
      const draft = structuredClone(copy);
      for (const element of saveData?.Elements ?? []) {
        savePartial(call, page, draft, {
          ...element,
          Value: element.Value ?? null,
          createMissingAttributes: saveData?.CreateMissingAttributes === true,
        });
      }
      copy.elements = draft.elements;
      return { ...command(call, 'save', [page], () => undefined), contentChanged: true };
    },
  },
  'MarkForPublishServices.GetPageMarks': {
    kind: 'read',
    handle(call) {
      const data = call.service.singleArgument === 'wrapped' ? call.args.data : call.args;
      const ids = z.array(z.string()).safeParse(object(data).pageIds);
      if (!ids.success || ids.data.length === 0) throw missingArgument('pageIds');
      return pageMarks(call, pageOf(call, ids.data[0]));
    },
  },
  'MarkForPublishServices.MarkPages': {
    kind: 'write',
    handle(call) {
      const input = markPageInput.parse(call.args.data ?? {});
      if (!input.pageIds || input.pageIds.length === 0) throw missingArgument('pageIds');
      const pages = input.pageIds.map((id) => pageOf(call, id));
      markPages(call, pages, input);
      return command(call, 'markforpublish', pages, () => undefined);
    },
  },
};

const CHILDREN_PER_CALL = 50;

const partialInput = z.object({
  saveData: z
    .object({
      PageId: z.string().nullish(),
      Elements: z
        .array(z.object({ FullFieldId: z.array(z.string()), Attributes: pairs, Value: z.string().nullish() }))
        .nullish(),
      CreateMissingAttributes: z.boolean().nullish(),
    })
    .nullish(),
});

/** `PageCommandReturnInformation`. */
function command(call: ServiceCall, pageAction: string, pages: PageItem[], act: (page: PageItem) => void) {
  for (const page of pages) act(page);
  return {
    contentChanged: false,
    pageAction,
    pageProperties: null,
    pages: pages.map((page) => ({ id: page.id, props: pageProperties(call, page, encoder(call)) })),
    queryString: null,
  };
}

function pagesOf(call: ServiceCall): PageItem[] {
  const ids = z.array(z.string()).safeParse(call.args.pageIds);
  if (!ids.success || ids.data.length === 0) throw missingArgument('pageIds');
  return ids.data.map((id) => pageOf(call, id));
}

function pageOf(call: ServiceCall, id: unknown): PageItem {
  if (typeof id !== 'string' || id === '') throw missingArgument('pageId');
  const page = call.state.pages[id];
  if (!page || !canRead(call, page)) throw invalidArgument(`There is no page ${id}.`, 'pageId');
  return page;
}

/** The working copy that a save goes into. */
function ownCopy(call: ServiceCall, page: PageItem): CheckedOutCopy {
  requireFullAccess(call, page);
  if (isRecycled(call.state, page)) throw invalidOperation(`${page.id} is in the Recycle Folder.`);
  if (!page.checkedOut) throw invalidOperation(`${page.id} is not checked out.`);
  if (!holdsWorkingCopy(call.state, call.user, page)) throw invalidOperation(`${page.id} is assigned to another user.`);
  return page.checkedOut;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const object = (value: unknown): Record<string, unknown> =>
  // Any object has string keys; its values are looked at one by one.
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

const encoder = (call: ServiceCall) => (name: string) => (call.service.encodeNames ? encodeURIComponent(name) : name);
