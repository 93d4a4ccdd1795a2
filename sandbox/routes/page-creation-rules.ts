import { canRead, hasFullAccess, requireRight } from '../cms/access.ts';
import { newStamp } from '../cms/actor.ts';
import { nameOf, schemaOf } from '../cms/content.ts';
import { ancestorsOf, isRecycled } from '../cms/tree.ts';
import { invalidArgument } from '../exceptions.ts';
import type { PageCreationRule } from '../model.ts';
import type { ApiCall, Model, Route } from '../route.ts';
import { ruleDetails, ruleInfo } from '../views/page-creation-rule.ts';
import { paginated, pascalPaging } from '../views/paging.ts';

/** Tag *PCR* of the contract, without its two page lists (see `pages.ts`). */
export const pageCreationRuleRoutes: Route[] = [
  {
    operationId: 'PCR_ListPCRInfo',
    method: 'GET',
    path: '/pcr/info',
    query: pascalPaging,
    effect: 'read',
    handle: (call) =>
      paginated(
        call,
        call.state.pageCreationRules.filter((rule) => !rule.archived),
        (rule) => ruleInfo(call.state, rule),
      ),
  },
  {
    operationId: 'PCR_GetPCRInfo',
    method: 'GET',
    path: '/pcr',
    query: { ruleId: 'string!' },
    effect: 'read',
    handle(call) {
      const rule = findRule(call, call.query.text('ruleId'));
      return rule && ruleInfo(call.state, rule);
    },
  },
  {
    operationId: 'PCR_GetPCRDetails',
    method: 'GET',
    path: '/pcr/details',
    query: { pcrId: 'string!' },
    effect: 'read',
    handle(call) {
      const rule = findRule(call, call.query.text('pcrId'));
      return rule && ruleDetails(call.state, rule);
    },
  },
  {
    operationId: 'PCR_GetPCRParents',
    method: 'GET',
    path: '/pcr/parents',
    query: { RuleId: 'string', ...pascalPaging },
    effect: 'read',
    handle(call) {
      const rule = findRule(call, call.query.text('RuleId'));
      const parents = (rule?.parents ?? []).flatMap((parent) => {
        const page = call.state.pages[parent.pageId];
        return page && canRead(call, page) ? [{ page, parentOnly: parent.parentOnly }] : [];
      });
      return paginated(call, parents, ({ page, parentOnly }) => ({
        Id: page.id,
        Name: nameOf(page),
        Path: [...ancestorsOf(call.state, page), page].map(nameOf).join('/'),
        Icon: schemaOf(call.state, page).icon,
        ParentOnly: parentOnly,
        Accessible: hasFullAccess(call, page) && !isRecycled(call.state, page),
      }));
    },
  },
  {
    operationId: 'PCR_CreatePCRInfo',
    method: 'POST',
    path: '/pcr',
    body: 'json',
    effect: 'write',
    handle(call) {
      requireRight(call, 'IGX_USER_RIGHT_ADMIN');
      const request = call.body.model();
      const schemaId = request.required('SchemaId');
      const name = request.required('Name');
      assertSchema(call, schemaId);
      call.state.counters.pageCreationRule += 1;
      const rule: PageCreationRule = {
        id: `PageCreationRules/${call.state.counters.pageCreationRule}`,
        name,
        description: request.text('Description'),
        schemaId,
        parents: parentsIn(request, 'ParentInfo'),
        userIds: request.list('UserIds'),
        groupIds: request.list('GroupIds'),
        workflowDefinitionId: request.text('WorkflowId') || null,
        isDefault: request.flag('IsDefault'),
        autoSelectParent: request.flag('AutoSelectParent'),
        ...newStamp(call),
      };
      call.state.pageCreationRules.push(rule);
      return ruleInfo(call.state, rule);
    },
  },
  {
    operationId: 'PCR_SetPCRInfo',
    method: 'PUT',
    path: '/pcr',
    body: 'json',
    effect: 'write',
    handle(call) {
      requireRight(call, 'IGX_USER_RIGHT_ADMIN');
      const request = call.body.model();
      const rule = findRule(call, request.required('Id'));
      if (!rule) return null;
      const without = (ids: string[], removed: string[]) => ids.filter((id) => !removed.includes(id));
      const schemaId = request.text('SchemaId') || rule.schemaId;
      assertSchema(call, schemaId);
      Object.assign(rule, {
        name: request.required('Name'),
        schemaId,
        description: request.text('Description'),
        isDefault: request.flag('IsDefault'),
        autoSelectParent: request.flag('AutoSelectParent'),
        workflowDefinitionId: request.text('WorkflowId') || null,
        userIds: without([...rule.userIds, ...request.list('UsersToAdd')], request.list('UsersToRemove')),
        groupIds: without([...rule.groupIds, ...request.list('GroupsToAdd')], request.list('GroupsToRemove')),
        parents: [...rule.parents, ...parentsIn(request, 'ParentsToAdd')].filter(
          (parent) => !request.list('ParentsToRemove').includes(parent.pageId),
        ),
        lastModified: call.now,
        lastModifiedBy: call.user.id,
      } satisfies Partial<PageCreationRule>);
      return ruleInfo(call.state, rule);
    },
  },
  {
    operationId: 'PCR_RemovePCRInfo',
    method: 'DELETE',
    path: '/pcr',
    query: { pcrId: 'string!' },
    effect: 'write',
    handle(call) {
      requireRight(call, 'IGX_USER_RIGHT_ADMIN');
      const at = call.state.pageCreationRules.findIndex((rule) => rule.id === call.query.text('pcrId'));
      if (at === -1) return false;
      call.state.pageCreationRules.splice(at, 1);
      return true;
    },
  },
];

function findRule(call: ApiCall, id: string): PageCreationRule | null {
  return call.state.pageCreationRules.find((rule) => rule.id === id) ?? null;
}

function assertSchema(call: ApiCall, schemaId: string): void {
  if (!call.state.schemas.some((schema) => schema.id === schemaId && schema.kind !== 'asset')) {
    throw invalidArgument(`There is no page schema ${schemaId}.`, 'SchemaId');
  }
}

function parentsIn(request: Model, name: string): PageCreationRule['parents'] {
  return request
    .models(name)
    .map((parent) => ({ pageId: parent.text('PageId'), parentOnly: parent.flag('ParentOnly') }));
}
