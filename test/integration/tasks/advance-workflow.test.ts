import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { seedIds } from '../../../sandbox/seed/seed-ids.ts';
import { advanceWorkflow } from '../../../src/application/tasks/workflow/advance-workflow.ts';
import { openTaskHarness, type TaskHarness } from '../../support/task-harness.ts';

const { states, targets, users } = seedIds;

let harness: TaskHarness;
beforeEach(async () => {
  harness = await openTaskHarness({ knobs: { publishTickMs: 5 } });
});
afterEach(() => harness.close());

describe('advance_workflow', () => {
  it('takes a transition by its name and reads back where the item stands', async () => {
    const id = harness.landmarks.draftPage;
    const version = pageOf(id).versions.length;
    await checkOut(id);
    const answer = await harness.run(advanceWorkflow, {
      items: [id],
      transition: 'submit for review',
      comment: 'New data sets are in.',
    });
    expect(answer.items).toEqual([
      expect.objectContaining({
        id,
        outcome: 'advanced',
        transition: 'Submit for review',
        from_state: 'Draft',
        to_state: 'In Review',
        group: 'Editors',
        version: version + 1,
        checked_out: false,
        path: expect.stringContaining(' / '),
      }),
    ]);
    expect(answer.items[0]?.does).toEqual(['checks in', 'notifies a group (Tell the editors)']);
    expect(answer.changed).toEqual([expect.objectContaining({ version_before: version, version_after: version + 1 })]);
    expect(answer.warnings).toEqual([]);
    expect(pageOf(id).workflow).toMatchObject({
      stateId: states.inReview,
      comment: 'New data sets are in. (by agent task-harness for agent-of-editor)',
    });
    expect(harness.events).toContainEqual(expect.objectContaining({ itemIds: [id], change: 'workflow' }));
  });

  it('tells what a transition would do and changes nothing in a dry run', async () => {
    const id = harness.landmarks.inReviewPage;
    const answer = await harness.run(advanceWorkflow, {
      items: [id],
      transition: 'Approve and publish',
      dry_run: true,
    });
    expect(answer.items).toEqual([
      expect.objectContaining({
        outcome: 'planned',
        from_state: 'In Review',
        to_state: 'Published',
        publishes_to: ['Production'],
        does: ['checks in', expect.stringContaining('marks for publish'), expect.stringContaining('submits a publish')],
      }),
    ]);
    expect(pageOf(id).workflow?.stateId).toBe(states.inReview);
    expect(advances()).toHaveLength(0);
  });

  it('needs the publish scope for a transition that publishes, and for that only', async () => {
    const id = harness.landmarks.inReviewPage;
    const scopes = ['cms:read', 'cms:write'] as const;
    const refusal = await harness.refusal(
      advanceWorkflow,
      { items: [id], transition: 'Approve and publish' },
      { scopes },
    );
    expect(refusal.code).toBe('SCOPE_MISSING');
    expect(refusal.details).toEqual({
      required_scopes: ['cms:write', 'cms:publish'],
      missing_scopes: ['cms:publish'],
    });
    expect(advances()).toHaveLength(0);
    const answer = await harness.run(advanceWorkflow, { items: [id], transition: 'Approve' }, { scopes });
    expect(answer.items[0]).toMatchObject({ outcome: 'advanced', to_state: 'Approved' });
  });

  it('says how to follow a publish that the transition started', async () => {
    const id = harness.landmarks.approvedPage;
    const answer = await harness.run(advanceWorkflow, { items: [id], transition: 'Publish' });
    expect(answer.next).toEqual({ tool: 'get_publish_status', input: { items: [id], target: 'Production' } });
    expect(pageOf(id).marks[targets.production]).toBeDefined();
  });

  it('assigns a person', async () => {
    const id = harness.landmarks.inReviewPage;
    const answer = await harness.run(advanceWorkflow, {
      items: [id],
      transition: 'Reject',
      assign_to: 'Thomas Lindqvist',
    });
    expect(answer.items[0]).toMatchObject({ outcome: 'advanced', to_state: 'Draft' });
    expect(pageOf(id).assignedUserId).toBe(users.author);
  });

  it('names the transitions there are when the wanted one is not', async () => {
    const refusal = await harness.refusal(advanceWorkflow, {
      items: [harness.landmarks.draftPage],
      transition: 'Approve',
    });
    expect(refusal.code).toBe('NOT_FOUND');
    expect(refusal.candidates?.map(({ name }) => name)).toEqual(['Submit for review']);
    expect(refusal.next).toEqual({
      tool: 'get_content',
      input: { items: [harness.landmarks.draftPage], include: ['workflow'] },
    });
  });

  it('tells whose turn it is when the transition is not open to the user', async () => {
    const refusal = await harness.refusal(
      advanceWorkflow,
      { items: [harness.landmarks.inReviewPage], transition: 'Approve' },
      { role: 'author' },
    );
    expect(refusal.code).toBe('FORBIDDEN');
    expect(refusal.message).toContain('members of Editors');
  });

  it('refuses items without a workflow, with a locked one, and held by others', async () => {
    const { noWorkflowPage, lockedWorkflowPage, checkedOutByOtherPage, readOnlyForEditorPage } = harness.landmarks;
    const codeFor = async (id: string) =>
      (await harness.refusal(advanceWorkflow, { items: [id], transition: 'Publish again' })).code;
    expect(await codeFor(noWorkflowPage)).toBe('CONFLICT');
    expect(await codeFor(lockedWorkflowPage)).toBe('LOCKED');
    expect(await codeFor(checkedOutByOtherPage)).toBe('LOCKED');
    expect(await codeFor(readOnlyForEditorPage)).toBe('FORBIDDEN');
    expect(advances()).toHaveLength(0);
  });

  it('checks all items before the first one moves', async () => {
    const { inReviewPage, draftPage } = harness.landmarks;
    const refusal = await harness.refusal(advanceWorkflow, { items: [inReviewPage, draftPage], transition: 'Approve' });
    expect(refusal.code).toBe('NOT_FOUND');
    expect(advances()).toHaveLength(0);
    expect(pageOf(inReviewPage).workflow?.stateId).toBe(states.inReview);
  });

  it('refuses a check-in by transition that would meet an empty required field', async () => {
    const id = harness.landmarks.emptyRequiredFieldPage;
    await checkOut(id);
    const refusal = await harness.refusal(advanceWorkflow, { items: [id], transition: 'Publish again' });
    expect(refusal.code).toBe('REQUIRED_FIELD');
    expect(advances()).toHaveLength(0);
  });

  it('takes false for an answer as a refusal', async () => {
    harness.sandbox.faults.add({ kind: 'false-answer', match: { operationId: 'Pages_AdvanceWorkflow' }, times: 1 });
    const refusal = await harness.refusal(advanceWorkflow, {
      items: [harness.landmarks.inReviewPage],
      transition: 'Approve',
    });
    expect(refusal.code).toBe('CONFLICT');
  });

  it('looks for itself when the answer is lost: moved, or outcome unknown', async () => {
    const match = { operationId: 'Pages_AdvanceWorkflow' };
    harness.sandbox.faults.add({ kind: 'drop-connection', afterEffect: true, match, times: 1 });
    const { inReviewPage, approvedPage } = harness.landmarks;
    const answer = await harness.run(advanceWorkflow, { items: [inReviewPage], transition: 'Approve' });
    expect(answer.items[0]).toMatchObject({ outcome: 'advanced', to_state: 'Approved' });
    expect(answer.warnings).toEqual([expect.stringContaining('was lost')]);
    expect(advances()).toHaveLength(1);

    harness.sandbox.faults.add({ kind: 'drop-connection', match, times: 1 });
    const refusal = await harness.refusal(advanceWorkflow, { items: [approvedPage], transition: 'Publish' });
    expect(refusal.code).toBe('OUTCOME_UNKNOWN');
    expect(refusal.next).toEqual({ tool: 'get_content', input: { items: [approvedPage], include: ['workflow'] } });
    expect(pageOf(approvedPage).workflow?.stateId).toBe(states.approved);
  });

  it('tells per item what became of it', async () => {
    const { inReviewPage, neverPublishedPage } = harness.landmarks;
    harness.sandbox.faults.add({
      kind: 'exception',
      type: 'SecurityException',
      match: { operationId: 'Pages_AdvanceWorkflow' },
      times: 1,
    });
    const answer = await harness.run(advanceWorkflow, {
      items: [inReviewPage, neverPublishedPage],
      transition: 'Approve',
    });
    expect(answer.items).toEqual([
      expect.objectContaining({ id: inReviewPage, outcome: 'failed', code: 'FORBIDDEN', to_state: 'In Review' }),
      expect.objectContaining({ id: neverPublishedPage, outcome: 'advanced', to_state: 'Approved' }),
    ]);
    expect(answer.changed).toEqual([expect.objectContaining({ id: neverPublishedPage })]);
  });
});

function pageOf(id: string) {
  const page = harness.state.pages[id];
  if (page === undefined) throw new Error(`The sandbox has no page ${id}.`);
  return page;
}

function checkOut(id: string) {
  const call = { signal: AbortSignal.timeout(20_000), allowStale: false };
  return harness.runtime().connector.as(harness.principal(), call).pages.checkOut(id);
}

/** Transitions that the CMS was asked for. */
function advances() {
  return harness.sandbox.calls.list().filter((call) => call.operationId === 'Pages_AdvanceWorkflow');
}
