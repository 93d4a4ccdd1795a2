import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkOutContent } from '../../../src/application/tasks/authoring/check-out-content.ts';
import { openTaskHarness, type TaskHarness } from '../../support/task-harness.ts';

let harness: TaskHarness;
beforeEach(async () => {
  harness = await openTaskHarness();
});
afterEach(() => harness.close());

describe('check_out_content', () => {
  it('locks pages and assets for the user and changes nothing of them', async () => {
    const { tuitionPage } = harness.landmarks;
    const asset = Object.values(harness.state.assets).find(({ checkedOut }) => checkedOut === null)?.id ?? '';
    const versions = harness.state.pages[tuitionPage]?.versions.length;
    const answer = await harness.run(checkOutContent, { items: [tuitionPage, asset] });
    expect(answer.items.map(({ outcome }) => outcome)).toEqual(['checked_out', 'checked_out']);
    expect(answer.changed.map(({ id, checked_out }) => [id, checked_out])).toEqual([
      [tuitionPage, true],
      [asset, true],
    ]);
    const page = harness.state.pages[tuitionPage];
    expect(page?.checkedOut?.elements).toEqual(page?.versions.at(-1)?.elements);
    expect(page?.versions).toHaveLength(versions ?? -1);
    expect(harness.events).toContainEqual({
      type: 'content_changed',
      itemIds: [tuitionPage],
      change: 'lock',
      subject: 'agent-of-editor',
    });
  });

  it('leaves alone what the user holds already', async () => {
    const answer = await harness.run(checkOutContent, { items: [harness.landmarks.checkedOutByEditorPage] });
    expect(answer.items).toEqual([expect.objectContaining({ outcome: 'already_yours' })]);
    expect(answer).toMatchObject({ changed: [], undo: 'no' });
    expect(callsOf('Pages_CheckOut')).toBe(0);
  });

  it('names the holder of a lock, and still locks the others', async () => {
    const { checkedOutByOtherPage, tuitionPage } = harness.landmarks;
    const answer = await harness.run(checkOutContent, { items: [checkedOutByOtherPage, tuitionPage] });
    expect(answer.items).toEqual([
      expect.objectContaining({
        id: checkedOutByOtherPage,
        outcome: 'failed',
        code: 'LOCKED',
        message: expect.stringContaining('Daniel Reyes'),
      }),
      expect.objectContaining({ id: tuitionPage, outcome: 'checked_out' }),
    ]);
  });

  it.each([
    ['what others hold', () => harness.landmarks.checkedOutByOtherPage, 'LOCKED'],
    ['what the user may only read', () => harness.landmarks.readOnlyForEditorPage, 'FORBIDDEN'],
    ['what is in the recycle folder', () => harness.landmarks.recycledPage, 'CONFLICT'],
    ['an asset folder', () => harness.state.assetRootFolderId, 'BAD_INPUT'],
    ['what is not there', () => 'x999999', 'NOT_FOUND'],
  ])('refuses %s', async (_title, item, code) => {
    expect((await harness.refusal(checkOutContent, { items: [item()] })).code).toBe(code);
  });

  it('stops in a content freeze', async () => {
    harness.sandbox.setFreeze({
      startTime: '2020-01-01T00:00:00Z',
      endTime: '2099-01-01T00:00:00Z',
      message: 'Migration',
      allowedUserIds: [],
    });
    const refusal = await harness.refusal(checkOutContent, { items: [harness.landmarks.tuitionPage] });
    expect(refusal.code).toBe('CONTENT_FREEZE');
    expect(callsOf('Pages_CheckOut')).toBe(0);
  });
});

function callsOf(operationId: string): number {
  return harness.sandbox.calls.list().filter((call) => call.operationId === operationId).length;
}
