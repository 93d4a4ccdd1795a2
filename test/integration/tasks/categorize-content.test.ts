import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { categorizeContent } from '../../../src/application/tasks/authoring/categorize-content.ts';
import { getContent } from '../../../src/application/tasks/core/get-content.ts';
import { openTaskHarness, type TaskHarness } from '../../support/task-harness.ts';

let harness: TaskHarness;
beforeEach(async () => {
  harness = await openTaskHarness();
});
afterEach(() => harness.close());

const categoriesOf = (id: string) => (harness.state.pages[id] ?? harness.state.assets[id])?.categoryIds ?? [];
const idOf = (name: string) => harness.state.categories.find((category) => category.name === name)?.id ?? '';

describe('categorize_content', () => {
  it('adds and removes, and leaves the other categories', async () => {
    const { tuitionPage } = harness.landmarks;
    const before = [...categoriesOf(tuitionPage)];
    expect(before).toContain(idOf('Parents'));
    const answer = await harness.run(categorizeContent, {
      items: [tuitionPage],
      add: ['Topics / Research / Water'],
      remove: ['Parents'],
    });
    const wanted = [...before.filter((id) => id !== idOf('Parents')), idOf('Water')];
    expect([...categoriesOf(tuitionPage)].sort()).toEqual(wanted.sort());
    expect(answer.items[0]?.before.map(({ id }) => id).sort()).toEqual(before.sort());
    expect(answer.items[0]?.after.map(({ name }) => name)).toContain('Water');
    expect(answer.changed).toEqual([expect.objectContaining({ id: tuitionPage, checked_out: false })]);
    expect(harness.events).toContainEqual(expect.objectContaining({ itemIds: [tuitionPage], change: 'fields' }));
  });

  it('replaces the set only when asked, down to none', async () => {
    const { tuitionPage, aboutContactPage } = harness.landmarks;
    await harness.run(categorizeContent, { items: [tuitionPage, aboutContactPage], replace_with: ['CategoryNodes/5'] });
    expect(categoriesOf(tuitionPage)).toEqual(['CategoryNodes/5']);
    expect(categoriesOf(aboutContactPage)).toEqual(['CategoryNodes/5']);
    await harness.run(categorizeContent, { items: [tuitionPage], replace_with: [] });
    expect(categoriesOf(tuitionPage)).toEqual([]);
  });

  it('is seen by the next read', async () => {
    const { tuitionPage } = harness.landmarks;
    const read = async () =>
      JSON.stringify(await harness.run(getContent, { items: [tuitionPage], include: ['categories'] }));
    expect(await read()).not.toContain('Journalists');
    await harness.run(categorizeContent, { items: [tuitionPage], add: ['Journalists'] });
    expect(await read()).toContain('Journalists');
  });

  it('asks the CMS for nothing that is so already, and for nothing in a dry run', async () => {
    const { tuitionPage } = harness.landmarks;
    const again = await harness.run(categorizeContent, { items: [tuitionPage], add: ['Parents'] });
    expect(again).toMatchObject({ changed: [], warnings: [expect.stringContaining('already')] });
    const before = [...categoriesOf(tuitionPage)];
    const dry = await harness.run(categorizeContent, { items: [tuitionPage], replace_with: [], dry_run: true });
    expect(dry.items[0]?.after).toEqual([]);
    expect(categoriesOf(tuitionPage)).toEqual(before);
    const writes = harness.sandbox.calls.list().filter(({ operationId }) => /Associations/.test(operationId ?? ''));
    expect(writes).toEqual([]);
  });

  it('warns of categories that the content type is not meant to carry', async () => {
    const schema = harness.state.schemas.find(({ rootCategoryIds }) => rootCategoryIds.length > 0);
    const page = Object.values(harness.state.pages).find(
      ({ schemaId, checkedOut, workflow }) => schemaId === schema?.id && checkedOut === null && workflow !== null,
    );
    const answer = await harness.run(categorizeContent, { items: [page?.id ?? ''], add: ['Asia'] });
    expect(answer.warnings).toEqual([expect.stringContaining('Asia')]);
  });

  it.each([
    ['nothing to do', { items: ['x1'] }, 'BAD_INPUT'],
    ['adding beside replacing', { items: ['x1'], add: ['Water'], replace_with: ['Parents'] }, 'BAD_INPUT'],
    ['adding what is removed', { items: ['x1'], add: ['Water'], remove: ['CategoryNodes/14'] }, 'BAD_INPUT'],
    ['an unknown category', { items: ['x1'], add: ['Moon'] }, 'NOT_FOUND'],
    ['an unknown category id', { items: ['x1'], add: ['CategoryNodes/999999'] }, 'NOT_FOUND'],
  ])('refuses %s', async (_title, input, code) => {
    expect((await harness.refusal(categorizeContent, input)).code).toBe(code);
  });

  it('refuses what the user may not change and what is recycled', async () => {
    const { readOnlyForEditorPage, recycledPage } = harness.landmarks;
    const refused = (item: string) => harness.refusal(categorizeContent, { items: [item], add: ['Water'] });
    expect((await refused(readOnlyForEditorPage)).code).toBe('FORBIDDEN');
    expect((await refused(recycledPage)).code).toBe('CONFLICT');
  });

  it('tells that some changes were made when a later one failed', async () => {
    const { tuitionPage } = harness.landmarks;
    const match = { operationId: 'Taxonomy_DeleteAssociations' };
    harness.sandbox.faults.add({ kind: 'exception', type: 'InvalidOperationException', match, times: 1 });
    const input = { items: [tuitionPage], add: ['Water'], remove: ['Parents'] };
    const refusal = await harness.refusal(categorizeContent, input);
    expect(refusal).toMatchObject({
      message: expect.stringContaining('Some of the changes'),
      next: { tool: 'get_content' },
    });
    expect(categoriesOf(tuitionPage)).toEqual(expect.arrayContaining([idOf('Water'), idOf('Parents')]));
    expect(harness.events).toContainEqual(expect.objectContaining({ itemIds: [tuitionPage], change: 'fields' }));
  });

  it('says so when the CMS took the call and did nothing', async () => {
    const { tuitionPage } = harness.landmarks;
    const gone = harness.state.categories.find(({ name }) => name === 'Journalists');
    harness.sandbox.faults.add({
      kind: 'null-answer',
      match: { operationId: 'Taxonomy_AddAssociations' },
      times: 1,
    });
    const refusal = await harness.refusal(categorizeContent, { items: [tuitionPage], add: [gone?.id ?? ''] });
    expect(refusal.code).toMatch(/NOT_FOUND|WRITE_UNVERIFIED/);
    expect(categoriesOf(tuitionPage)).not.toContain(gone?.id);
  });
});
