import type { TransitionAction, TransitionActionKind } from '../model/workflow.ts';

/** What a workflow transition does besides changing the state, in words, in the order in which the CMS does it. */
export function describeActions(actions: readonly TransitionAction[]): readonly string[] {
  return actions.map((action) => {
    const description = action.description.trim();
    const words = actionWords[action.kind];
    const saysNoMore = ['', words, imperativeOf(words)].includes(description.toLowerCase());
    return saysNoMore ? words : `${words} (${description})`;
  });
}

/** `checks in` → `check in`, as sites commonly name the action. */
function imperativeOf(words: string): string {
  return words.replace(/^(\w+)s\b/, '$1');
}

/** Whether one of the actions submits a publish. */
export function startsPublish(actions: readonly TransitionAction[]): boolean {
  return actions.some((action) => action.kind === 'publish');
}

const actionWords: Readonly<Record<TransitionActionKind, string>> = {
  mark_for_publish: 'marks for publish',
  unmark_for_publish: 'takes publish marks off',
  check_in: 'checks in',
  check_out: 'checks out',
  publish: 'submits a publish',
  custom: 'runs code of the site',
  group_mail: 'notifies a group',
  external_client: 'opens a page for people',
  set_lifetime: 'sets start or end date',
  archive: 'archives the item',
  bridge: 'moves on into another workflow',
  revert: 'goes back to an earlier version',
  unknown: 'does something this server does not know',
};
