import { z } from 'zod';
import { DomainError } from '../../../../domain/errors.ts';
import type { CmsDrafts, PageMark } from '../../../../domain/ports/cms/drafts.ts';
import type { CmsPages } from '../../../../domain/ports/cms/pages.ts';
import type { Calls } from '../calls.ts';
import { operations } from '../catalogue/index.ts';
import { contentItem, isAssetId } from '../wire/content-item.ts';
import { parsePageXml } from './page-xml.ts';
import { marksOf, type ServiceLayer, type ServiceMethod, singleArgument } from './probe.ts';
import { type PageContent, planSave, type SavePlan } from './save-tree.ts';
import type { ServiceAccess, ServiceCaller } from './service-access.ts';

export interface DraftsOptions {
  readonly calls: Calls;
  readonly pages: CmsPages;
  /** Absent when the operator has not switched the service layer on. */
  readonly services: ServiceAccess | undefined;
  readonly caller: ServiceCaller;
}

/** Versions, and pages of the same schema, that are looked at to learn in which form the CMS keeps something. */
const examplesMax = 5;
const siblingsMax = 50;

export function createDrafts({ calls, pages, services, caller }: DraftsOptions): CmsDrafts {
  const layer = (): Promise<ServiceLayer | undefined> =>
    services === undefined ? Promise.resolve(undefined) : services.layer(() => pages.root());

  /** The layer, when the probe has found the method. @throws DomainError CAPABILITY_MISSING. */
  const serving = async (method: ServiceMethod) => {
    const found = await layer();
    if (services === undefined || found === undefined || !found.methods.has(method))
      throw missing(services !== undefined);
    return { services, found };
  };

  const call = async (method: ServiceMethod, args: object): Promise<unknown> => {
    const { services: access, found } = await serving(method);
    return access.call(found, method, args, caller);
  };

  const save = async (pageId: string, plan: SavePlan): Promise<void> => {
    const found = await layer();
    // SavePartial touches only what it names, so it goes first where it says everything (services section 3b).
    if (plan.partial !== undefined && found?.methods.has('PageCommandsServices.SavePartial') === true) {
      if (plan.partial.length === 0) return;
      const elements = plan.partial.map(({ uids, value }) => ({ FullFieldId: uids, Attributes: [], Value: value }));
      const saveData = { PageId: pageId, Elements: elements, Attributes: [], CreateMissingAttributes: false };
      await call('PageCommandsServices.SavePartial', { data: { saveData } });
      return;
    }
    await call('PageCommandsServices.Save', { pageId, pageData: plan.pageData, pubTarget: '' });
  };

  const contentOf = async (pageId: string, version: number): Promise<PageContent | undefined> => {
    const [details, xml] = await Promise.all([
      pages.details(pageId, version),
      pages.xml(pageId, { version, checkedOut: version === 0 }),
    ]);
    return details === undefined || xml === undefined ? undefined : { fields: details.fields, xml: parsePageXml(xml) };
  };

  /** Only asked for when the copy itself does not show how something is kept. */
  const examplesOf = async (pageId: string): Promise<readonly PageContent[]> => {
    const history = await pages.history(pageId, { startIndex: 0, pageSize: examplesMax + 1 });
    const versions = history.items.filter(({ isCheckedOutCopy }) => !isCheckedOutCopy).slice(0, examplesMax);
    const contents = await Promise.all([
      ...versions.map(({ version }) => contentOf(pageId, version)),
      ...(await siblingsOf(pageId)).map((id) => contentOf(id, 0)),
    ]);
    return contents.filter((content) => content !== undefined);
  };

  /** Pages of the same schema below the same parent. */
  const siblingsOf = async (pageId: string): Promise<readonly string[]> => {
    const page = await pages.get(pageId);
    if (page?.parentId === undefined) return [];
    const children = await pages.children(page.parentId, { startIndex: 0, pageSize: siblingsMax });
    return children.items
      .filter((sibling) => sibling.id !== pageId && sibling.schema?.id === page.schema?.id)
      .slice(0, examplesMax)
      .map(({ id }) => id);
  };

  const readMarks = async (pageId: string): Promise<unknown> => {
    const style = (await layer())?.singleArgument ?? 'wrapped';
    return call('MarkForPublishServices.GetPageMarks', singleArgument(style, marksOf(pageId)));
  };

  const markOf = async (pageId: string, targetId: string) => {
    const found = marks.safeParse(await readMarks(pageId));
    const target = found.data?.pubTargets.find(({ pubTargetId }) => pubTargetId === targetId);
    if (target === undefined) {
      throw new DomainError('CMS_UNEXPECTED', `The CMS does not tell whether ${pageId} is marked for ${targetId}.`);
    }
    return target;
  };

  return {
    saveFields: async (pageId, fields) => {
      if (isAssetId(pageId)) throw missing(true);
      const now = await contentOf(pageId, 0);
      if (now === undefined) throw new DomainError('NOT_FOUND', `The page ${pageId} is not there any more.`);
      let plan: SavePlan;
      try {
        plan = planSave(now, fields, []);
      } catch (error) {
        // Older versions may show what this one does not.
        if (!(error instanceof DomainError) || error.code !== 'CAPABILITY_MISSING') throw error;
        plan = planSave(now, fields, await examplesOf(pageId));
      }
      await save(pageId, plan);
    },
    discard: async (itemId) => {
      if (isAssetId(itemId)) {
        await calls.write(operations.Assets_UndoCheckOut, {}, contentItem.nullable(), {
          body: { Id: itemId, Recursive: false },
        });
        return;
      }
      await call('PageCommandsServices.UndoCheckout', { pageId: itemId, includeChildren: false, pubTarget: '' });
    },
    setMark: async (pageId, mark) => {
      await serving('MarkForPublishServices.MarkPages');
      const before = await markOf(pageId, mark.targetId);
      if (!before.allowCurrentUser) {
        throw new DomainError('FORBIDDEN', `This user may not mark for ${before.pubTargetName}. Tell the user.`);
      }
      await call('MarkForPublishServices.MarkPages', {
        data: markInput(pageId, mark, before.pubTargetName),
        pubTarget: '',
      });
      const after = await markOf(pageId, mark.targetId);
      if (after.markedVersion !== (mark.version === 'none' ? -1 : mark.version)) {
        throw new DomainError('WRITE_UNVERIFIED', `The CMS took the mark of ${pageId}, but does not show it.`);
      }
    },
    create: async (page) => {
      const output = await call('SiteTreeServices.CreateNewPage', {
        parentId: page.parentId,
        pageName: page.name,
        ruleId: '',
        schemaId: page.schemaId,
        ss: '',
        userID: '',
        pubTargetId: '',
        useSchemaName: false,
        insertAtEnd: true,
      });
      const created = newPage.safeParse(output);
      if (created.success) return { id: created.data.pageProperties.pageId };
      throw new DomainError(
        'CMS_UNEXPECTED',
        'The CMS does not tell the page that it created. Look for it by its name.',
      );
    },
  };
}

function markInput(pageId: string, mark: PageMark, targetName: string) {
  const pubTarget = { id: mark.targetId, name: targetName };
  const marking =
    mark.version === 'none' ? [] : [{ pubTarget, version: String(mark.version), marked: true, isCurrent: false }];
  const unmarking = mark.version === 'none' ? [{ pubTarget, version: '', marked: false, isCurrent: false }] : [];
  return { pageIds: [pageId], markForPublish: marking, unmarkForPublish: unmarking, recursive: false };
}

/** A marking list (services section 2): −1 = not marked. */
const marks = z.object({
  pubTargets: z.array(
    z.object({
      allowCurrentUser: z.boolean(),
      markedVersion: z.number(),
      pubTargetId: z.string(),
      pubTargetName: z.string(),
    }),
  ),
});

/** `PageActionOutput`. */
const newPage = z.object({ pageProperties: z.object({ pageId: z.string() }) });

function missing(isOn: boolean): DomainError {
  return new DomainError(
    'CAPABILITY_MISSING',
    isOn
      ? 'This CMS offers no way to do this: its service layer lacks the method.'
      : 'This CMS offers no way to do this over its REST API. Its service layer may, if an operator switches it on (CMS_SERVICES=on).',
  );
}
