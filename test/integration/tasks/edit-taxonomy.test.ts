import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { confirmationOutput } from '../../../src/application/tasks/parameters.ts';
import { editTaxonomy } from '../../../src/application/tasks/taxonomy/edit-taxonomy.ts';
import { searchTaxonomy } from '../../../src/application/tasks/taxonomy/search-taxonomy.ts';
import { openTaskHarness, type TaskHarness } from '../../support/task-harness.ts';

let harness: TaskHarness;
beforeEach(async () => {
  harness = await openTaskHarness();
});
afterEach(() => harness.close());

const role = 'publisher' as const;
type Arguments = Parameters<typeof editTaxonomy.execute>[0];
const run = (input: Arguments) => harness.run(editTaxonomy, input, { role });
const refusal = async (input: Arguments) => harness.refusal(editTaxonomy, input, { role });
const impactOf = async (input: Arguments) => {
  const answer = await harness.answer(editTaxonomy, input, { role });
  expect(answer.kind).toBe('confirmation');
  return confirmationOutput.parse(answer.output);
};
const named = (name: string) => harness.state.categories.find((category) => category.name === name);
const taggedWith = (id: string) =>
  [...Object.values(harness.state.pages), ...Object.values(harness.state.assets)]
    .filter(({ categoryIds }) => categoryIds.includes(id))
    .map((item) => item.id);

describe('edit_taxonomy', () => {
  it('creates at the top and below, and lists show it at once', async () => {
    await harness.run(searchTaxonomy, { under: 'Topics/Research' }, { role });
    const { after } = await run({ action: 'create', name: 'Forests', to: 'Topics/Research' });
    expect(after).toMatchObject({ name: 'Forests', path: 'Topics/Research/Forests' });
    expect(named('Forests')).toMatchObject({ parentId: named('Research')?.id, locale: 'en-us' });
    const below = await harness.run(searchTaxonomy, { under: 'Topics/Research' }, { role });
    expect(below.categories.map(({ name }) => name)).toContain('Forests');
    await run({ action: 'create', name: 'Formats', locale: 'es-us' });
    expect(named('Formats')).toMatchObject({ parentId: null, locale: 'es-us' });
  });

  it('renames, moves below another and to the top', async () => {
    const id = named('Climate')?.id ?? '';
    const renamed = await run({ action: 'rename', category: 'Climate', name: 'Climate Change' });
    expect(renamed).toMatchObject({ before: { name: 'Climate' }, after: { name: 'Climate Change' }, undo: 'possible' });
    await run({ action: 'move', category: id, to: 'Topics' });
    expect(named('Climate Change')?.parentId).toBe('CategoryNodes/1');
    const moved = await run({ action: 'move', category: id });
    expect(named('Climate Change')?.parentId).toBeNull();
    expect(moved.after?.path).toBe('Climate Change');
  });

  it('sets the synonyms of one locale and leaves the others', async () => {
    const { before, after } = await run({ action: 'set_synonyms', category: 'Engineering', synonyms: ['Machines'] });
    expect(before?.synonyms).toContain('Computing (en-us)');
    expect(after?.synonyms.sort()).toEqual(['Ingeniería (es-us)', 'Machines (en-us)']);
    await run({ action: 'set_synonyms', category: 'Engineering', synonyms: [], locale: 'es-us' });
    expect(named('Engineering')?.synonyms).toEqual([{ locale: 'en-us', value: 'Machines' }]);
  });

  it('tells what carries a category before it deletes it with all below', async () => {
    const category = named('Research');
    const below = harness.state.categories.filter(({ parentId }) => parentId === category?.id);
    const tagged = taggedWith(category?.id ?? '');
    const { confirm, impact, warnings } = await impactOf({ action: 'delete', category: 'Topics/Research' });
    expect(impact).toMatchObject({ tagged_items: tagged.length, children: below.length });
    expect(JSON.stringify(impact['used_categories_below'])).toContain('Water');
    expect(warnings).not.toEqual([]);
    expect(named('Research')).toBeDefined();
    const answer = await run({ action: 'delete', category: 'Topics/Research', confirm });
    expect(answer).toMatchObject({ undo: 'no', before: { name: 'Research' } });
    expect(answer.items_changed).toBeGreaterThanOrEqual(tagged.length);
    expect(named('Research')).toBeUndefined();
    expect(named('Water')).toBeUndefined();
    expect(taggedWith(category?.id ?? '')).toEqual([]);
  });

  it('asks again when something was tagged after the impact was shown', async () => {
    const category = named('Journalists')?.id ?? '';
    const { confirm } = await impactOf({ action: 'delete', category });
    harness.state.pages[harness.landmarks.tuitionPage]?.categoryIds.push(category);
    expect((await refusal({ action: 'delete', category, confirm })).code).toBe('CONFIRMATION_INVALID');
    expect(named('Journalists')).toBeDefined();
  });

  it('merges: items, old name and synonyms go to the target', async () => {
    const source = named('Rural Health');
    const target = named('Health');
    const items = taggedWith(source?.id ?? '');
    const kept = taggedWith(target?.id ?? '');
    expect(items.length).toBeGreaterThan(0);
    const input: Arguments = { action: 'merge', category: 'Rural Health', to: target?.id ?? '' };
    const { confirm, impact } = await impactOf(input);
    expect(impact).toMatchObject({ tagged_items: items.length, into: { name: 'Health' } });
    await run({ ...input, confirm });
    expect(named('Rural Health')).toBeUndefined();
    expect(taggedWith(target?.id ?? '').sort()).toEqual([...new Set([...kept, ...items])].sort());
    const values = named('Health')?.synonyms.map(({ value }) => value);
    expect(values).toEqual(expect.arrayContaining(['Nursing', 'Rural Health', 'Country Practice', 'Salud']));
  });

  it('tells how far a merge got when it could not be ended', async () => {
    const input: Arguments = { action: 'merge', category: 'Rural Health', to: 'Topics/Academics/Health' };
    const { confirm } = await impactOf(input);
    const match = { operationId: 'Taxonomy_DeleteCategory' };
    harness.sandbox.faults.add({ kind: 'exception', type: 'InvalidOperationException', match, times: 1 });
    const refused = await refusal({ ...input, confirm });
    expect(refused.message).toContain('as well by now');
    expect(named('Rural Health')).toBeDefined();
  });

  it('finds out whether a category was made when no answer came, and never makes two', async () => {
    const match = { operationId: 'Taxonomy_CreateCategory' };
    harness.sandbox.faults.add({ kind: 'drop-connection', afterEffect: true, match, times: 1 });
    const { after } = await run({ action: 'create', name: 'Forests', to: 'Topics/Research' });
    expect(after?.path).toBe('Topics/Research/Forests');
    harness.sandbox.faults.add({ kind: 'drop-connection', match, times: 1 });
    expect((await refusal({ action: 'create', name: 'Meadows' })).code).toBe('OUTCOME_UNKNOWN');
    expect(harness.state.categories.filter(({ name }) => name === 'Forests')).toHaveLength(1);
    expect(named('Meadows')).toBeUndefined();
  });

  it.each<[string, Arguments, string]>([
    ['a missing name', { action: 'create' }, 'BAD_INPUT'],
    ['a missing category', { action: 'rename', name: 'X' }, 'BAD_INPUT'],
    ['a name that its place has already', { action: 'create', name: 'water', to: 'Topics/Research' }, 'CONFLICT'],
    ['renaming to the name of a neighbour', { action: 'rename', category: 'Climate', name: 'Water' }, 'CONFLICT'],
    ['moving below itself', { action: 'move', category: 'Topics', to: 'Water' }, 'BAD_INPUT'],
    ['an unknown category', { action: 'delete', category: 'Moon' }, 'NOT_FOUND'],
    ['merging into itself', { action: 'merge', category: 'Water', to: 'Water' }, 'BAD_INPUT'],
    ['merging what has categories below', { action: 'merge', category: 'Research', to: 'Academics' }, 'CONFLICT'],
  ])('refuses %s', async (_title, input, code) => {
    const before = structuredClone(harness.state.categories);
    expect((await refusal(input)).code).toBe(code);
    expect(harness.state.categories).toEqual(before);
  });

  it('passes on that the user may not manage the taxonomy', async () => {
    const denied = await harness.refusal(editTaxonomy, { action: 'rename', category: 'Climate', name: 'Weather' });
    expect(denied.code).toBe('FORBIDDEN');
  });
});
