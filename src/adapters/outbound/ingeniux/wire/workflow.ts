import { z } from 'zod';
import {
  type Transition,
  type TransitionActionKind,
  transitionActionKinds,
  type WorkflowDefinition,
  type WorkflowStatus,
  type WorkItem,
} from '../../../../domain/model/workflow.ts';
import { kindOf } from './content-item.ts';
import { compact, flag, id, listOf, optionalText, text, texts } from './values.ts';

/** `WorkflowModel`. */
export const workflowStatus = z
  .object({
    Id: id,
    DefinitionId: text,
    DefinitionName: text,
    StateId: text,
    StateName: text,
    CurrentGroupName: optionalText,
    Comment: text,
    Locked: flag,
  })
  .transform(
    (wire): WorkflowStatus =>
      compact({
        workflowId: wire.Id,
        definitionId: wire.DefinitionId,
        definitionName: wire.DefinitionName,
        stateId: wire.StateId,
        stateName: wire.StateName,
        groupName: wire.CurrentGroupName,
        comment: wire.Comment,
        locked: wire.Locked,
      }),
  );

const transition = z
  .object({
    Id: id,
    Name: text,
    Description: text,
    NextStateName: text,
    GroupName: optionalText,
    DefaultUserId: optionalText,
    IsDefaultTransition: flag,
    PubTargetIds: texts,
    ShowDependencyDialog: flag,
    BeforeAdvanceExternalAction: z.unknown(),
    AfterAdvanceExternalAction: z.unknown(),
  })
  .transform(
    (wire): Transition =>
      compact({
        id: wire.Id,
        name: wire.Name,
        description: wire.Description,
        nextStateName: wire.NextStateName,
        groupName: wire.GroupName,
        defaultUserId: wire.DefaultUserId,
        isDefault: wire.IsDefaultTransition,
        targetIds: wire.PubTargetIds,
        opensDialog:
          wire.ShowDependencyDialog ||
          isSet(wire.BeforeAdvanceExternalAction) ||
          isSet(wire.AfterAdvanceExternalAction),
      }),
  );

const isSet = (value: unknown): boolean => value !== null && value !== undefined;

/** `ContentWorkflowState`. */
export const workflowState = z.object({ IsCurrent: flag, WorkflowTransitions: listOf(transition) });

/** `WorkflowDefinitionModel`. */
export const definitionName = z.object({ Id: id, Name: text }).transform((wire) => ({ id: wire.Id, name: wire.Name }));

/** `WorkflowDefinitionDetailModel`. */
export const workflowDefinition = z
  .object({
    Id: id,
    Name: text,
    Desc: text,
    Transitions: listOf(
      z.object({
        Id: id,
        Name: text,
        CurrentState: text,
        NextState: text,
        Actions: listOf(
          z.object({
            ActionTypeId: z.number().catch(-1),
            Description: text,
            Attributes: z.record(z.string(), z.string().catch('')).nullish(),
          }),
        ),
      }),
    ),
  })
  .transform(
    (wire): WorkflowDefinition => ({
      id: wire.Id,
      name: wire.Name,
      description: wire.Desc,
      transitions: wire.Transitions.map((step) => ({
        id: step.Id,
        name: step.Name,
        fromState: step.CurrentState,
        toState: step.NextState,
        actions: step.Actions.map((action) => ({
          kind: actionKind(action.ActionTypeId),
          description: action.Description,
          attributes: action.Attributes ?? {},
        })),
      })),
    }),
  );

/** `ActionTypeId` is the position in `EnumActionType`. */
const actionKind = (typeId: number): TransitionActionKind => transitionActionKinds[typeId] ?? 'unknown';

/** `WorkflowReportRowData`, one of the camel-case models. */
export const reportRow = z
  .object({
    id,
    name: text,
    schema: optionalText,
    workflow: optionalText,
    workstate: optionalText,
    assignedTo: optionalText,
    lastUpdated: optionalText,
    lastComment: optionalText,
  })
  .transform(
    (wire): WorkItem =>
      compact({
        itemId: wire.id,
        name: wire.name,
        kind: workKind(kindOf({ Id: wire.id })),
        schemaName: wire.schema,
        // The report does not tell; a worklist says more.
        checkedOut: false,
        assignedTo: wire.assignedTo,
        workflowName: wire.workflow,
        stateName: wire.workstate,
        changedAt: wire.lastUpdated,
        comment: wire.lastComment,
      }),
  );

/** `AssignmentListInfo`. */
export const assignment = z
  .object({
    Id: id,
    Name: text,
    CheckedOut: flag,
    Changed: optionalText,
    LastComment: optionalText,
    Type: optionalText,
    ContentType: optionalText,
    AssignedGroupName: optionalText,
    Workstate: optionalText,
  })
  .transform(
    (wire): WorkItem =>
      compact({
        itemId: wire.Id,
        name: wire.Name,
        kind: workKind(kindOf({ Id: wire.Id, Type: wire.ContentType })),
        schemaName: wire.Type,
        checkedOut: wire.CheckedOut,
        assignedTo: wire.AssignedGroupName,
        stateName: wire.Workstate,
        changedAt: wire.Changed,
        comment: wire.LastComment,
      }),
  );

function workKind(kind: ReturnType<typeof kindOf>): WorkItem['kind'] {
  return kind === 'folder' || kind === 'asset_folder' ? 'other' : kind;
}
