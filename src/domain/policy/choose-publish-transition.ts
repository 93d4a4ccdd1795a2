import type { AllowedTransition } from '../model/content-item.ts';
import type { DefinedTransition, TransitionAction, TransitionActionKind } from '../model/workflow.ts';
import { describeActions } from './describe-transition.ts';

/** What is known of an item's workflow when a way to publish it is looked for. */
export interface PublishSituation {
  readonly stateName: string;
  readonly locked: boolean;
  /** The group whose turn it is. */
  readonly groupName?: string;
  /** Transitions that the caller may take now. */
  readonly allowed: readonly AllowedTransition[];
  /** Ids of all transitions out of the current state, whoever may take them. */
  readonly leavingIds: readonly string[];
  /** The whole definition. */
  readonly defined: readonly DefinedTransition[];
}

interface Target {
  readonly id: string;
  readonly name: string;
}

/** The transition that publishes one item to one target, or one sentence on why there is none. */
export type PublishWay =
  | {
      readonly possible: true;
      readonly transitionId: string;
      readonly transitionName: string;
      readonly toState: string;
      /** Whether the transition marks for the target itself. */
      readonly marks: boolean;
      /** What it does besides changing the state, in words. */
      readonly does: readonly string[];
    }
  | { readonly possible: false; readonly reason: string };

/**
 * Looks for a transition, open to the caller, that publishes the item itself to the target and nothing else: not to
 * another target, not its descendants, not everything, and without an action that takes something away. REST v1 has no
 * other way to start a publish. Of several the state's default wins, then the one with the fewest actions.
 */
export function choosePublishTransition(
  situation: PublishSituation | undefined,
  target: Target,
  targets: readonly Target[],
): PublishWay {
  if (situation === undefined) {
    return { possible: false, reason: 'It is in no workflow, and only workflow transitions start a publish.' };
  }
  if (situation.locked) return { possible: false, reason: 'Its workflow is locked.' };
  const leaving = situation.defined.filter(({ id }) => situation.leavingIds.includes(id));
  const judged = leaving.map((transition) => ({ transition, verdict: judge(transition, target, targets) }));
  const isOpen = (id: string): boolean => situation.allowed.some((allowed) => allowed.id === id);
  const [best] = judged
    .filter(({ transition, verdict }) => verdict === 'fits' && isOpen(transition.id))
    .map(({ transition }) => transition)
    .sort((a, b) => rank(a, situation.allowed) - rank(b, situation.allowed) || a.actions.length - b.actions.length);
  if (best !== undefined) {
    return {
      possible: true,
      transitionId: best.id,
      transitionName: best.name,
      toState: best.toState,
      marks: effectiveActions(best).some(
        (action) =>
          action.kind === 'mark_for_publish' && namedTargets(action, targets).some(({ id }) => id === target.id),
      ),
      does: describeActions(best.actions),
    };
  }
  const closed = judged.find(({ verdict }) => verdict === 'fits');
  if (closed !== undefined) {
    const who = situation.groupName === undefined ? 'somebody with that right' : `a member of ${situation.groupName}`;
    return {
      possible: false,
      reason: `The transition "${closed.transition.name}" would publish it to ${target.name}, but this user may not take it; ${who} can.`,
    };
  }
  const wide = judged.find(({ verdict }) => verdict === 'does_more');
  if (wide !== undefined) {
    return {
      possible: false,
      reason: `The transition "${wide.transition.name}" publishes to ${target.name} but does more than publish this one item, so it was not taken.`,
    };
  }
  const open = situation.allowed.map(({ name }) => `"${name}"`).join(', ');
  return {
    possible: false,
    reason: `No transition out of the state "${situation.stateName}" publishes to ${target.name}${open === '' ? '' : ` (open to this user: ${open})`}.`,
  };
}

/** The targets that a transition publishes to; `unknown` when it publishes to a target that it does not name. */
export function publishTargetsOf(
  actions: readonly TransitionAction[],
  targets: readonly Target[],
): readonly (Target | 'unknown')[] {
  return beforeBridge(actions)
    .filter(({ kind }) => kind === 'publish')
    .flatMap((action): readonly (Target | 'unknown')[] => {
      const named = namedTargets(action, targets);
      return named.length === 0 ? ['unknown'] : named;
    });
}

type Verdict = 'fits' | 'does_more' | 'elsewhere';

function judge(transition: DefinedTransition, target: Target, targets: readonly Target[]): Verdict {
  const publishedTo = publishTargetsOf(transition.actions, targets);
  if (!publishedTo.some((one) => one !== 'unknown' && one.id === target.id)) return 'elsewhere';
  const onlyHere = publishedTo.every((one) => one !== 'unknown' && one.id === target.id);
  const actions = effectiveActions(transition);
  const isNarrow = actions.filter(({ kind }) => kind === 'publish').every((action) => !isWide(action));
  return onlyHere && isNarrow && !actions.some(({ kind }) => takesAway.includes(kind)) ? 'fits' : 'does_more';
}

const takesAway: readonly TransitionActionKind[] = ['unmark_for_publish', 'archive', 'revert'];

const effectiveActions = (transition: DefinedTransition): readonly TransitionAction[] =>
  beforeBridge(transition.actions);

/** A bridge to another workflow cancels the actions behind it (domain of the CMS, section 5). */
function beforeBridge(actions: readonly TransitionAction[]): readonly TransitionAction[] {
  const bridge = actions.findIndex(({ kind }) => kind === 'bridge');
  return bridge === -1 ? actions : actions.slice(0, bridge);
}

/** The names of the attributes are not documented, so that every value that is a target's id or name counts. */
function namedTargets(action: TransitionAction, targets: readonly Target[]): readonly Target[] {
  const values = Object.values(action.attributes)
    .flatMap((value) => value.split(/[,;|]/))
    .map((value) => value.trim().toLowerCase());
  return targets.filter(({ id, name }) => values.includes(id.toLowerCase()) || values.includes(name.toLowerCase()));
}

/** A full publish, or one with everything below the item. */
function isWide(action: TransitionAction): boolean {
  return Object.entries(action.attributes).some(([name, value]) => {
    const isTrue = /^(?:true|1|yes)$/i.test(value.trim());
    const isFalse = /^(?:false|0|no)$/i.test(value.trim());
    if (/incremental/i.test(name)) return isFalse;
    return /child|descend|subtree|full|whole|site/i.test(name) && isTrue;
  });
}

function rank(transition: DefinedTransition, allowed: readonly AllowedTransition[]): number {
  return allowed.some(({ id, isDefault }) => id === transition.id && isDefault) ? 0 : 1;
}
