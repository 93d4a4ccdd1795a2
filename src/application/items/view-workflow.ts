import { z } from 'zod';
import type { ItemContext } from '../../domain/model/content-item.ts';
import { describeActions } from '../../domain/policy/describe-transition.ts';
import type { CmsWorkflow } from '../../domain/ports/cms/workflow.ts';

/** Where an item stands in its workflow, and what the caller can do next. */
export const workflowView = z.object({
  workflow: z.string().optional().describe('Absent when the item is in no workflow'),
  state: z.string().optional(),
  group: z.string().optional().describe('The group whose turn it is'),
  comment: z.string().optional(),
  locked: z.boolean().optional(),
  transitions: z
    .array(
      z.object({
        id: z.string(),
        name: z.string(),
        to_state: z.string(),
        allowed: z.boolean().describe('Whether this user may take it'),
        default: z.boolean().optional(),
        does: z.array(z.string()).describe('Besides changing the state, in order'),
        targets: z.array(z.string()).optional(),
        opens_dialog: z.boolean().optional().describe('People see a dialog here; over the API it is left out'),
      }),
    )
    .optional(),
});

/** Reads where an item stands. `context` is the CMS's own answer about what the caller may do, where it gave one. */
export async function readWorkflow(
  itemId: string,
  context: ItemContext | undefined,
  workflow: CmsWorkflow,
): Promise<z.infer<typeof workflowView>> {
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
