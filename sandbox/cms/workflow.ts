import { invalidArgument, invalidOperation } from '../exceptions.ts';
import type { Knobs } from '../knobs.ts';
import type { WorkflowAction, WorkflowActionType, WorkflowDefinition, WorkflowTransition } from '../model.ts';
import { groupsOf, hasRight, isAdministrator, requireFullAccess, requireRight } from './access.ts';
import { recordActivity } from './activity.ts';
import type { Actor } from './actor.ts';
import { assertCanCheckIn, checkIn, isInWorkflowGroup, mark, rightOf, touch } from './check-out.ts';
import { latestVersion, nameOf } from './content.ts';
import { assertMayPublish, type PublishOrder, submitPublish } from './publishing.ts';
import type { AnyItem } from './tree.ts';

/** `EnumActionType` in the order of the contract; the position is the number on the wire. */
export const actionTypes: WorkflowActionType[] = [
  'IGX_ACTION_MARK_FOR_PUBLISH',
  'IGX_ACTION_UNMARK_FOR_PUBLISH',
  'IGX_ACTION_CHECKIN',
  'IGX_ACTION_CHECKOUT',
  'IGX_ACTION_REPUBLISH',
  'IGX_ACTION_CUSTOM',
  'IGX_ACTION_GROUP_NOTIFICATION_MAIL',
  'IGX_ACTION_EXTERNAL_CLIENT',
  'IGX_ACTION_SET_LIFETIME_ATTRIBUTES',
  'IGX_ACTION_ARCHIVE_PAGE',
  'IGX_ACTION_BRIDGE',
  'IGX_ACTION_REVERT',
];

/** The definition an item runs in, or null. */
export function definitionOf(actor: Pick<Actor, 'state'>, item: AnyItem): WorkflowDefinition | null {
  return actor.state.workflowDefinitions.find((definition) => definition.id === item.workflow?.definitionId) ?? null;
}

/** The transitions leaving the item's current state, whoever may take them. */
export function transitionsOf(actor: Pick<Actor, 'state'>, item: AnyItem): WorkflowTransition[] {
  const transitions = definitionOf(actor, item)?.transitions ?? [];
  return transitions.filter((transition) => transition.fromStateId === item.workflow?.stateId);
}

/** The transitions open to the caller. */
export function allowedTransitions(actor: Actor, item: AnyItem): WorkflowTransition[] {
  if (!item.workflow || item.workflow.locked) return [];
  if (!hasRight(actor.state, actor.user, rightOf(item, 'transition'))) return [];
  return transitionsOf(actor, item).filter((transition) => mayTake(actor, item, transition));
}

export type AdvanceOrder = { transitionId: string; comments: string; assignToUserId: string };

/**
 * Takes a transition: its actions in order, then the change of state and of assignment, then the publishes it asked
 * for. A refusal anywhere leaves the item as it was.
 * @returns false when the item is in no workflow, or no transition was named and the state has no default one.
 * @throws CmsException when the caller may not, or an action fails.
 */
export function advance(actor: Actor, item: AnyItem, order: AdvanceOrder, knobs: Knobs): boolean {
  const instance = item.workflow;
  if (!instance) return false;
  if (instance.locked) throw invalidOperation(`The workflow of ${item.id} is locked.`);
  requireRight(actor, rightOf(item, 'transition'));
  requireFullAccess(actor, item);
  const leaving = transitionsOf(actor, item);
  const transition = order.transitionId
    ? leaving.find((candidate) => candidate.id === order.transitionId)
    : leaving.find((candidate) => candidate.isDefault);
  if (!transition) {
    if (!order.transitionId) return false;
    throw invalidOperation(`The transition ${order.transitionId} does not leave the current state of ${item.id}.`);
  }
  if (!mayTake(actor, item, transition)) {
    throw invalidOperation(`The caller is not in the current workflow group of ${item.id}.`);
  }
  const assignee = chooseAssignee(actor, transition, order.assignToUserId);
  const publishes = inTransaction(item, () => {
    const asked = runActions(actor, item, transition, order.comments, knobs);
    moveTo(actor, item, transition, assignee, order.comments);
    return asked;
  });
  for (const publish of publishes) submitPublish(actor, publish);
  recordActivity(actor, 'Workflow', `${nameOf(item)}: ${transition.name}`);
  return true;
}

/** Puts an item into a workflow by the definition's initial transition. */
export function startWorkflow(actor: Actor, item: AnyItem, definitionId: string, assignToUserId: string): void {
  const definition = actor.state.workflowDefinitions.find((candidate) => candidate.id === definitionId);
  const initial = definition?.transitions.find((transition) => transition.fromStateId === null);
  if (!definition || !initial) throw invalidOperation(`The workflow ${definitionId} has no initial transition.`);
  actor.state.counters.workflow += 1;
  item.workflow = {
    id: `Workflows/${actor.state.counters.workflow}`,
    definitionId,
    stateId: initial.toStateId,
    groupId: initial.nextGroupId,
    comment: '',
    locked: false,
    noExecute: false,
    started: actor.now,
    updated: actor.now,
    updatedBy: actor.user.id,
  };
  assign(item, chooseAssignee(actor, initial, assignToUserId), initial.nextGroupId);
}

/** The workflow a transition leads over to, or null. */
export function bridgeOf(transition: WorkflowTransition): string | null {
  const action = transition.actions.find((candidate) => candidate.type === 'IGX_ACTION_BRIDGE');
  return transition.bridgeToDefinitionId ?? action?.attributes['WorkflowDefinitionId'] ?? null;
}

function mayTake(actor: Actor, item: AnyItem, transition: WorkflowTransition): boolean {
  if (isAdministrator(actor.state, actor.user) || isInWorkflowGroup(actor, item)) return true;
  const groups = groupsOf(actor.state, actor.user);
  return transition.allowNextGroupToAdvance && groups.some((group) => group.id === transition.nextGroupId);
}

/** The user who gets the item, or null for the whole next group. */
function chooseAssignee(actor: Actor, transition: WorkflowTransition, wanted: string): string | null {
  if (transition.assignToGroupOnly) return null;
  if (!wanted || transition.disallowDefaultUserOverride) return transition.defaultUserId;
  const user = actor.state.users.find((candidate) => candidate.id === wanted || candidate.userId === wanted);
  if (!user) throw invalidArgument(`There is no user ${wanted}.`, 'AssignToUserId');
  return user.id;
}

function moveTo(
  actor: Actor,
  item: AnyItem,
  transition: WorkflowTransition,
  assignee: string | null,
  comment: string,
): void {
  const bridge = bridgeOf(transition);
  if (bridge) {
    startWorkflow(actor, item, bridge, assignee ?? '');
    return;
  }
  // An action may have taken the item out of its workflow.
  if (!item.workflow) return;
  Object.assign(item.workflow, {
    stateId: transition.toStateId,
    groupId: transition.nextGroupId,
    comment,
    updated: actor.now,
    updatedBy: actor.user.id,
  });
  assign(item, assignee, transition.nextGroupId);
  touch(actor, item);
}

function assign(item: AnyItem, userId: string | null, groupId: string | null): void {
  item.assignedUserId = userId;
  item.assignedGroupId = userId === null ? groupId : null;
}

type ActionContext = { actor: Actor; item: AnyItem; comments: string; knobs: Knobs; publishes: PublishOrder[] };

function runActions(
  actor: Actor,
  item: AnyItem,
  transition: WorkflowTransition,
  comments: string,
  knobs: Knobs,
): PublishOrder[] {
  const context: ActionContext = { actor, item, comments, knobs, publishes: [] };
  const bridge = transition.actions.findIndex((action) => action.type === 'IGX_ACTION_BRIDGE');
  // A bridge to another workflow cancels the rest of the actions.
  for (const action of transition.actions.slice(0, bridge === -1 ? undefined : bridge)) {
    ACTIONS[action.type](context, action);
  }
  return context.publishes;
}

const ACTIONS: Record<WorkflowActionType, (context: ActionContext, action: WorkflowAction) => void> = {
  IGX_ACTION_MARK_FOR_PUBLISH({ item }, action) {
    for (const targetId of targetList(action)) mark(item, targetId);
  },
  IGX_ACTION_UNMARK_FOR_PUBLISH({ item }, action) {
    const named = targetList(action);
    for (const targetId of named.length > 0 ? named : Object.keys(item.marks)) delete item.marks[targetId];
  },
  IGX_ACTION_CHECKIN({ actor, item, comments, knobs }, action) {
    const order = { targetIds: targetList(action), comment: comments || action.description };
    assertCanCheckIn(actor, item, order, knobs);
    checkIn(actor, item, order);
  },
  IGX_ACTION_CHECKOUT({ actor, item }) {
    const latest = latestVersion(item);
    if (item.checkedOut || !latest) return;
    item.checkedOut = {
      userId: actor.user.id,
      since: actor.now,
      name: latest.name,
      elements: structuredClone(latest.elements),
      file: latest.file === null ? null : { ...latest.file },
    };
  },
  IGX_ACTION_REPUBLISH({ actor, item, publishes }, action) {
    const targetId = action.attributes['PublishingTarget'] ?? '';
    const incremental = action.attributes['Incremental'] !== 'false';
    const includeChildren = action.attributes['IncludeChildren'] === 'true';
    assertMayPublish(actor, targetId, item);
    publishes.push({
      targetId,
      rootItemId: item.id,
      includeChildren,
      incremental,
      // A single item goes out whether the incremental rule finds it changed or not.
      forcedIncremental: incremental && !includeChildren,
    });
  },
  IGX_ACTION_SET_LIFETIME_ATTRIBUTES({ actor, item }, action) {
    const dateOf = (text: string | undefined) => (text === 'now' ? actor.now : text || null);
    item.startDate = dateOf(action.attributes['StartDate']);
    item.endDate = dateOf(action.attributes['EndDate']);
  },
  IGX_ACTION_ARCHIVE_PAGE({ item }) {
    item.archived = true;
    item.marks = {};
  },
  IGX_ACTION_REVERT({ actor, item }, action) {
    const wanted = Number(action.attributes['Version'] ?? '') || null;
    const version = wanted === null ? latestVersion(item) : item.versions.find((entry) => entry.number === wanted);
    if (!version) throw invalidOperation(`${item.id} has no version to go back to.`);
    item.checkedOut = {
      userId: item.checkedOut?.userId ?? actor.user.id,
      since: item.checkedOut?.since ?? actor.now,
      name: version.name,
      elements: structuredClone(version.elements),
      file: version.file === null ? null : { ...version.file },
    };
  },
  IGX_ACTION_GROUP_NOTIFICATION_MAIL({ actor, item }, action) {
    actor.state.alerts.unshift({
      id: `Alerts/${actor.state.alerts.length + 1}`,
      title: `Workflow: ${nameOf(item)}`,
      message: action.description || `${nameOf(item)} (${item.id}) moved on in its workflow.`,
      severity: 'Information',
      createdAt: actor.now,
      observedBy: [],
    });
  },
  // The next three need the site's own code, a browser, or are carried out by the change of state itself.
  IGX_ACTION_CUSTOM() {},
  IGX_ACTION_EXTERNAL_CLIENT() {},
  IGX_ACTION_BRIDGE() {},
};

function targetList(action: WorkflowAction): string[] {
  return (action.attributes['PublishingTargets'] ?? '')
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '');
}

/** Runs a change of one item and puts the item back when it fails. */
function inTransaction<T>(item: AnyItem, change: () => T): T {
  const before = structuredClone(item);
  try {
    return change();
  } catch (error) {
    // Any refusal on the way must leave no half-taken transition behind.
    Object.assign(item, before);
    throw error;
  }
}
