import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { moveContent } from '../../../src/application/tasks/authoring/move-content.ts';
import { confirmationOutput } from '../../../src/application/tasks/parameters.ts';
import { openTaskHarness, type TaskHarness } from '../../support/task-harness.ts';

describe('move_content', () => {
  let harness: TaskHarness;
  beforeAll(async () => {
    harness = await openTaskHarness();
  });
  afterAll(() => harness.close());

  type Arguments = Parameters<typeof moveContent.execute>[0];
  const impactOf = async (input: Partial<Arguments> & { items: string[] }) => {
    const answer = await harness.answer(moveContent, input, { role: 'publisher' });
    expect(answer.kind).toBe('confirmation');
    return confirmationOutput.parse(answer.output);
  };
  const confirmed = async (input: Partial<Arguments> & { items: string[] }) => {
    const { confirm } = await impactOf(input);
    return harness.run(moveContent, { ...input, confirm }, { role: 'publisher' });
  };

  it('renames a page, answers the old and the new address, and adds redirects', async () => {
    const { deadlinesPage } = harness.landmarks;
    const answer = await confirmed({ items: ['/admissions/deadlines'], new_name: 'Key dates', add_redirects: true });
    expect(
      harness.state.pages[deadlinesPage]?.checkedOut?.name ?? harness.state.pages[deadlinesPage]?.versions.at(-1)?.name,
    ).toBe('Key dates');
    const onProduction = answer.addresses.find((row) => row.target === 'Production');
    expect(onProduction).toMatchObject({ id: deadlinesPage, redirect: 'added' });
    expect(onProduction?.old_path).toContain('deadlines');
    expect(onProduction?.new_path).toContain('key-dates');
    expect(harness.state.redirects.some((redirect) => redirect.from === onProduction?.old_path)).toBe(true);
  });

  it('says why a redirect was not added; the rename stands', async () => {
    const { academicsOverviewPage } = harness.landmarks;
    const wish = { items: [academicsOverviewPage], new_name: 'At a glance', add_redirects: true };
    const asked = await harness.answer(moveContent, wish);
    const { confirm } = confirmationOutput.parse(asked.output);
    const answer = await harness.run(moveContent, { ...wish, confirm });
    expect(answer.changed[0]?.name).toBe('At a glance');
    expect(answer.addresses[0]).toMatchObject({ redirect: 'failed', code: 'FORBIDDEN' });
    expect(answer.warnings.join(' ')).toContain(answer.addresses[0]?.message);
  });

  it('warns of a namesake at the new place', async () => {
    const { aboutContactPage, admissionsContactPage } = harness.landmarks;
    const parentId = harness.state.pages[aboutContactPage]?.parentId ?? '';
    const { warnings } = await impactOf({ items: [admissionsContactPage], to: parentId });
    expect(warnings.join(' ')).toContain(aboutContactPage);
  });

  it('finds the page by its old address afterwards', async () => {
    const { items } = (await impactOf({ items: ['/admissions/deadlines'], new_name: 'Dates' })).impact as {
      items: { id: string }[];
    };
    expect(items[0]?.id).toBe(harness.landmarks.deadlinesPage);
  });

  it('moves a page with everything below it', async () => {
    const { tuitionPage, home } = harness.landmarks;
    const answer = await confirmed({ items: [tuitionPage], to: home });
    expect(harness.state.pages[tuitionPage]?.parentId).toBe(home);
    expect(answer.paths[0]?.path.split(' / ')).toHaveLength(2);
    expect(answer.undo).toBe('possible');
  });

  it('restores a page out of the recycle folder', async () => {
    const { recycledPage, home } = harness.landmarks;
    await confirmed({ items: [recycledPage], to: home });
    expect(harness.state.pages[recycledPage]?.parentId).toBe(home);
  });

  it.each([
    ['the name that it has', () => ({ items: [harness.landmarks.tuitionPage], new_name: 'Tuition' }), 'BAD_INPUT'],
    ['what somebody else holds', () => ({ items: [harness.landmarks.checkedOutByEditorPage], to: 'x1' }), 'LOCKED'],
    ['nothing to do', () => ({ items: ['x1'] }), 'BAD_INPUT'],
    ['the root of the site', () => ({ items: [harness.landmarks.home], new_name: 'Start' }), 'BAD_INPUT'],
    [
      'moving into the recycle folder',
      () => ({ items: [harness.landmarks.tuitionPage], to: harness.landmarks.recycleFolder }),
      'BAD_INPUT',
    ],
    [
      'a name with forbidden characters',
      () => ({ items: [harness.landmarks.tuitionPage], new_name: 'Fees & costs' }),
      'BAD_INPUT',
    ],
    [
      'renaming two at once',
      () => ({ items: [harness.landmarks.tuitionPage, harness.landmarks.aboutContactPage], new_name: 'Both' }),
      'BAD_INPUT',
    ],
    [
      'a page under an asset folder',
      () => ({ items: [harness.landmarks.tuitionPage], to: harness.state.assetRootFolderId }),
      'BAD_INPUT',
    ],
  ] as const)('refuses %s', async (_title, input, code) => {
    expect((await harness.refusal(moveContent, input(), { role: 'publisher' })).code).toBe(code);
  });

  it('refuses to move a page below itself', async () => {
    const child = harness.state.pages[harness.landmarks.aboutContactPage];
    const parentId = child?.parentId;
    if (child === undefined || parentId == null) throw new Error('the seed has changed');
    const error = await harness.refusal(moveContent, { items: [parentId], to: child.id }, { role: 'publisher' });
    expect(error).toMatchObject({ code: 'BAD_INPUT', message: expect.stringContaining('below itself') });
  });

  it('moves an asset into another folder, and renames it there', async () => {
    const asset = Object.values(harness.state.assets)[0];
    const folder = Object.values(harness.state.assetFolders).find(
      (candidate) =>
        candidate.id !== asset?.parentId &&
        candidate.allowedExtensions.length === 0 &&
        candidate.parentId !== null &&
        candidate.id !== harness.state.assetRecycleFolderId,
    );
    if (asset === undefined || folder === undefined) throw new Error('the seed has changed');
    const answer = await confirmed({ items: [asset.id], to: folder.id });
    expect(harness.state.assets[asset.id]?.parentId).toBe(folder.id);
    expect(answer.changed).toMatchObject([{ id: asset.id, kind: 'asset' }]);
  });
});
