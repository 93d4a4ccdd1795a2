import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SandboxOptions } from '../../../sandbox/server.ts';
import { editContent } from '../../../src/application/tasks/authoring/edit-content.ts';
import { getContent } from '../../../src/application/tasks/core/get-content.ts';
import { getContext } from '../../../src/application/tasks/core/get-context.ts';
import { openTaskHarness, type TaskHarness } from '../../support/task-harness.ts';

async function versionOf(harness: TaskHarness, item: string): Promise<string> {
  const answer = await harness.run(getContent, { items: [item] });
  return answer.items[0]?.version_token ?? expect.unreachable();
}

/** The value of a field in the checked-out copy, as the CMS really holds it. */
function heldValue(harness: TaskHarness, id: string, name: string): string | undefined {
  return harness.state.pages[id]?.checkedOut?.elements.find((element) => element.name === name)?.value;
}

async function withHarness(services: SandboxOptions['services'], act: (harness: TaskHarness) => Promise<void>) {
  const harness = await openTaskHarness(services === undefined ? {} : { services });
  try {
    await act(harness);
  } finally {
    await harness.close();
  }
}

describe('edit_content where the CMS writes fields', () => {
  let harness: TaskHarness;
  beforeAll(async () => {
    harness = await openTaskHarness({ services: {} });
  });
  afterAll(() => harness.close());

  it('sets, empties and fills what find and replace cannot, and says how', async () => {
    const { deadlinesPage } = harness.landmarks;
    const answer = await harness.run(editContent, {
      item: deadlinesPage,
      version: await versionOf(harness, deadlinesPage),
      changes: [
        { op: 'replace_text', field: 'Body', find: 'January 15, 2026', value: 'January 31, 2026' },
        { op: 'set', field: 'ShowInNavigation', value: false },
        { op: 'clear', field: 'ReviewDate' },
        { op: 'set', field: 'Contact', value: harness.landmarks.sharedContactCard },
      ],
    });
    expect(answer).toMatchObject({
      used: 'services',
      undo_hint: expect.stringContaining('discard_checkout'),
      changed: [{ id: deadlinesPage, checked_out: true }],
    });
    expect(answer.diff).toContainEqual({ field: 'ShowInNavigation', before: 'true', after: 'false' });
    expect(heldValue(harness, deadlinesPage, 'Body')).toContain('January 31, 2026');
    expect(heldValue(harness, deadlinesPage, 'ShowInNavigation')).toBe('false');
    expect(heldValue(harness, deadlinesPage, 'ReviewDate')).toBe('');
    expect(heldValue(harness, deadlinesPage, 'Contact')).toBe(harness.landmarks.sharedContactCard);
  });

  it('fills a required field that is empty, which would lock the page for good otherwise', async () => {
    const { emptyRequiredFieldPage } = harness.landmarks;
    const answer = await harness.run(editContent, {
      item: emptyRequiredFieldPage,
      version: await versionOf(harness, emptyRequiredFieldPage),
      changes: [{ op: 'set', field: 'Summary', value: 'Rooms to study in.' }],
    });
    expect(answer).toMatchObject({ warnings: [], next: { tool: 'check_in_content' } });
    expect(heldValue(harness, emptyRequiredFieldPage, 'Summary')).toBe('Rooms to study in.');
  });

  it('writes the values of an older version', async () => {
    const { manyVersionsPage } = harness.landmarks;
    const older = harness.state.pages[manyVersionsPage]?.versions.find(({ number }) => number === 1)?.elements;
    const answer = await harness.run(editContent, {
      item: manyVersionsPage,
      version: await versionOf(harness, manyVersionsPage),
      restore_version: 1,
    });
    expect(answer.used).toBe('services');
    expect(answer.diff.length).toBeGreaterThan(0);
    for (const { field } of answer.diff) {
      expect(heldValue(harness, manyVersionsPage, field)).toBe(older?.find(({ name }) => name === field)?.value);
    }
  });

  it('plans without writing in a dry run', async () => {
    const { tuitionPage } = harness.landmarks;
    const before = JSON.stringify(harness.state.pages[tuitionPage]);
    const answer = await harness.run(editContent, {
      item: tuitionPage,
      version: await versionOf(harness, tuitionPage),
      changes: [{ op: 'clear', field: 'Summary' }],
      dry_run: true,
    });
    expect(answer).toMatchObject({ used: 'services', dry_run: true, changed: [] });
    expect(JSON.stringify(harness.state.pages[tuitionPage])).toBe(before);
  });

  it.each([
    ['neither changes nor a version', {}, 'BAD_INPUT'],
    ['both', { changes: [{ op: 'clear', field: 'Summary' }], restore_version: 1 }, 'BAD_INPUT'],
    ['a version that is not there', { restore_version: 9999 }, 'NOT_FOUND'],
    ['a computed field', { changes: [{ op: 'set', field: 'SideNavigation', value: 'x1' }] }, 'FORBIDDEN'],
    ['a day that does not exist', { changes: [{ op: 'set', field: 'ReviewDate', value: '2026-02-30' }] }, 'BAD_INPUT'],
    ['torn markup', { changes: [{ op: 'set', field: 'Body', value: '<p>open' }] }, 'BAD_INPUT'],
  ])('refuses %s and checks nothing out', async (_title, wish, code) => {
    const { researchOverviewPage } = harness.landmarks;
    const version = await versionOf(harness, researchOverviewPage);
    const error = await harness.refusal(editContent, { item: researchOverviewPage, version, ...wish });
    expect(error.code).toBe(code);
    expect(harness.state.pages[researchOverviewPage]?.checkedOut).toBeNull();
  });

  it('is told beforehand by the abilities', async () => {
    const answer = await harness.run(getContext, {});
    expect(answer.abilities).toMatchObject({
      edit_fields: 'services',
      discard_page_checkout: 'services',
      roll_back: 'services',
    });
  });
});

describe('edit_content where the service layer misbehaves', () => {
  it('undoes its own check-out when the CMS refuses', () =>
    withHarness({}, async (harness) => {
      const { deadlinesPage, home } = harness.landmarks;
      const error = await harness.refusal(editContent, {
        item: deadlinesPage,
        version: await versionOf(harness, deadlinesPage),
        // A page is no component, and only the CMS knows that.
        changes: [{ op: 'set', field: 'Contact', value: home }],
      });
      expect(error).toMatchObject({
        code: 'CMS_REFUSED',
        message: expect.stringContaining('The check-out was undone.'),
      });
      expect(harness.state.pages[deadlinesPage]?.checkedOut).toBeNull();
    }));

  it('does not believe a save that saved nothing, and leaves the page as it was', () =>
    withHarness({ lies: ['PageCommandsServices.Save', 'PageCommandsServices.SavePartial'] }, async (harness) => {
      const { deadlinesPage } = harness.landmarks;
      const error = await harness.refusal(editContent, {
        item: deadlinesPage,
        version: await versionOf(harness, deadlinesPage),
        changes: [{ op: 'set', field: 'Summary', value: 'New' }],
      });
      expect(error).toMatchObject({
        code: 'WRITE_UNVERIFIED',
        details: { fields: ['Summary'], check_out_undone: true },
      });
      expect(harness.state.pages[deadlinesPage]?.checkedOut).toBeNull();
    }));

  it('keeps a copy that the user held before', () =>
    withHarness({ lies: ['PageCommandsServices.Save', 'PageCommandsServices.SavePartial'] }, async (harness) => {
      const { checkedOutByEditorPage } = harness.landmarks;
      const error = await harness.refusal(editContent, {
        item: checkedOutByEditorPage,
        version: await versionOf(harness, checkedOutByEditorPage),
        changes: [{ op: 'set', field: 'Summary', value: 'New' }],
      });
      expect(error).toMatchObject({ code: 'WRITE_UNVERIFIED', details: { check_out_undone: false } });
      expect(harness.state.pages[checkedOutByEditorPage]?.checkedOut).not.toBeNull();
    }));

  it('restores the text of an older version by find and replace where that is all the CMS offers', () =>
    withHarness(undefined, async (harness) => {
      const { manyVersionsPage } = harness.landmarks;
      const older = harness.state.pages[manyVersionsPage]?.versions.find(({ number }) => number === 1)?.elements;
      const answer = await harness.run(editContent, {
        item: manyVersionsPage,
        version: await versionOf(harness, manyVersionsPage),
        restore_version: 1,
      });
      expect(answer.used).toBe('find-replace');
      for (const { field } of answer.diff) {
        expect(heldValue(harness, manyVersionsPage, field)).toBe(older?.find(({ name }) => name === field)?.value);
      }
    }));

  it('falls back to find and replace where the CMS does not serve the layer', () =>
    withHarness(undefined, async (harness) => {
      const { deadlinesPage } = harness.landmarks;
      const answer = await harness.run(editContent, {
        item: deadlinesPage,
        version: await versionOf(harness, deadlinesPage),
        changes: [{ op: 'append', field: 'Summary', value: ' More.' }],
      });
      expect(answer.used).toBe('find-replace');
    }));
});
