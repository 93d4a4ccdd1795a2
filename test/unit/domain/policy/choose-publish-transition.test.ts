import { describe, expect, it } from 'vitest';
import type { DefinedTransition, TransitionAction } from '../../../../src/domain/model/workflow.ts';
import {
  choosePublishTransition,
  type PublishSituation,
  publishTargetsOf,
} from '../../../../src/domain/policy/choose-publish-transition.ts';

const production = { id: 'PublishingTargets/1', name: 'Production' };
const staging = { id: 'PublishingTargets/2', name: 'Staging' };
const targets = [production, staging];

describe('the transition that publishes an item', () => {
  it('is the open one that publishes to the target', () => {
    const way = choose(
      transition('reject', []),
      transition('to staging', [publish(staging.id)]),
      transition('go live', [action('check_in'), mark(production.id), publish(production.id)]),
    );
    expect(way).toEqual({
      possible: true,
      transitionId: 'go live',
      transitionName: 'go live',
      toState: 'after go live',
      marks: true,
      does: ['checks in', 'marks for publish', 'submits a publish'],
    });
  });

  it('does not count a mark for another target', () => {
    expect(choose(transition('live', [mark(staging.id), publish(production.id)]))).toMatchObject({ marks: false });
  });

  it('knows a target by its name too, and in a list', () => {
    expect(choose(transition('live', [publish('production')]))).toMatchObject({ possible: true });
    expect(publishTargetsOf([publish(`${production.id}|${staging.id}`)], targets)).toEqual([production, staging]);
    expect(publishTargetsOf([publish('')], targets)).toEqual(['unknown']);
    expect(publishTargetsOf([mark(production.id)], targets)).toEqual([]);
  });

  it('is the default of the state where several fit, else the one with the fewest actions', () => {
    const long = transition('long', [action('group_mail'), publish(production.id)]);
    const short = transition('short', [publish(production.id)]);
    expect(choose(long, short)).toMatchObject({ transitionId: 'short' });
    expect(
      choosePublishTransition(
        situation([short, long], { allowed: [allow('short'), allow('long', true)] }),
        production,
        targets,
      ),
    ).toMatchObject({ transitionId: 'long' });
  });

  it.each([
    ['publishes elsewhere too', [publish(production.id), publish(staging.id)]],
    ['publishes to a target it does not name, too', [publish(production.id), publish('')]],
    ['publishes in full', [publish(production.id, { Incremental: 'false' })]],
    ['publishes what lies below', [publish(production.id, { IncludeChildren: 'true' })]],
    ['archives', [publish(production.id), action('archive')]],
    ['takes marks off', [action('unmark_for_publish'), publish(production.id)]],
    ['reverts', [action('revert'), publish(production.id)]],
  ])('is never one that %s', (_what, actions) => {
    const way = choose(transition('too much', actions));
    expect(way).toMatchObject({
      possible: false,
      reason: expect.stringContaining('does more than publish this one item'),
    });
  });

  it('does not count actions behind a bridge to another workflow', () => {
    expect(choose(transition('bridge', [action('bridge'), publish(production.id)]))).toMatchObject({ possible: false });
    expect(choose(transition('bridge', [publish(production.id), action('bridge'), action('archive')]))).toMatchObject({
      possible: true,
    });
  });

  it('says who could take it when the caller may not', () => {
    const live = transition('live', [publish(production.id)]);
    const way = choosePublishTransition(situation([live], { allowed: [], groupName: 'Editors' }), production, targets);
    expect(way).toMatchObject({ possible: false, reason: expect.stringContaining('a member of Editors can') });
  });

  it('says which transitions there are when none publishes', () => {
    expect(choose(transition('reject', []))).toEqual({
      possible: false,
      reason: 'No transition out of the state "Draft" publishes to Production (open to this user: "reject").',
    });
  });

  it('does not take a transition of another state', () => {
    const live = transition('live', [publish(production.id)]);
    const way = choosePublishTransition(situation([live], { leavingIds: [] }), production, targets);
    expect(way).toMatchObject({ possible: false });
  });

  it('is none without a workflow, and none in a locked one', () => {
    expect(choosePublishTransition(undefined, production, targets)).toMatchObject({ possible: false });
    const live = transition('live', [publish(production.id)]);
    expect(choosePublishTransition(situation([live], { locked: true }), production, targets)).toEqual({
      possible: false,
      reason: 'Its workflow is locked.',
    });
  });
});

function choose(...transitions: readonly DefinedTransition[]) {
  return choosePublishTransition(situation(transitions), production, targets);
}

/** All transitions leave the current state and are open, unless told otherwise. */
function situation(defined: readonly DefinedTransition[], more: Partial<PublishSituation> = {}): PublishSituation {
  return {
    stateName: 'Draft',
    locked: false,
    allowed: defined.map(({ id }) => allow(id)),
    leavingIds: defined.map(({ id }) => id),
    defined,
    ...more,
  };
}

const allow = (id: string, isDefault = false) => ({ id, name: id, isDefault });

function transition(name: string, actions: readonly TransitionAction[]): DefinedTransition {
  return { id: name, name, fromState: 'Draft', toState: `after ${name}`, actions };
}

function action(kind: TransitionAction['kind'], attributes: Readonly<Record<string, string>> = {}): TransitionAction {
  return { kind, description: '', attributes };
}

const mark = (targetId: string) => action('mark_for_publish', { PublishingTargets: targetId });
const publish = (targetId: string, more: Readonly<Record<string, string>> = {}) =>
  action('publish', { PublishingTarget: targetId, ...more });
