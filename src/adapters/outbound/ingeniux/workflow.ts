import { z } from 'zod';
import type { CmsWorkflow } from '../../../domain/ports/cms/workflow.ts';
import type { Calls } from './calls.ts';
import { operations } from './catalogue/index.ts';
import { isAssetId } from './wire/content-item.ts';
import { allItems, pascalPaging } from './wire/page.ts';
import {
  assignment,
  definitionName,
  reportRow,
  workflowDefinition,
  workflowState,
  workflowStatus,
} from './wire/workflow.ts';

export function createWorkflow(calls: Calls): CmsWorkflow {
  return {
    ofItem: (itemId) => calls.one(operations.Workflow_GetWorkflowByContentItem, { contentId: itemId }, workflowStatus),
    transitions: async (itemId) => {
      const states = await calls.list(operations.Workflow_GetWorkflowStates, { contentId: itemId }, workflowState);
      return states.filter((state) => state.IsCurrent).flatMap((state) => state.WorkflowTransitions);
    },
    definitions: () =>
      allItems((page) =>
        calls.page(
          operations.Workflow_ListWorkflowDefinitions,
          { ExcludePageCount: true, ...pascalPaging(page) },
          page,
          definitionName,
        ),
      ),
    definition: (id) =>
      calls.one(operations.Workflow_GetWorkflowDefinitionDetail, { definitionId: id }, workflowDefinition),
    advance: (step) => {
      const extras = {
        body: {
          ContentId: step.itemId,
          TransitionId: step.transitionId,
          Comments: step.comment,
          AssignToUserId: step.assignToUserId ?? null,
        },
      };
      return isAssetId(step.itemId)
        ? calls.write(operations.Assets_AdvanceWorkflow, {}, z.boolean(), extras)
        : calls.write(operations.Pages_AdvanceWorkflow, {}, z.boolean(), extras);
    },
    report: (definitionId, page) =>
      calls.page(
        operations.Workflow_GetWorkflowReport,
        { wfDefId: definitionId, SortField: '', SortOrder: 'NONE', ...pascalPaging(page) },
        page,
        reportRow,
      ),
    assignments: (query, page) =>
      calls.page(
        operations.User_GetAssignments,
        {
          UserId: query.userId,
          GroupId: '',
          IncludeUser: true,
          IncludeGroups: query.includeGroups,
          IncludeCheckedOut: query.includeCheckedOut,
          IncludeCheckedIn: query.includeCheckedIn,
          // An inactive state hides what waits there, but not what the user holds checked out.
          FilterDisabledWorkstate: query.includeCheckedIn,
          TypeFilter: '',
          SearchString: '',
          Sort: '',
          SortDirection: '',
          ...pascalPaging(page),
        },
        page,
        assignment,
      ),
  };
}
