import type { ItemContext } from '../../domain/model/content-item.ts';
import { describeActions } from '../../domain/policy/describe-transition.ts';
import type { CmsWorkflow } from '../../domain/ports/cms/workflow.ts';

/** Where an item stands in its workflow, and what the caller can do next. */
export interface WorkflowView {
  /** Absent when the item is in no workflow. */
  readonly workflow?: string;
  readonly state?: string;
  /** The group whose turn it is. */
  readonly group?: string;
  readonly comment?: string;
  readonly locked?: boolean;
  readonly transitions?: readonly TransitionView[];
}

export interface TransitionView {
  readonly id: string;
  readonly name: string;
  readonly to_state: string;
  /** Whether this user may take it. */
  readonly allowed: boolean;
  readonly default?: boolean;
  /** What it does besides changing the state, in order. */
  readonly does: readonly string[];
  /** Publishing targets that it names. */
  readonly targets?: readonly string[];
  /** People see a dialog here; over the API it is left out. */
  readonly opens_dialog?: boolean;
}

/** Reads where an item stands. `context` is the CMS's own answer about what the caller may do, where it gave one. */
export async function readWorkflow(
  itemId: string,
  context: ItemContext | undefined,
  workflow: CmsWorkflow,
): Promise<WorkflowView> {
  const status = await workflow.ofItem(itemId);
  if (status === undefined) return {};
  const [transitions, definition] = await Promise.all([
    workflow.transitions(itemId),
    workflow.definition(status.definitionId),
  ]);
  return {
    workflow: status.definitionName,
    state: status.stateName,
    ...(status.groupName === undefined ? {} : { group: status.groupName }),
    ...(status.comment === '' ? {} : { comment: status.comment.slice(0, commentCharactersMax) }),
    ...(status.locked ? { locked: true } : {}),
    transitions: transitions.map((transition) => {
      const defined = definition?.transitions.find(({ id }) => id === transition.id);
      return {
        id: transition.id,
        name: transition.name,
        to_state: transition.nextStateName,
        allowed: context?.transitions.some(({ id }) => id === transition.id) ?? false,
        ...(transition.isDefault ? { default: true } : {}),
        does: [...describeActions(defined?.actions ?? [])],
        ...(transition.targetIds.length === 0 ? {} : { targets: [...transition.targetIds] }),
        ...(transition.opensDialog ? { opens_dialog: true } : {}),
      };
    }),
  };
}

const commentCharactersMax = 500;
