import type { WireModel } from '../contract/contract.ts';
import { invalidArgument, invalidOperation } from '../exceptions.ts';
import type { SandboxState, WorkflowAction, WorkflowDefinition, WorkflowTransition, Workstate } from '../model.ts';
import { type Actor, newStamp } from './actor.ts';
import { touch } from './check-out.ts';
import { actionTypes } from './workflow.ts';

/** An administrator's change of a workflow definition; without an id a new one. @throws CmsException for a bad one. */
export function saveDefinition(actor: Actor, model: WireModel): WorkflowDefinition {
  const { state } = actor;
  const id = textOf(model, 'Id');
  const name = nameIn(model);
  const existing = state.workflowDefinitions.find((definition) => definition.id === id);
  if (id !== '' && !existing) throw invalidArgument(`There is no workflow ${id}.`, 'definition');
  const definitionId = existing?.id ?? `WorkflowDefinitions/${state.counters.workflow + 1}`;
  // Everything is looked at before anything is changed.
  const transitions = modelsIn(model, 'Transitions').map((transition, index) =>
    transitionFrom(state, transition, definitionId, index, existing),
  );
  if (transitions.filter(({ fromStateId }) => fromStateId === null).length > 1) {
    throw invalidOperation('A workflow has one initial transition.');
  }
  const values = { name, description: textOf(model, 'Desc'), transitions };
  if (existing) {
    touch(actor, existing);
    return Object.assign(existing, values);
  }
  state.counters.workflow += 1;
  const definition = { ...newStamp(actor), id: definitionId, ...values };
  state.workflowDefinitions.push(definition);
  return definition;
}

/** @returns why the definition stays, or null when it is gone. */
export function deleteDefinition(state: SandboxState, id: string): string | null {
  const at = state.workflowDefinitions.findIndex((definition) => definition.id === id);
  if (at === -1) return `There is no workflow ${id}.`;
  const isUsed =
    itemsIn(state).some(({ workflow }) => workflow?.definitionId === id) ||
    [...state.schemas, ...state.pageCreationRules].some(({ workflowDefinitionId }) => workflowDefinitionId === id);
  if (isUsed) return `The workflow ${id} is in use.`;
  state.workflowDefinitions.splice(at, 1);
  return null;
}

/** @throws CmsException when the name is missing or taken. */
export function createWorkstate(actor: Actor, model: WireModel): Workstate {
  const { state } = actor;
  const name = nameIn(model);
  if (workstateNamed(state, name)) throw invalidOperation(`There is a work state named ${name} already.`);
  state.counters.workflow += 1;
  const workstate = {
    ...newStamp(actor),
    id: `WorkStates/${state.counters.workflow}`,
    ...workstateValues(model),
    name,
  };
  state.workstates.push(workstate);
  return workstate;
}

/** @throws CmsException for an unknown id, or a name that another state has. */
export function saveWorkstate(actor: Actor, model: WireModel): Workstate {
  const { state } = actor;
  const id = textOf(model, 'Id');
  const name = nameIn(model);
  const workstate = state.workstates.find((candidate) => candidate.id === id);
  if (!workstate) throw invalidArgument(`There is no work state ${id}.`, 'state');
  const namesake = workstateNamed(state, name);
  if (namesake && namesake !== workstate) throw invalidOperation(`There is a work state named ${name} already.`);
  touch(actor, workstate);
  return Object.assign(workstate, workstateValues(model), { name });
}

/** @returns why the state stays, or null when it is gone. */
export function deleteWorkstate(state: SandboxState, id: string): string | null {
  const at = state.workstates.findIndex((workstate) => workstate.id === id);
  if (at === -1) return `There is no work state ${id}.`;
  const transitions = state.workflowDefinitions.flatMap((definition) => definition.transitions);
  const isUsed =
    itemsIn(state).some(({ workflow }) => workflow?.stateId === id) ||
    transitions.some(({ fromStateId, toStateId }) => fromStateId === id || toStateId === id);
  if (isUsed) return `The work state ${id} is in use.`;
  state.workstates.splice(at, 1);
  return null;
}

/** The state of that name, made when there is none. */
export function workstateFor(actor: Actor, name: string): Workstate {
  return workstateNamed(actor.state, name) ?? createWorkstate(actor, { Name: name, Active: true });
}

function transitionFrom(
  state: SandboxState,
  model: WireModel,
  definitionId: string,
  index: number,
  existing: WorkflowDefinition | undefined,
): WorkflowTransition {
  const known = existing?.transitions.find(({ id }) => id === model['Id']);
  const toStateId = knownId(state.workstates, textOf(model, 'NextState'), 'NextState');
  const groupId = textOf(model, 'NextGroupId');
  const userId = textOf(model, 'DefaultUser');
  return {
    // What the API does not show of a transition stays as it is.
    assignToGroupOnly: false,
    disallowDefaultUserOverride: false,
    trigger: 'IGX_ONCHANGE',
    toolbarIcon: '',
    bridgeToDefinitionId: null,
    beforeAdvanceUrl: null,
    afterAdvanceUrl: null,
    ...known,
    id: known?.id ?? `WorkflowTransition_${definitionId}_${(existing?.transitions.length ?? 0) + index + 1}`,
    name: nameIn(model),
    description: textOf(model, 'Description'),
    fromStateId:
      model['IsInitial'] === true ? null : knownId(state.workstates, textOf(model, 'CurrentState'), 'CurrentState'),
    toStateId,
    isDefault: model['IsDefault'] === true,
    nextGroupId: groupId === '' ? null : knownId(state.groups, groupId, 'NextGroupId'),
    defaultUserId: userId === '' ? null : knownId(state.users, userId, 'DefaultUser'),
    allowNextGroupToAdvance: model['AllowNextGroupToAdvance'] === true,
    actions: modelsIn(model, 'Actions').map((action, place) => actionFrom(action, `${definitionId}_${index}_${place}`)),
  };
}

function actionFrom(model: WireModel, newId: string): WorkflowAction {
  const type = actionTypes[Number(model['ActionTypeId'])];
  if (!type) throw invalidArgument(`There is no action type ${model['ActionTypeId']}.`, 'ActionTypeId');
  const attributes = Object.entries(model['Attributes'] ?? {}).map(([name, value]) => [name, String(value ?? '')]);
  return {
    id: textOf(model, 'Id') || newId,
    type,
    description: textOf(model, 'Description'),
    attributes: Object.fromEntries(attributes),
  };
}

function workstateValues(model: WireModel) {
  return {
    description: textOf(model, 'Description'),
    active: model['Active'] === true,
    icon: Number(model['Icon'] ?? 0),
  };
}

function workstateNamed(state: SandboxState, name: string): Workstate | undefined {
  return state.workstates.find((candidate) => candidate.name.toLowerCase() === name.toLowerCase());
}

function knownId(entities: { id: string }[], id: string, paramName: string): string {
  if (!entities.some((entity) => entity.id === id)) throw invalidArgument(`There is no ${paramName} ${id}.`, paramName);
  return id;
}

function nameIn(model: WireModel): string {
  const name = textOf(model, 'Name').trim();
  if (name === '') throw invalidArgument('A name is needed.', 'Name');
  return name;
}

function itemsIn(state: SandboxState) {
  return [...Object.values(state.pages), ...Object.values(state.assets)];
}

function textOf(model: WireModel, name: string): string {
  return String(model[name] ?? '');
}

/** A list of models inside of a bound one; null counts as empty. */
function modelsIn(model: WireModel, name: string): WireModel[] {
  return (model[name] ?? []) as WireModel[];
}
