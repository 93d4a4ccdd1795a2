import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { searchTaxonomy } from '../../../src/application/tasks/taxonomy/search-taxonomy.ts';
import { openTaskHarness, type TaskHarness } from '../../support/task-harness.ts';

let harness: TaskHarness;
beforeAll(async () => {
  harness = await openTaskHarness();
});
afterAll(() => harness.close());

const namesOf = ({ categories }: { categories: { name: string }[] }) => categories.map(({ name }) => name);

describe('search_taxonomy', () => {
  it('browses from the top, and below a category by id, path or name', async () => {
    const top = await harness.run(searchTaxonomy, {});
    expect(namesOf(top)).toEqual(['Audiences', 'Departments', 'Regions', 'Topics']);
    const topics = top.categories.find(({ name }) => name === 'Topics');
    expect(topics).toMatchObject({ id: 'CategoryNodes/1', path: 'Topics', children: 5 });
    for (const under of ['CategoryNodes/13', 'topics / research', 'Research']) {
      const below = await harness.run(searchTaxonomy, { under });
      expect(namesOf(below)).toEqual(['Climate', 'Computing', 'Rural Health', 'Water']);
      expect(below.categories[3]).toMatchObject({
        path: 'Topics/Research/Water',
        synonyms: ['Rivers', 'Hydrology', 'Floods'],
      });
    }
  });

  it('finds by name and by synonym, names first, and counts the tagged items', async () => {
    const found = await harness.run(searchTaxonomy, { query: 'computing' });
    expect(found.categories.map(({ path }) => path)).toEqual([
      'Topics/Research/Computing',
      'Topics/Academics/Engineering',
    ]);
    const id = found.categories[0]?.id ?? '';
    const tagged = [...Object.values(harness.state.pages), ...Object.values(harness.state.assets)].filter(
      ({ categoryIds }) => categoryIds.includes(id),
    );
    expect(found.categories[0]?.items).toBe(tagged.length);
    expect(tagged.length).toBeGreaterThan(0);
  });

  it('tells the locale of foreign synonyms', async () => {
    const { categories } = await harness.run(searchTaxonomy, { query: 'Engineering' });
    expect(categories[0]?.synonyms).toContain('Ingeniería (es-us)');
  });

  it('narrows what it finds by place and by content type', async () => {
    const everywhere = await harness.run(searchTaxonomy, { query: 'health' });
    const inResearch = await harness.run(searchTaxonomy, { query: 'health', under: 'Topics/Research' });
    expect(namesOf(inResearch)).toEqual(['Rural Health']);
    expect(everywhere.total).toBeGreaterThan(1);
    const schema = harness.state.schemas.find(({ rootCategoryIds }) => rootCategoryIds.length > 0);
    const top = await harness.run(searchTaxonomy, { schema: schema?.rootName ?? '' });
    expect(top.categories.map(({ id }) => id).sort()).toEqual([...(schema?.rootCategoryIds ?? [])].sort());
    const asia = await harness.run(searchTaxonomy, { query: 'Asia', schema: schema?.rootName ?? '' });
    expect(asia).toMatchObject({ total: 0, hint: expect.any(String) });
  });

  it('pages through long answers, and refuses a cursor of another question', async () => {
    const first = await harness.run(searchTaxonomy, { query: 'a', limit: 5 });
    const second = await harness.run(searchTaxonomy, { query: 'a', limit: 5, cursor: first.next_cursor });
    expect(new Set([...first.categories, ...second.categories].map(({ id }) => id)).size).toBe(10);
    const wrong = { query: 'b', cursor: first.next_cursor };
    expect((await harness.refusal(searchTaxonomy, wrong)).code).toBe('BAD_INPUT');
  });

  it('names what is unknown or ambiguous', async () => {
    expect((await harness.refusal(searchTaxonomy, { under: 'Moon' })).code).toBe('NOT_FOUND');
    expect((await harness.refusal(searchTaxonomy, { schema: 'Moon' })).code).toBe('NOT_FOUND');
  });
});
