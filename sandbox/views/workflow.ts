import type { Actor } from '../cms/actor.ts';
import { nameOf } from '../cms/content.ts';
import type { AnyItem } from '../cms/tree.ts';
import { actionTypes, bridgeOf, definitionOf } from '../cms/workflow.ts';
import type {
  EntityStamp,
  SandboxState,
  WorkflowDefinition,
  WorkflowInstance,
  WorkflowTransition,
  Workstate,
} from '../model.ts';
import { entityModel, groupName } from './entity.ts';

/** `WorkflowModel` of the contract: the running workflow of an item. */
export function workflowModel(actor: Actor, item: AnyItem, instance: WorkflowInstance) {
  const { state } = actor;
  const workstate = state.workstates.find((candidate) => candidate.id === instance.stateId);
  const definition = definitionOf(actor, item);
  const stamp: EntityStamp = {
    created: instance.started,
    createdBy: instance.updatedBy,
    lastModified: instance.updated,
    lastModifiedBy: instance.updatedBy,
    archived: false,
  };
  return {
    ...entityModel(state, instance.id, definition?.name ?? '', 'Workflow', stamp),
    StateId: instance.stateId,
    StateName: workstate?.name ?? null,
    DefinitionId: instance.definitionId,
    DefinitionName: definition?.name ?? null,
    CurrentGroupId: instance.groupId,
    CurrentGroupName: groupName(state, instance.groupId),
    ContentId: item.id,
    ContentName: nameOf(item),
    Comment: instance.comment,
    Active: workstate?.active ?? false,
    Locked: instance.locked,
    NoExecute: instance.noExecute,
  };
}

/** `ContentWorkflowState`s: every state of the item's workflow with the transitions that leave it. */
export function contentWorkflowStates(actor: Actor, item: AnyItem) {
  const definition = definitionOf(actor, item);
  if (!definition) return [];
  const stateIds = new Set(
    definition.transitions.flatMap(({ fromStateId, toStateId }) =>
      [fromStateId, toStateId].filter((id) => id !== null),
    ),
  );
  return actor.state.workstates
    .filter((workstate) => stateIds.has(workstate.id))
    .map((workstate) => ({
      WorkflowState: workstateModel(actor.state, workstate),
      WorkflowTransitions: definition.transitions
        .filter((transition) => transition.fromStateId === workstate.id)
        .map((transition) => transitionOfItem(actor.state, transition)),
      IsCurrent: item.workflow?.stateId === workstate.id,
    }));
}

/** `WorkstateModel` of the contract. */
export function workstateModel(state: SandboxState, workstate: Workstate) {
  return {
    ...entityModel(state, workstate.id, workstate.name, 'WorkState', workstate),
    Description: workstate.description,
    Active: workstate.active,
    Icon: workstate.icon,
  };
}

/** `WorkflowDefinitionModel` of the contract. */
export function definitionModel(state: SandboxState, definition: WorkflowDefinition, withCount: boolean) {
  const initial = definition.transitions.find((transition) => transition.fromStateId === null);
  const items = [...Object.values(state.pages), ...Object.values(state.assets)];
  return {
    ...entityModel(state, definition.id, definition.name, 'WorkflowDefinition', definition),
    Desc: definition.description,
    PagesCount: withCount ? items.filter((item) => item.workflow?.definitionId === definition.id).length : 0,
    InitialGroupIsEmpty: !initial?.nextGroupId,
  };
}

/** `WorkflowDefinitionDetailModel` of the contract. */
export function definitionDetail(state: SandboxState, definition: WorkflowDefinition) {
  return {
    ...definitionModel(state, definition, true),
    Transitions: definition.transitions.map((transition) => transitionModel(state, transition)),
  };
}

/** `WorkflowTransitionModel` of the contract: a transition as part of its definition. */
export function transitionModel(state: SandboxState, transition: WorkflowTransition) {
  return {
    Id: transition.id,
    Name: transition.name,
    Description: transition.description,
    CurrentState: transition.fromStateId,
    NextState: transition.toStateId,
    IsDefault: transition.isDefault,
    IsInitial: transition.fromStateId === null,
    NextGroupId: transition.nextGroupId,
    NextGroupName: groupName(state, transition.nextGroupId),
    DefaultUser: transition.defaultUserId,
    AllowNextGroupToAdvance: transition.allowNextGroupToAdvance,
    Actions: transition.actions.map((action) => ({
      Id: action.id,
      Description: action.description,
      ActionTypeId: actionTypes.indexOf(action.type),
      Attributes: action.attributes,
    })),
  };
}

/** `WorkflowTransition` of the contract: a transition as offered for one item. */
function transitionOfItem(state: SandboxState, transition: WorkflowTransition) {
  const next = state.workstates.find((workstate) => workstate.id === transition.toStateId);
  const group = state.groups.find((candidate) => candidate.id === transition.nextGroupId);
  const bridge = state.workflowDefinitions.find((definition) => definition.id === bridgeOf(transition));
  return {
    Id: transition.id,
    Name: transition.name,
    Description: transition.description,
    GroupId: transition.nextGroupId,
    GroupName: group?.name ?? null,
    ToolbarIcon: transition.toolbarIcon,
    NextStateId: transition.toStateId,
    NextStateName: next?.name ?? null,
    DefaultUserId: transition.defaultUserId,
    AssignToGroupOnly: transition.assignToGroupOnly,
    DisallowDefaultUserOverride: transition.disallowDefaultUserOverride,
    BeforeAdvanceExternalAction: externalAction(transition, 'before', transition.beforeAdvanceUrl),
    AfterAdvanceExternalAction: externalAction(transition, 'after', transition.afterAdvanceUrl),
    IsDefaultTransition: transition.isDefault,
    BridgeToWorkflow: bridge ? { Id: bridge.id, Name: bridge.name } : null,
    UserNames: state.users
      .filter((user) => group?.userIds.includes(user.id))
      .map((user) => ({ Id: user.id, Name: user.name })),
    ShowDependencyDialog: false,
    PubTargetIds: publishTargets(transition),
  };
}

function externalAction(transition: WorkflowTransition, when: string, url: string | null) {
  return url === null ? null : { Id: `${transition.id}_${when}`, Url: url, DialogHeight: 600, DialogWidth: 800 };
}

/** The targets that the transition's actions publish to or mark for. */
function publishTargets(transition: WorkflowTransition): string[] {
  const named = transition.actions.flatMap(({ attributes }) =>
    [attributes['PublishingTarget'], ...(attributes['PublishingTargets'] ?? '').split(',')].map((id) => id?.trim()),
  );
  return [...new Set(named.filter((id): id is string => id !== undefined && id !== ''))];
}
