import type { Page, PageRequest } from '../../model/paging.ts';
import type { Transition, WorkflowDefinition, WorkflowStatus, WorkItem } from '../../model/workflow.ts';

/** Review and approval. Statuses are never cached; definitions may be up to `CACHE_TTL` seconds old. */
export interface CmsWorkflow {
  /** `undefined` when the item is in no workflow. Operation `Workflow_GetWorkflowByContentItem`. */
  ofItem(itemId: string): Promise<WorkflowStatus | undefined>;
  /** Transitions out of the current state, whoever may take them; empty without a workflow. Operation `Workflow_GetWorkflowStates`. */
  transitions(itemId: string): Promise<readonly Transition[]>;
  /** Operation `Workflow_ListWorkflowDefinitions`. */
  definitions(): Promise<readonly { readonly id: string; readonly name: string }[]>;
  /** What each transition does. Operation `Workflow_GetWorkflowDefinitionDetail`. */
  definition(id: string): Promise<WorkflowDefinition | undefined>;
  /**
   * Takes a transition. `false` when the CMS did not advance. Refusals throw as in CmsPages. Not repeatable.
   * Operations `Pages_AdvanceWorkflow`, `Assets_AdvanceWorkflow`.
   */
  advance(step: {
    readonly itemId: string;
    readonly transitionId: string;
    readonly comment: string;
    readonly assignToUserId?: string;
  }): Promise<boolean>;
  /** Items in a definition's workflows. Operation `Workflow_GetWorkflowReport`. */
  report(definitionId: string, page: PageRequest): Promise<Page<WorkItem>>;
  /** What waits for a user and, when `includeGroups`, for the user's groups. Operation `User_GetAssignments`. */
  assignments(query: AssignmentQuery, page: PageRequest): Promise<Page<WorkItem>>;
}

export interface AssignmentQuery {
  readonly userId: string;
  readonly includeGroups: boolean;
  readonly includeCheckedOut: boolean;
  readonly includeCheckedIn: boolean;
}
