import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { editContent } from '../../../src/application/tasks/authoring/edit-content.ts';
import { getContent } from '../../../src/application/tasks/core/get-content.ts';
import { openTaskHarness, type TaskHarness } from '../../support/task-harness.ts';

/** Reads the version text that an edit has to bring. */
async function versionOf(harness: TaskHarness, item: string, role?: 'editor' | 'publisher' | 'admin'): Promise<string> {
  const answer = await harness.run(getContent, { items: [item] }, role === undefined ? {} : { role });
  const version = answer.items[0]?.version_token;
  if (version === undefined) throw new Error(`no version of ${item}`);
  return version;
}

const sentence = { op: 'replace_text', field: 'Body', find: 'January 15, 2026', value: 'January 31, 2026' } as const;

describe('edit_content', () => {
  let harness: TaskHarness;
  beforeAll(async () => {
    harness = await openTaskHarness();
  });
  afterAll(() => harness.close());

  it('changes one sentence, checks out for it, reads it back, and leaves the rest alone', async () => {
    const { deadlinesPage } = harness.landmarks;
    const before = structuredClone(harness.state.pages[deadlinesPage]?.versions.at(-1)?.elements);
    const version = await versionOf(harness, deadlinesPage);
    const answer = await harness.run(editContent, { item: '/admissions/deadlines', version, changes: [sentence] });

    expect(answer).toMatchObject({
      dry_run: false,
      undo: 'possible',
      changed: [{ id: deadlinesPage, checked_out: true }],
      next: { tool: 'check_in_content', input: { items: [deadlinesPage] } },
    });
    expect(answer.diff[0]?.before).toContain('January 15, 2026');
    expect(answer.diff[0]?.after).toContain('January 31, 2026');
    const copy = harness.state.pages[deadlinesPage]?.checkedOut;
    const changed = copy?.elements.filter((element, index) => element.value !== before?.[index]?.value);
    expect(changed?.map((element) => element.name)).toEqual(['Body']);
    expect(changed?.[0]?.value).toContain('January 31, 2026');
    expect(changed?.[0]?.value).not.toContain('January 15, 2026');
  });

  it('goes on with the version that it answered, without reading again', async () => {
    const { tuitionPage } = harness.landmarks;
    const first = await harness.run(editContent, {
      item: tuitionPage,
      version: await versionOf(harness, tuitionPage),
      changes: [{ op: 'replace_text', field: 'Body', find: 'is $60', value: 'is $65' }],
    });
    const second = await harness.run(editContent, {
      item: tuitionPage,
      version: first.version_token,
      changes: [{ op: 'replace_text', field: 'Body', find: 'is $65', value: 'is $70' }],
    });
    expect(second.diff[0]?.after).toContain('$70');
    expect(second.version_token).not.toBe(first.version_token);
  });

  it('refuses a version that is not the current one, and says which call helps', async () => {
    const { tuitionPage } = harness.landmarks;
    const error = await harness.refusal(editContent, { item: tuitionPage, version: '1.abc', changes: [sentence] });
    expect(error).toMatchObject({ code: 'VERSION_CONFLICT', next: { tool: 'get_content' } });
  });

  it('tells a version number from a version token', async () => {
    const { tuitionPage } = harness.landmarks;
    const error = await harness.refusal(editContent, { item: tuitionPage, version: '3', changes: [sentence] });
    expect(error).toMatchObject({ code: 'BAD_INPUT', message: expect.stringContaining('version_token') });
  });

  it('does not check out what could not be checked in again', async () => {
    const { emptyRequiredFieldPage } = harness.landmarks;
    const error = await harness.refusal(editContent, {
      item: emptyRequiredFieldPage,
      version: await versionOf(harness, emptyRequiredFieldPage),
      changes: [{ op: 'replace_text', field: 'Body', find: '1,150', value: '1,200' }],
    });
    expect(error).toMatchObject({ code: 'REQUIRED_FIELD', details: { empty_required_fields: ['Summary'] } });
    expect(harness.state.pages[emptyRequiredFieldPage]?.checkedOut).toBeNull();
  });

  it('says which changes can be made without the impossible one, as a call that works', async () => {
    const { academicsOverviewPage } = harness.landmarks;
    const error = await harness.refusal(editContent, {
      item: academicsOverviewPage,
      version: await versionOf(harness, academicsOverviewPage),
      changes: [
        { op: 'append', field: 'Summary', value: ' More.' },
        { op: 'set', field: 'TeaserImage', value: 'a/5' },
      ],
    });
    expect(error).toMatchObject({ code: 'CAPABILITY_MISSING', next: { tool: 'edit_content' } });
    const given = editContent.input.parse(error.next?.input);
    expect(await harness.run(editContent, { ...given, dry_run: true })).toMatchObject({
      diff: [{ field: 'Summary', after: expect.stringContaining('More.') }],
    });
  });

  it('says how to restore what lies in the recycle folder', async () => {
    const { recycledPage } = harness.landmarks;
    const error = await harness.refusal(editContent, {
      item: recycledPage,
      version: await versionOf(harness, recycledPage),
      changes: [{ op: 'append', field: 'Summary', value: ' More.' }],
    });
    expect(error).toMatchObject({ code: 'CONFLICT', next: { tool: 'browse_tree', input: { at: 'site' } } });
  });

  it('of two writers who read the same version, lets one through and refuses the other', async () => {
    const { aboutContactPage } = harness.landmarks;
    const version = await versionOf(harness, aboutContactPage);
    const edit = (value: string) =>
      harness.answer(editContent, {
        item: aboutContactPage,
        version,
        changes: [{ op: 'append', field: 'Summary', value }],
      });
    const first = await edit(' One.');
    expect(first.kind).toBe('done');
    const error = await harness.refusal(editContent, {
      item: aboutContactPage,
      version,
      changes: [{ op: 'append', field: 'Summary', value: ' Two.' }],
    });
    expect(error.code).toBe('VERSION_CONFLICT');
  });

  it('shows what it would do and changes nothing in a dry run', async () => {
    const { academicsOverviewPage } = harness.landmarks;
    const version = await versionOf(harness, academicsOverviewPage);
    const before = JSON.stringify(harness.state.pages[academicsOverviewPage]);
    const answer = await harness.run(editContent, {
      item: academicsOverviewPage,
      version,
      changes: [{ op: 'set', field: 'Summary', value: 'A new summary.' }],
      dry_run: true,
    });
    expect(answer).toMatchObject({ dry_run: true, changed: [], undo: 'possible', version_token: version });
    expect(answer.diff).toHaveLength(1);
    expect(JSON.stringify(harness.state.pages[academicsOverviewPage])).toBe(before);
  });

  it('does all changes or none: one impossible change refuses the call before the check-out', async () => {
    const { researchOverviewPage } = harness.landmarks;
    const error = await harness.refusal(editContent, {
      item: researchOverviewPage,
      version: await versionOf(harness, researchOverviewPage),
      changes: [
        { op: 'append', field: 'Summary', value: ' More.' },
        { op: 'clear', field: 'Summary' },
      ],
    });
    expect(error).toMatchObject({
      code: 'CAPABILITY_MISSING',
      recoverable: false,
      details: { prepared_changes: [{ field: 'Summary', new: '' }] },
    });
    expect(harness.state.pages[researchOverviewPage]?.checkedOut).toBeNull();
  });

  it.each([
    ['an unknown field', [{ op: 'set', field: 'Nonsense', value: 'x' }], 'BAD_INPUT'],
    [
      'a text that is not there',
      [{ op: 'replace_text', field: 'Body', find: 'no such words', value: 'x' }],
      'CONFLICT',
    ],
  ] as const)('refuses %s and changes nothing', async (_title, changes, code) => {
    const { researchOverviewPage } = harness.landmarks;
    const error = await harness.refusal(editContent, {
      item: researchOverviewPage,
      version: await versionOf(harness, researchOverviewPage),
      changes,
    });
    expect(error.code).toBe(code);
    expect(harness.state.pages[researchOverviewPage]?.checkedOut).toBeNull();
  });

  it('names who holds the page that somebody else has checked out', async () => {
    const { checkedOutByOtherPage } = harness.landmarks;
    const error = await harness.refusal(editContent, {
      item: checkedOutByOtherPage,
      version: await versionOf(harness, checkedOutByOtherPage),
      changes: [{ op: 'append', field: 'Summary', value: ' More.' }],
    });
    expect(error).toMatchObject({ code: 'LOCKED', recoverable: false, details: { holder: expect.any(String) } });
  });

  it('refuses a page that the user may only read', async () => {
    const { readOnlyForEditorPage } = harness.landmarks;
    const error = await harness.refusal(editContent, {
      item: readOnlyForEditorPage,
      version: await versionOf(harness, readOnlyForEditorPage),
      changes: [{ op: 'append', field: 'Summary', value: ' More.' }],
    });
    expect(error).toMatchObject({ code: 'FORBIDDEN', recoverable: false });
  });

  it('refuses an ambiguous name with the candidates', async () => {
    const error = await harness.refusal(editContent, { item: 'Contact', version: '1.a', changes: [sentence] });
    expect(error.code).toBe('AMBIGUOUS');
    expect(error.candidates?.map((candidate) => candidate.id)).toEqual(
      expect.arrayContaining([harness.landmarks.aboutContactPage, harness.landmarks.admissionsContactPage]),
    );
  });
});

describe('edit_content when the CMS misbehaves', () => {
  it('does not call a replacement done that the CMS only claims', async () => {
    const harness = await openTaskHarness();
    try {
      const { deadlinesPage } = harness.landmarks;
      const version = await versionOf(harness, deadlinesPage);
      // The CMS answers the replace call without doing it.
      harness.sandbox.faults.add({ match: { operationId: 'Site_ReplaceReportEntry' }, kind: 'null-answer' });
      const error = await harness.refusal(editContent, { item: deadlinesPage, version, changes: [sentence] });
      expect(['WRITE_UNVERIFIED', 'CONFLICT', 'CMS_UNEXPECTED']).toContain(error.code);
      expect(
        harness.state.pages[deadlinesPage]?.checkedOut?.elements.some((element) =>
          element.value?.includes('January 31'),
        ),
      ).toBe(false);
    } finally {
      await harness.close();
    }
  });

  it('is stopped by a content freeze, and by nothing remembered of it once it was lifted', async () => {
    const state = (await import('../../../sandbox/seed.ts')).createSeedState();
    state.contentFreeze = {
      startTime: '2020-01-01T00:00:00Z',
      endTime: '2090-01-01T00:00:00Z',
      message: 'Upgrade',
      allowedUserIds: [],
    };
    const harness = await openTaskHarness({ state });
    try {
      const item = harness.landmarks.deadlinesPage;
      const edit = { item, version: await versionOf(harness, item), changes: [sentence] };
      expect((await harness.refusal(editContent, edit)).code).toBe('CONTENT_FREEZE');
      harness.sandbox.setFreeze(null);
      expect(await harness.run(editContent, edit)).toMatchObject({ used: 'find-replace' });
    } finally {
      await harness.close();
    }
  });
});
