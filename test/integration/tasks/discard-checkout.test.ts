import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkOutContent } from '../../../src/application/tasks/authoring/check-out-content.ts';
import { discardCheckout } from '../../../src/application/tasks/authoring/discard-checkout.ts';
import { confirmationOutput } from '../../../src/application/tasks/parameters.ts';
import { openTaskHarness, type TaskHarness } from '../../support/task-harness.ts';

const asset = 'a/50';

async function confirmOf(harness: TaskHarness, items: string[]) {
  const answer = await harness.answer(discardCheckout, { items });
  expect(answer.kind).toBe('confirmation');
  return confirmationOutput.parse(answer.output);
}

describe('discard_checkout where the CMS undoes page check-outs', () => {
  let harness: TaskHarness;
  beforeAll(async () => {
    harness = await openTaskHarness({ services: {} });
  });
  afterAll(() => harness.close());

  it('tells what would be lost, and drops it once the token comes back', async () => {
    const { checkedOutByEditorPage } = harness.landmarks;
    const { confirm, impact } = await confirmOf(harness, [checkedOutByEditorPage]);
    expect(impact).toMatchObject({ items: [{ id: checkedOutByEditorPage, lost_edits_in: ['Body'] }] });
    expect(harness.state.pages[checkedOutByEditorPage]?.checkedOut).not.toBeNull();
    const answer = await harness.run(discardCheckout, { items: [checkedOutByEditorPage], confirm });
    expect(answer).toMatchObject({
      items: [{ id: checkedOutByEditorPage, outcome: 'discarded', used: 'services' }],
      changed: [{ id: checkedOutByEditorPage, checked_out: false }],
      undo: 'no',
    });
    expect(harness.state.pages[checkedOutByEditorPage]?.checkedOut).toBeNull();
    expect(harness.events.slice(-2)).toMatchObject([{ change: 'lock' }, { change: 'fields' }]);
  });

  it('refuses the token when the copy was edited after the impact was shown', async () => {
    const { deadlinesPage } = harness.landmarks;
    await harness.run(checkOutContent, { items: [deadlinesPage] });
    const { confirm } = await confirmOf(harness, [deadlinesPage]);
    const element = harness.state.pages[deadlinesPage]?.checkedOut?.elements[0];
    if (element !== undefined) element.value = 'Edited meanwhile';
    const error = await harness.refusal(discardCheckout, { items: [deadlinesPage], confirm });
    expect(error.code).toBe('CONFIRMATION_INVALID');
    expect(harness.state.pages[deadlinesPage]?.checkedOut).not.toBeNull();
  });

  it('asks for no confirmation where nothing is checked out', async () => {
    const { tuitionPage } = harness.landmarks;
    const answer = await harness.run(discardCheckout, { items: [tuitionPage] });
    expect(answer).toMatchObject({ items: [{ id: tuitionPage, outcome: 'not_checked_out' }], changed: [] });
  });

  it('does not touch what somebody else holds', async () => {
    const { checkedOutByOtherPage } = harness.landmarks;
    const error = await harness.refusal(discardCheckout, { items: [checkedOutByOtherPage] });
    expect(error.code).toBe('LOCKED');
    expect(harness.state.pages[checkedOutByOtherPage]?.checkedOut).not.toBeNull();
  });

  it('refuses a page that was never checked in: nothing would be left', async () => {
    const { neverCheckedInPage } = harness.landmarks;
    const error = await harness.refusal(discardCheckout, { items: [neverCheckedInPage] }, { role: 'admin' });
    expect(['CONFLICT', 'LOCKED']).toContain(error.code);
  });
});

describe('discard_checkout where the CMS speaks REST only', () => {
  let harness: TaskHarness;
  beforeAll(async () => {
    harness = await openTaskHarness();
  });
  afterAll(() => harness.close());

  it('says that pages cannot, with the nearest call, and leaves the assets of the same call alone', async () => {
    const { checkedOutByEditorPage } = harness.landmarks;
    await harness.run(checkOutContent, { items: [asset] });
    const error = await harness.refusal(discardCheckout, { items: [asset, checkedOutByEditorPage] });
    expect(error).toMatchObject({ code: 'CAPABILITY_MISSING', next: { tool: 'compare_versions' } });
    expect(harness.state.assets[asset]?.checkedOut).not.toBeNull();
    expect(harness.state.pages[checkedOutByEditorPage]?.checkedOut).not.toBeNull();
  });

  it('works for assets', async () => {
    await harness.run(checkOutContent, { items: [asset] });
    const { confirm } = await confirmOf(harness, [asset]);
    const answer = await harness.run(discardCheckout, { items: [asset], confirm });
    expect(answer).toMatchObject({ items: [{ id: asset, outcome: 'discarded', used: 'rest' }] });
    expect(harness.state.assets[asset]?.checkedOut).toBeNull();
  });
});
