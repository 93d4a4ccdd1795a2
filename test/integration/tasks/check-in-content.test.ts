import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { seedIds } from '../../../sandbox/seed/seed-ids.ts';
import { checkInContent } from '../../../src/application/tasks/authoring/check-in-content.ts';
import { openTaskHarness, type TaskHarness } from '../../support/task-harness.ts';

const { targets, users } = seedIds;

let harness: TaskHarness;
beforeEach(async () => {
  harness = await openTaskHarness();
});
afterEach(() => harness.close());

describe('check_in_content', () => {
  it('makes a version of what the user holds, signs its comment and tells what follows', async () => {
    const id = harness.landmarks.checkedOutByEditorPage;
    const before = pageOf(id).versions.length;
    const answer = await harness.run(checkInContent, {
      items: [id],
      mark_for: ['production'],
      comment: 'Binding times.',
    });
    expect(answer.items).toEqual([
      expect.objectContaining({
        id,
        outcome: 'checked_in',
        version: before + 1,
        path: expect.stringContaining(' / '),
        marked_for: [{ target: 'Production', version: before + 1 }],
      }),
    ]);
    expect(answer.changed).toEqual([
      expect.objectContaining({ id, version_before: before, version_after: before + 1, checked_out: false }),
    ]);
    expect(answer.warnings).toEqual([]);
    expect(answer.next).toEqual({ tool: 'publish_content', input: { items: [id], target: 'Production' } });
    expect(pageOf(id).checkedOut).toBeNull();
    expect(pageOf(id).versions.at(-1)?.comment).toBe('Binding times. (by agent task-harness for agent-of-editor)');
    expect(pageOf(id).marks[targets.production]).toEqual({ version: before + 1 });
    expect(harness.events).toContainEqual({
      type: 'content_changed',
      itemIds: [id],
      change: 'version',
      subject: 'agent-of-editor',
    });
  });

  it('marks what is checked in already, without a new version', async () => {
    const id = harness.landmarks.neverPublishedPage;
    const version = pageOf(id).versions.length;
    const answer = await harness.run(checkInContent, { items: [id], mark_for: ['Staging', 'Production'] });
    expect(answer.items).toEqual([expect.objectContaining({ id, outcome: 'marked', version })]);
    expect(pageOf(id).marks).toEqual({ [targets.staging]: { version }, [targets.production]: { version } });
    expect(harness.events).toContainEqual(expect.objectContaining({ change: 'marking', itemIds: [id] }));
  });

  it('leaves alone what is checked in when no target is given', async () => {
    const answer = await harness.run(checkInContent, { items: [harness.landmarks.tuitionPage] });
    expect(answer.items).toEqual([expect.objectContaining({ outcome: 'unchanged' })]);
    expect(answer.changed).toEqual([]);
    expect(calls('Pages_CheckIn')).toBe(0);
  });

  it('only tells in a dry run', async () => {
    const id = harness.landmarks.checkedOutByEditorPage;
    const answer = await harness.run(checkInContent, { items: [id], mark_for: ['Production'], dry_run: true });
    const version = pageOf(id).versions.length;
    expect(answer).toMatchObject({ dry_run: true, changed: [] });
    expect(answer.items[0]).toMatchObject({
      outcome: 'planned',
      does: [`check in as version ${version + 1}`, 'mark the newest version for Production'],
    });
    expect(pageOf(id).checkedOut).not.toBeNull();
    expect(calls('Pages_CheckIn')).toBe(0);
  });

  it('names every empty required field before anything happens', async () => {
    const id = harness.landmarks.emptyRequiredFieldPage;
    await checkOutAs('editor', id);
    const refusal = await harness.refusal(checkInContent, {
      items: [harness.landmarks.checkedOutByEditorPage, id],
    });
    expect(refusal.code).toBe('REQUIRED_FIELD');
    expect(refusal.details).toEqual({ item: id, empty_required_fields: ['Summary'] });
    expect(calls('Pages_CheckIn')).toBe(0);
    expect(pageOf(harness.landmarks.checkedOutByEditorPage).checkedOut).not.toBeNull();
  });

  it('refuses what somebody else holds, naming the holder', async () => {
    const refusal = await harness.refusal(checkInContent, { items: [harness.landmarks.checkedOutByOtherPage] });
    expect(refusal.code).toBe('LOCKED');
    expect(refusal.details).toEqual({ holder: 'Daniel Reyes' });
  });

  it('refuses marks to who may not mark, and still lets them check in', async () => {
    const id = harness.landmarks.neverCheckedInPage;
    const elsewhere = harness.landmarks.tuitionPage;
    const refusal = await harness.refusal(
      checkInContent,
      { items: [elsewhere], mark_for: ['Production'] },
      { role: 'author' },
    );
    expect(refusal.code).toBe('FORBIDDEN');
    const answer = await harness.run(checkInContent, { items: [id] }, { role: 'author' });
    expect(answer.items).toEqual([expect.objectContaining({ outcome: 'checked_in', version: 1 })]);
  });

  it('refuses read-only items, recycled items and asset folders', async () => {
    const { readOnlyForEditorPage, recycledPage } = harness.landmarks;
    expect((await harness.refusal(checkInContent, { items: [readOnlyForEditorPage] })).code).toBe('FORBIDDEN');
    expect((await harness.refusal(checkInContent, { items: [recycledPage] })).code).toBe('CONFLICT');
    const folder = Object.keys(harness.state.assetFolders)[0] ?? '';
    expect((await harness.refusal(checkInContent, { items: [folder] })).code).toBe('BAD_INPUT');
  });

  it('refuses an unknown target with the targets there are', async () => {
    const refusal = await harness.refusal(checkInContent, {
      items: [harness.landmarks.tuitionPage],
      mark_for: ['Moon'],
    });
    expect(refusal.code).toBe('NOT_FOUND');
    expect(refusal.candidates?.map(({ name }) => name)).toEqual(['Intranet', 'Production', 'Staging']);
  });

  it('warns when the CMS takes the call and does not mark', async () => {
    const id = harness.landmarks.checkedOutByEditorPage;
    harness.sandbox.faults.add({ kind: 'null-answer', match: { operationId: 'Pages_GetPageHistory' }, times: 1 });
    const answer = await harness.run(checkInContent, { items: [id], mark_for: ['Production'] });
    expect(answer.warnings).toEqual([expect.stringContaining('was not marked for Production')]);
  });

  it('takes what lies below, skipping what others hold', async () => {
    const services = pageOf(harness.landmarks.checkedOutByEditorPage).parentId ?? '';
    const below = Object.values(harness.state.pages).filter((page) => page.parentId === services);
    const other = below.find((page) => page.checkedOut === null);
    if (other === undefined) throw new Error('The seed has no second page below Services.');
    await checkOutAs('publisher', other.id);
    const answer = await harness.run(checkInContent, { items: [services], with_descendants: true });
    const outcomeOf = (id: string) => answer.items.find((row) => row.id === id)?.outcome;
    expect(outcomeOf(harness.landmarks.checkedOutByEditorPage)).toBe('checked_in');
    expect(outcomeOf(other.id)).toBe('skipped');
    expect(outcomeOf(services)).toBe('unchanged');
    expect(pageOf(other.id).checkedOut?.userId).toBe(users.publisher);
    expect(answer.changed).toHaveLength(1);
  });

  it('refuses a tree that is too large', async () => {
    const refusal = await harness.refusal(checkInContent, {
      items: [harness.landmarks.home],
      with_descendants: true,
    });
    expect(refusal.code).toBe('TOO_LARGE');
    expect(calls('Pages_CheckIn')).toBe(0);
  });

  it('tells what was done when a later item fails', async () => {
    const first = harness.landmarks.checkedOutByEditorPage;
    const second = harness.landmarks.tuitionPage;
    await checkOutAs('editor', second);
    // The fault meets the first check-in; the second goes through.
    harness.sandbox.faults.add({
      kind: 'exception',
      type: 'InvalidOperationException',
      match: { operationId: 'Pages_CheckIn' },
      times: 1,
    });
    const answer = await harness.run(checkInContent, { items: [first, second] });
    expect(answer.items.map(({ outcome }) => outcome).sort()).toEqual(['checked_in', 'failed']);
    expect(answer.items.find(({ outcome }) => outcome === 'failed')).toMatchObject({ id: first, code: 'CONFLICT' });
    expect(answer.changed).toEqual([expect.objectContaining({ id: second })]);
  });

  it('stops in a content freeze', async () => {
    harness.sandbox.setFreeze({
      startTime: '2020-01-01T00:00:00Z',
      endTime: '2099-01-01T00:00:00Z',
      message: 'Migration',
      allowedUserIds: [],
    });
    const refusal = await harness.refusal(checkInContent, { items: [harness.landmarks.checkedOutByEditorPage] });
    expect(refusal.code).toBe('CONTENT_FREEZE');
  });
});

function pageOf(id: string) {
  const page = harness.state.pages[id];
  if (page === undefined) throw new Error(`The sandbox has no page ${id}.`);
  return page;
}

function checkOutAs(role: 'editor' | 'publisher', id: string) {
  const gateway = harness
    .runtime(role)
    .connector.as(harness.principal(role), { signal: AbortSignal.timeout(20_000), allowStale: false });
  return gateway.pages.checkOut(id);
}

/** How often the CMS was asked for an operation. */
function calls(operationId: string): number {
  return harness.sandbox.calls.list().filter((call) => call.operationId === operationId).length;
}
