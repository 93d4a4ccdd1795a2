import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deleteContent } from '../../../src/application/tasks/authoring/delete-content.ts';
import { confirmationOutput } from '../../../src/application/tasks/parameters.ts';
import { openTaskHarness, type TaskHarness } from '../../support/task-harness.ts';

describe('delete_content', () => {
  let harness: TaskHarness;
  beforeAll(async () => {
    harness = await openTaskHarness();
  });
  afterAll(() => harness.close());

  const impactOf = async (items: string[]) => {
    const answer = await harness.answer(deleteContent, { items }, { role: 'publisher' });
    expect(answer.kind).toBe('confirmation');
    return confirmationOutput.parse(answer.output);
  };

  it('tells the impact first: what is below, what refers to it, where it is live; nothing is deleted', async () => {
    const { tuitionPage } = harness.landmarks;
    const { impact } = await impactOf([tuitionPage]);
    expect(impact).toMatchObject({
      summary: expect.stringContaining('1 item and '),
      items: [
        {
          id: tuitionPage,
          descendants: expect.any(Number),
          references: expect.any(Number),
          live_on: expect.arrayContaining(['Production']),
        },
      ],
    });
    expect(harness.state.pages[tuitionPage]?.parentId).not.toBe(harness.landmarks.recycleFolder);
  });

  it('moves the page to the recycle folder once the token comes back', async () => {
    const { neverPublishedPage, recycleFolder } = harness.landmarks;
    const { confirm } = await impactOf([neverPublishedPage]);
    const answer = await harness.run(deleteContent, { items: [neverPublishedPage], confirm }, { role: 'publisher' });
    expect(answer).toMatchObject({ deleted: [{ id: neverPublishedPage, outcome: 'recycled' }], undo: 'partial' });
    expect(harness.state.pages[neverPublishedPage]?.parentId).toBe(recycleFolder);
    expect(harness.events.at(-1)).toMatchObject({ type: 'content_changed', change: 'structure' });
  });

  it('never deletes twice: what is in the recycle folder is refused, because the CMS would purge it', async () => {
    const { recycledPage } = harness.landmarks;
    const error = await harness.refusal(deleteContent, { items: [recycledPage] }, { role: 'publisher' });
    expect(error.code).toBe('CONFLICT');
    expect(harness.state.pages[recycledPage]).toBeDefined();
  });

  it.each(['home', 'recycleFolder'] as const)('refuses to delete the %s page', async (landmark) => {
    const error = await harness.refusal(deleteContent, { items: [harness.landmarks[landmark]] }, { role: 'publisher' });
    expect(['BAD_INPUT', 'CONFLICT']).toContain(error.code);
    expect(harness.state.pages[harness.landmarks[landmark]]).toBeDefined();
  });

  it('refuses when the page was edited after the impact was shown', async () => {
    const { noWorkflowPage } = harness.landmarks;
    const { confirm } = await impactOf([noWorkflowPage]);
    const page = harness.state.pages[noWorkflowPage];
    const last = page?.versions.at(-1);
    if (page === undefined || last === undefined) throw new Error('the seed has changed');
    page.versions.push({ ...structuredClone(last), number: last.number + 1 });
    const error = await harness.refusal(deleteContent, { items: [noWorkflowPage], confirm }, { role: 'publisher' });
    expect(error).toMatchObject({ code: 'CONFIRMATION_INVALID', next: { tool: 'delete_content' } });
  });

  it('refuses someone who may only read', async () => {
    const error = await harness.refusal(deleteContent, { items: [harness.landmarks.tuitionPage] }, { role: 'viewer' });
    expect(error.code).toBe('FORBIDDEN');
  });

  it('keeps an asset that content refers to, and says so', async () => {
    const used = Object.values(harness.state.pages)
      .flatMap((page) => page.versions.at(-1)?.elements ?? [])
      .map((element) => element.value ?? '')
      .find((value) => /^a\/\d+$/.test(value));
    if (used === undefined) throw new Error('the seed refers to no asset');
    const { confirm } = await impactOf([used]);
    const answer = await harness.run(deleteContent, { items: [used], confirm }, { role: 'publisher' });
    expect(answer.deleted).toMatchObject([{ id: used, outcome: 'kept' }]);
    expect(harness.state.assets[used]).toBeDefined();
  });

  it('moves an asset folder that nothing uses to the recycle folder', async () => {
    const { assetFolders, assets, assetRootFolderId, assetRecycleFolderId } = harness.state;
    const folder = structuredClone(
      Object.values(assetFolders).find((candidate) => candidate.parentId === assetRootFolderId),
    );
    if (folder === undefined) throw new Error('the seed has changed');
    const empty = { ...folder, id: 'af/9901', name: 'Empty folder', parentId: assetRootFolderId };
    assetFolders[empty.id] = empty;
    expect(Object.values(assets).some((asset) => asset.parentId === empty.id)).toBe(false);
    const { confirm } = await impactOf([empty.id]);
    const answer = await harness.run(deleteContent, { items: [empty.id], confirm }, { role: 'publisher' });
    expect(answer.deleted).toMatchObject([{ id: empty.id, outcome: 'recycled' }]);
    expect(assetFolders[empty.id]?.parentId).toBe(assetRecycleFolderId);
  });
});
