import { z } from 'zod';
import { DomainError } from '../../../domain/errors.ts';
import type { ContentItem, ItemContext } from '../../../domain/model/content-item.ts';
import type { Transition, TransitionAction, WorkflowStatus } from '../../../domain/model/workflow.ts';
import { missingScopes } from '../../../domain/policy/access.ts';
import { publishTargetsOf } from '../../../domain/policy/choose-publish-transition.ts';
import { describeActions, startsPublish } from '../../../domain/policy/describe-transition.ts';
import type { Ports } from '../../../domain/ports/index.ts';
import type { Call } from '../../call.ts';
import { defineTask } from '../../define-task.ts';
import { eachItem } from '../../items/each-item.ts';
import { itemPaths } from '../../items/item-path.ts';
import { requireFilled } from '../../items/require-filled.ts';
import { resolveItems } from '../../items/resolve-item.ts';
import { resolveUser } from '../../items/resolve-user.ts';
import { commentCharactersMax, signComment } from '../../items/sign-comment.ts';
import { guardWrite, refuseForeignLock, reread } from '../../items/write-guard.ts';
import { assigneeParameter, dryRunParameter, itemsParameter } from '../parameters.ts';
import { nextCall, receiptView, viewChanged } from '../views.ts';

type Needs = Pick<Ports, 'pages' | 'assets' | 'search' | 'publishing' | 'workflow' | 'site'>;

const advanced = z.object({
  id: z.string(),
  name: z.string(),
  path: z.string().optional(),
  outcome: z.enum(['advanced', 'failed', 'planned']),
  transition: z.string(),
  from_state: z.string(),
  to_state: z.string().describe('Read back; in a dry run: expected'),
  does: z.array(z.string()).describe('Besides changing the state'),
  publishes_to: z.array(z.string()).optional(),
  group: z.string().optional().describe('Whose turn it is now'),
  version: z.int(),
  checked_out: z.boolean(),
  code: z.string().optional(),
  message: z.string().optional(),
});
type Advanced = z.infer<typeof advanced>;

/** Takes a workflow transition. */
export const advanceWorkflow = defineTask({
  name: 'advance_workflow',
  title: 'Advance workflow',
  summary:
    'Send items to review, approve, reject or take another workflow transition, with a comment and a person to assign. Says what else it does: check in, mark, publish, notify. All items are checked before the first moves.',
  toolset: 'workflow',
  effect: 'additive',
  idempotent: false,
  heedsFreeze: true,
  scopes: ['cms:read', 'cms:write'],
  needs: ['pages', 'assets', 'search', 'publishing', 'workflow', 'site'],
  input: z
    .object({
      items: itemsParameter,
      transition: z
        .string()
        .trim()
        .min(1)
        .max(200)
        .describe('Name or id, as the workflow part of the content shows it'),
      comment: z.string().max(commentCharactersMax).optional().describe('For the next person'),
      assign_to: assigneeParameter.optional(),
      dry_run: dryRunParameter,
    })
    .strict(),
  output: receiptView.extend({
    dry_run: z.boolean(),
    items: z.array(advanced),
    next: nextCall.optional(),
  }),
  publishesOutputSchema: false,

  async execute(input, ports, call) {
    const items = await resolveItems(input.items, ports);
    const moves = new Map<string, Move>();
    for (const item of items) moves.set(item.id, await planMove(item, input.transition, ports, call));
    const assignee = input.assign_to === undefined ? undefined : await resolveUser(input.assign_to, ports.site);
    const paths = await itemPaths(items, ports);
    const dialogs = [...moves.values()]
      .filter(({ transition }) => transition.opensDialog)
      .map(
        ({ item, transition }) =>
          `"${transition.name}" shows people a dialog in the CMS, which is left out here for "${item.name}" (${item.id}).`,
      );
    const view = (move: Move): Omit<Advanced, 'outcome'> => {
      const path = paths.get(move.item.id);
      return {
        id: move.item.id,
        name: move.item.name,
        ...(path === undefined ? {} : { path }),
        transition: move.transition.name,
        from_state: move.status.stateName,
        to_state: move.transition.nextStateName,
        does: [...describeActions(move.actions)],
        ...(move.publishesTo.length === 0 ? {} : { publishes_to: [...move.publishesTo] }),
        version: move.item.version,
        checked_out: move.item.checkedOut,
      };
    };
    if (input.dry_run) {
      return {
        dry_run: true,
        items: [...moves.values()].map((move): Advanced => ({ ...view(move), outcome: 'planned' })),
        changed: [],
        undo: undoOf([...moves.values()]),
        warnings: dialogs,
      };
    }

    const comment = signComment(input.comment, call.principal);
    const outcomes = await eachItem(items, async (item, index) => {
      call.progress((100 * index) / items.length, `Advancing ${item.name}`);
      return advance(moveOf(moves, item), comment, assignee?.id, ports, call);
    });
    const rows = outcomes.map((outcome): Advanced => {
      const base = view(moveOf(moves, outcome.item));
      if (!outcome.done) {
        const { code, message } = outcome.error;
        return { ...base, to_state: base.from_state, outcome: 'failed', code, message };
      }
      const { after, status } = outcome.value;
      return {
        ...base,
        outcome: 'advanced',
        to_state: status?.stateName ?? 'none: the item left its workflow',
        ...(status?.groupName === undefined ? {} : { group: status.groupName }),
        version: after.version,
        checked_out: after.checkedOut,
      };
    });
    const done = outcomes.flatMap((outcome) => (outcome.done ? [outcome.value] : []));
    const publishedTo = [...new Set(done.flatMap(({ move }) => move.publishesTo))];
    return {
      dry_run: false,
      items: rows,
      changed: done.map(({ move, after }) => viewChanged(move.item, after)),
      undo: undoOf(done.map(({ move }) => move)),
      undo_hint:
        'Take a transition back where the workflow has one. What the transition did besides (versions, marks, publishes, mails) stays done.',
      warnings: [...dialogs, ...done.flatMap(({ warnings }) => warnings)],
      ...(publishedTo.length === 0
        ? {}
        : {
            next: {
              tool: 'get_publish_status',
              input: {
                items: done.filter(({ move }) => move.publishesTo.length > 0).map(({ after }) => after.id),
                ...(publishedTo.length === 1 && publishedTo[0] !== unnamedTarget ? { target: publishedTo[0] } : {}),
              },
            },
          }),
    };
  },
});

/** One item, where it stands, and the transition it will take. */
interface Move {
  readonly item: ContentItem;
  readonly status: WorkflowStatus;
  readonly transition: Transition;
  readonly actions: readonly TransitionAction[];
  readonly publishesTo: readonly string[];
}

function undoOf(moves: readonly Move[]): 'possible' | 'partial' {
  return moves.some(({ actions }) => actions.length > 0) ? 'partial' : 'possible';
}

const unnamedTarget = 'a target that the workflow does not name';

/** @throws DomainError with what stands in the way; nothing has been changed then. */
async function planMove(item: ContentItem, wanted: string, ports: Needs, call: Call): Promise<Move> {
  const context = await guardWrite(item, ports);
  refuseForeignLock(item, context);
  const status = await ports.workflow.ofItem(item.id);
  if (status === undefined) {
    throw new DomainError(
      'CONFLICT',
      `"${item.name}" (${item.id}) is in no workflow, and this CMS offers no way to put it into one over its API. Nothing was changed.`,
    );
  }
  if (status.locked) {
    throw new DomainError(
      'LOCKED',
      `The workflow of "${item.name}" (${item.id}) is locked. An administrator of the CMS can unlock it. Nothing was changed.`,
    );
  }
  const [leaving, definition, targets] = await Promise.all([
    ports.workflow.transitions(item.id),
    ports.workflow.definition(status.definitionId),
    ports.publishing.targets(),
  ]);
  const transition = chooseTransition(wanted, item, status, leaving, context);
  const actions = definition?.transitions.find(({ id }) => id === transition.id)?.actions ?? [];
  const publishesTo = publishTargetsOf(actions, targets).map((target) =>
    target === 'unknown' ? unnamedTarget : target.name,
  );
  if (startsPublish(actions)) refuseWithoutScope(transition, publishesTo, call);
  if (item.checkedOut && actions.some(({ kind }) => kind === 'check_in')) await requireFilled(item, ports);
  return { item, status, transition, actions, publishesTo: [...new Set(publishesTo)] };
}

function chooseTransition(
  wanted: string,
  item: ContentItem,
  status: WorkflowStatus,
  leaving: readonly Transition[],
  context: ItemContext,
): Transition {
  const named = leaving.filter(
    ({ id, name }) => id === wanted || name.trim().toLowerCase() === wanted.trim().toLowerCase(),
  );
  const isOpen = ({ id }: Transition): boolean => context.transitions.some((allowed) => allowed.id === id);
  const open = named.filter(isOpen);
  if (open.length === 1 && open[0] !== undefined) return open[0];
  const next = { tool: 'get_content', input: { items: [item.id], include: ['workflow'] } };
  const candidates = (open.length > 1 ? open : leaving.filter(isOpen)).map(({ id, name }) => ({ id, name }));
  const where = `"${item.name}" (${item.id}) is in the state "${status.stateName}"`;
  if (open.length > 1) {
    throw new DomainError('AMBIGUOUS', `${where}, and several transitions are called "${wanted}". Use the id.`, {
      candidates,
      next,
    });
  }
  const closed = named[0];
  if (closed !== undefined) {
    const who = status.groupName === undefined ? 'people with that right' : `members of ${status.groupName}`;
    throw new DomainError(
      'FORBIDDEN',
      `${where}; the transition "${closed.name}" is for ${who}, not for this user. Nothing was changed.`,
      { candidates, next },
    );
  }
  throw new DomainError(
    'NOT_FOUND',
    candidates.length === 0
      ? `${where}, and no transition out of it is open to this user. Nothing was changed.`
      : `${where}, and no transition called "${wanted.slice(0, 80)}" leads out of it. Open to this user: ${candidates
          .map(({ name }) => `"${name}"`)
          .join(', ')}. Nothing was changed.`,
    { candidates, next },
  );
}

/** The task needs `cms:write`; a transition that publishes needs more, which is known only here. */
function refuseWithoutScope(transition: Transition, publishesTo: readonly string[], call: Call): void {
  const missing = missingScopes(['cms:publish'], call.principal);
  if (missing.length === 0) return;
  throw new DomainError(
    'SCOPE_MISSING',
    `The transition "${transition.name}" publishes to ${publishesTo.join(', ')}; this access token lacks ${missing.join(' ')}. Ask the user for a token with it, or take a transition that does not publish. Nothing was changed.`,
    { details: { required_scopes: ['cms:write', 'cms:publish'], missing_scopes: missing } },
  );
}

interface Moved {
  readonly move: Move;
  readonly after: ContentItem;
  /** Absent when the item left its workflow. */
  readonly status: WorkflowStatus | undefined;
  readonly warnings: readonly string[];
}

/** Takes the transition once, and reads back where the item stands. */
async function advance(
  move: Move,
  comment: string,
  assignToUserId: string | undefined,
  ports: Needs,
  call: Call,
): Promise<Moved> {
  const { item, transition } = move;
  const look = { tool: 'get_content', input: { items: [item.id], include: ['workflow'] } };
  const changed = () =>
    call.emit({ type: 'content_changed', itemIds: [item.id], change: 'workflow', subject: call.principal.subject });
  const warnings: string[] = [];
  try {
    const taken = await ports.workflow.advance({
      itemId: item.id,
      transitionId: transition.id,
      comment,
      ...(assignToUserId === undefined ? {} : { assignToUserId }),
    });
    if (!taken) {
      throw new DomainError(
        'CONFLICT',
        `The CMS did not take the transition "${transition.name}" for "${item.name}" (${item.id}): it may have moved meanwhile.`,
        { next: look },
      );
    }
    changed();
  } catch (error) {
    // Only the unknown outcome is looked into: the item may have moved although nobody said so.
    if (!(error instanceof DomainError) || error.code !== 'OUTCOME_UNKNOWN' || call.signal.aborted) throw error;
    changed();
    const status = await ports.workflow.ofItem(item.id);
    if (!hasMoved(move.status, status, comment))
      throw new DomainError(error.code, error.message, { next: look, cause: error });
    warnings.push(`The CMS's answer for "${item.name}" (${item.id}) was lost; reading it back shows that it moved.`);
  }
  const [after, status] = await Promise.all([reread(item.id, ports), ports.workflow.ofItem(item.id)]);
  const isBridge = move.actions.some(({ kind }) => kind === 'bridge');
  const staysInState = transition.nextStateName === move.status.stateName;
  if (!isBridge && !staysInState && status !== undefined && !hasMoved(move.status, status, comment)) {
    throw new DomainError(
      'WRITE_UNVERIFIED',
      `The CMS said that "${item.name}" (${item.id}) took "${transition.name}", but shows it in the state "${status.stateName}" still.`,
      { next: look },
    );
  }
  if (!isBridge && status !== undefined && status.stateName !== transition.nextStateName) {
    warnings.push(
      `"${item.name}" (${item.id}) is in the state "${status.stateName}", not in "${transition.nextStateName}".`,
    );
  }
  return { move, after, status, warnings };
}

/** A transition changes the state, the workflow, or, from a state to itself, at least the comment, which is signed. */
function hasMoved(before: WorkflowStatus, now: WorkflowStatus | undefined, comment: string): boolean {
  return (
    now === undefined ||
    now.workflowId !== before.workflowId ||
    now.stateId !== before.stateId ||
    (now.comment !== before.comment && now.comment === comment)
  );
}

function moveOf(moves: ReadonlyMap<string, Move>, item: ContentItem): Move {
  const move = moves.get(item.id);
  if (move === undefined) throw new Error(`No move was planned for ${item.id}.`);
  return move;
}
