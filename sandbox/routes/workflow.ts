import { canRead, requireRead } from '../cms/access.ts';
import { nameOf, schemaOf } from '../cms/content.ts';
import { type AnyItem, findItem } from '../cms/tree.ts';
import type { ApiCall, Route } from '../route.ts';
import { compactDate } from '../views/dates.ts';
import { groupName, userName } from '../views/entity.ts';
import { paginated, pascalPaging, sortedBy } from '../views/paging.ts';
import {
  contentWorkflowStates,
  definitionDetail,
  definitionModel,
  transitionModel,
  workflowModel,
  workstateModel,
} from '../views/workflow.ts';

/** The reading half of the tag *Workflow*. */
export const workflowRoutes: Route[] = [
  {
    operationId: 'Workflow_GetWorkflowByContentItem',
    method: 'GET',
    path: '/workflows/by-content',
    query: { contentId: 'string!' },
    effect: 'read',
    handle: (call) => oneWorkflow(call, findItem(call.state, call.query.text('contentId'))),
  },
  {
    operationId: 'Workflow_GetWorkflow',
    method: 'GET',
    path: '/workflows/workflow',
    query: { workflowId: 'string!' },
    effect: 'read',
    handle: (call) =>
      oneWorkflow(
        call,
        itemsInWorkflow(call).find((item) => item.workflow?.id === call.query.text('workflowId')) ?? null,
      ),
  },
  {
    operationId: 'Workflow_GetWorkflowStates',
    method: 'GET',
    path: '/workflows/content-work-state',
    query: { contentId: 'string!' },
    effect: 'read',
    handle(call) {
      const item = findItem(call.state, call.query.text('contentId'));
      return item && contentWorkflowStates(call, item);
    },
  },
  {
    operationId: 'Workflow_GetWorkstates',
    method: 'GET',
    path: '/workflows/workstates',
    query: pascalPaging,
    effect: 'read',
    handle: (call) =>
      paginated(
        call,
        call.state.workstates.filter((workstate) => !workstate.archived),
        (workstate) => workstateModel(call.state, workstate),
      ),
  },
  {
    operationId: 'Workflow_ListWorkflowDefinitions',
    method: 'GET',
    path: '/workflows/definitions',
    query: { ExcludePageCount: 'bool', ...pascalPaging },
    effect: 'read',
    handle: (call) =>
      paginated(
        call,
        call.state.workflowDefinitions.filter((definition) => !definition.archived),
        (definition) => definitionModel(call.state, definition, !call.query.flag('ExcludePageCount')),
      ),
  },
  {
    operationId: 'Workflow_GetWorkflowDefinitionDetail',
    method: 'GET',
    path: '/workflows/definition-detail',
    query: { definitionId: 'string!' },
    effect: 'read',
    handle(call) {
      const id = call.query.text('definitionId');
      const definition = call.state.workflowDefinitions.find((candidate) => candidate.id === id);
      return definition ? definitionDetail(call.state, definition) : null;
    },
  },
  {
    operationId: 'Workflow_GetWorkflowReport',
    method: 'GET',
    path: '/workflows/report',
    query: { wfDefId: 'string', SortField: 'string', SortOrder: 'string', ...pascalPaging },
    effect: 'read',
    indexed: true,
    handle(call) {
      const definitionId = call.query.text('wfDefId');
      const rows = itemsInWorkflow(call)
        .filter((item) => canRead(call, item))
        .filter((item) => definitionId === '' || item.workflow?.definitionId === definitionId)
        .map((item) => reportRow(call, item));
      const sorted = sortedBy(
        rows,
        call.query.text('SortField'),
        call.query.text('SortOrder'),
        (row, field) => Object.entries(row).find(([name]) => name.toLowerCase() === field.toLowerCase())?.[1],
      );
      return paginated(call, sorted, (row) => row);
    },
  },
  {
    operationId: 'Workflow_GetDefaultTransition',
    method: 'GET',
    path: '/workflows/default-transition',
    effect: 'read',
    handle(call) {
      const transitions = call.state.workflowDefinitions[0]?.transitions ?? [];
      const first = transitions.find((transition) => transition.isDefault) ?? transitions[0];
      return first ? transitionModel(call.state, first) : null;
    },
  },
];

function oneWorkflow(call: ApiCall, item: AnyItem | null) {
  if (!item?.workflow) return null;
  requireRead(call, item);
  return workflowModel(call, item, item.workflow);
}

function itemsInWorkflow(call: ApiCall): AnyItem[] {
  return [...Object.values(call.state.pages), ...Object.values(call.state.assets)].filter((item) => item.workflow);
}

function reportRow(call: ApiCall, item: AnyItem) {
  const { state } = call;
  const instance = item.workflow;
  return {
    name: nameOf(item),
    id: item.id,
    schema: schemaOf(state, item).friendlyName,
    workflow: state.workflowDefinitions.find((definition) => definition.id === instance?.definitionId)?.name ?? null,
    workstate: state.workstates.find((workstate) => workstate.id === instance?.stateId)?.name ?? null,
    group: groupName(state, instance?.groupId ?? null),
    assignedTo: userName(state, item.assignedUserId) ?? groupName(state, item.assignedGroupId),
    lastUpdated: instance ? compactDate(instance.updated) : null,
    lastComment: instance?.comment ?? null,
  };
}
