import {
  createWorkstate,
  deleteDefinition,
  deleteWorkstate,
  saveDefinition,
  saveWorkstate,
  workstateFor,
} from '../cms/workflow-edit.ts';
import { boundModel, contractRoutes } from '../contract/contract-routes.ts';
import type { ApiCall } from '../route.ts';
import { definitionDetail, definitionModel, workstateModel } from '../views/workflow.ts';

/** The writing half of the tag *Workflow*. */
export const workflowAdministrationRoutes = contractRoutes({
  Workflow_SetWorkflowDefinitionDetails: (call) => definitionDetail(call.state, saveDefinition(call, boundModel(call))),
  Workflow_DeleteWorkflowDefinition(call) {
    const id = call.query.text('definitionId');
    return { Id: id, Error: deleteDefinition(call.state, id) };
  },
  Workflow_CreateWorkstate: (call) => workstateModel(call.state, createWorkstate(call, boundModel(call))),
  Workflow_SaveWorkstate: (call) => workstateModel(call.state, saveWorkstate(call, boundModel(call))),
  Workflow_DeleteWorkstate: (call) =>
    call.body.ids('workstateIds').map((id) => ({ Id: id, Error: deleteWorkstate(call.state, id) })),
  Workflow_PrepareTemplate: prepareTemplate,
});

/** Makes a definition without transitions and those of the named states that do not exist yet. */
function prepareTemplate(call: ApiCall) {
  const data = call.body.model('data');
  const definition = saveDefinition(call, { Name: data.text('Name'), Desc: data.text('NewDescription') });
  const states = data.list('WorkflowStateNames').map((name) => workstateFor(call, name));
  return {
    Success: true,
    Definition: definitionModel(call.state, definition, true),
    WorkflowStates: states.map((workstate) => workstateModel(call.state, workstate)),
    AllWorkflowStates: call.state.workstates.map((workstate) => workstateModel(call.state, workstate)),
  };
}
