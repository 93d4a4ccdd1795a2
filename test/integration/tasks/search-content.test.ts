import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { getContent } from '../../../src/application/tasks/core/get-content.ts';
import { searchContent } from '../../../src/application/tasks/core/search-content.ts';
import { openTaskHarness, type TaskHarness } from '../../support/task-harness.ts';

describe('search_content', () => {
  let harness: TaskHarness;
  beforeAll(async () => {
    harness = await openTaskHarness();
  });
  afterAll(() => harness.close());

  const idsOf = (answer: { hits: readonly { id: string }[] }): string[] => answer.hits.map(({ id }) => id);

  it('finds a page by words of its body, with path and reason', async () => {
    const { tuitionPage } = harness.landmarks;
    const answer = await harness.run(searchContent, { query: 'application fee' });
    const hit = answer.hits.find(({ id }) => id === tuitionPage);
    expect(hit).toMatchObject({
      kind: 'page',
      name: 'Tuition',
      path: 'Home / Admissions / Tuition',
      why: 'words in the content',
    });
    expect(answer.matched_by).toBe('words');
    expect(answer.total).toBe(answer.hits.length);
    expect(answer.filtered_after).toBeUndefined();
  });

  it('finds by id, site path and URL', async () => {
    const { deadlinesPage } = harness.landmarks;
    const shown = await harness.run(getContent, { items: [deadlinesPage], include: ['url'] });
    const url = shown.items[0]?.url?.find(({ target }) => target === 'Production')?.url ?? '';
    expect(url).toMatch(/^http.+\/admissions\/deadlines$/);
    for (const query of [deadlinesPage, '/admissions/deadlines', url]) {
      expect(await harness.run(searchContent, { query })).toMatchObject({
        matched_by: 'reference',
        total: 1,
        hits: [{ id: deadlinesPage }],
      });
    }
  });

  it('answers nothing found as an empty list with a hint, not as an error', async () => {
    for (const query of ['x99999999', '/no/such/page', 'zyzzyva quokka']) {
      const answer = await harness.run(searchContent, { query });
      expect(answer.hits).toEqual([]);
      expect(answer.total).toBe(0);
      expect(answer.hint).toBeTruthy();
    }
  });

  it('lists items of a content type, named by id, name or label', async () => {
    const schema = harness.state.schemas.find(({ rootName }) => rootName === 'NewsArticle');
    for (const text of ['NewsArticle', 'news article', schema?.id ?? '']) {
      const answer = await harness.run(searchContent, { schema: text, limit: 5 });
      expect(answer.matched_by).toBe('schema');
      expect(answer.hits).toHaveLength(5);
      expect(new Set(answer.hits.map((hit) => hit.schema))).toEqual(new Set(['NewsArticle']));
    }
    expect((await harness.refusal(searchContent, { schema: 'Nonsense' })).candidates?.length).toBeGreaterThan(0);
  });

  it('pages through everything once with the cursor, and refuses the cursor of another query', async () => {
    const all = await harness.run(searchContent, { schema: 'NewsArticle', limit: 100 });
    const seen: string[] = [];
    let cursor: string | undefined;
    for (let pages = 0; pages < 20; pages += 1) {
      const page = await harness.run(searchContent, {
        schema: 'NewsArticle',
        limit: 7,
        ...(cursor === undefined ? {} : { cursor }),
      });
      seen.push(...idsOf(page));
      cursor = page.next_cursor;
      if (cursor === undefined) break;
    }
    expect(seen).toEqual(idsOf(all));
    expect(new Set(seen).size).toBe(seen.length);
    expect(all.total).toBe(seen.length);
    const first = await harness.run(searchContent, { schema: 'NewsArticle', limit: 7 });
    const refusal = await harness.refusal(searchContent, { schema: 'EventPage', cursor: first.next_cursor });
    expect(refusal.code).toBe('BAD_INPUT');
  });

  it('applies what the CMS cannot combine afterwards, and says so', async () => {
    const answer = await harness.run(searchContent, { query: 'deadline', under: '/admissions' });
    expect(answer.filtered_after).toEqual(['under']);
    expect(answer.hits.length).toBeGreaterThan(0);
    for (const hit of answer.hits) expect(hit.path).toMatch(/^Home \/ Admissions \/ /);
    const wide = await harness.run(searchContent, { query: 'deadline' });
    expect(wide.hits.length).toBeGreaterThanOrEqual(answer.hits.length);
    const components = await harness.run(searchContent, { query: 'campus', kinds: ['component'] });
    expect(components.hits.length).toBeGreaterThan(0);
    expect(new Set(components.hits.map(({ kind }) => kind))).toEqual(new Set(['component']));
  });

  it('finds what carries a category', async () => {
    const page = harness.state.pages[harness.landmarks.deadlinesPage];
    const category = harness.state.categories.find(({ id }) => id === page?.categoryIds[0]);
    const answer = await harness.run(searchContent, { category: category?.name ?? '', limit: 100 });
    expect(answer.matched_by).toBe('category');
    expect(idsOf(answer)).toContain(harness.landmarks.deadlinesPage);
    for (const { id } of answer.hits) {
      const item = harness.state.pages[id] ?? harness.state.assets[id];
      expect(item?.categoryIds).toContain(category?.id);
    }
  });

  it('finds what a user has checked out, by list and together with words', async () => {
    const { neverCheckedInPage, checkedOutByOtherPage } = harness.landmarks;
    const mine = await harness.run(searchContent, { checked_out_by: 'me' }, { role: 'author' });
    expect(mine.matched_by).toBe('check_out');
    expect(idsOf(mine)).toContain(neverCheckedInPage);
    const others = await harness.run(searchContent, {
      query: harness.state.pages[checkedOutByOtherPage]?.versions.at(-1)?.name ?? '',
      checked_out_by: 'Daniel Reyes',
    });
    expect(others.filtered_after).toContain('checked_out_by');
    expect(idsOf(others)).toEqual([checkedOutByOtherPage]);
  });

  it('leaves the recycle folder out unless asked for it', async () => {
    const { recycledPage } = harness.landmarks;
    const query = harness.state.pages[recycledPage]?.versions.at(-1)?.name ?? '';
    expect(idsOf(await harness.run(searchContent, { query, limit: 100 }))).not.toContain(recycledPage);
    const all = await harness.run(searchContent, { query, include_recycled: true, limit: 100 });
    expect(all.hits.find(({ id }) => id === recycledPage)).toMatchObject({ recycled: true });
    const byPlace = await harness.run(searchContent, { under: harness.state.recycleFolderId });
    expect(byPlace.hits).toEqual([]);
  });

  it('finds assets below a folder, and by date', async () => {
    const folder = Object.values(harness.state.assetFolders).find(({ name }) => name === 'Images');
    const answer = await harness.run(searchContent, { under: folder?.id ?? '', kinds: ['asset'], limit: 100 });
    expect(answer.matched_by).toBe('asset_name');
    expect(answer.hits.length).toBeGreaterThan(5);
    for (const hit of answer.hits) expect(hit.path).toContain(' / Images / ');
    const recent = await harness.run(searchContent, { modified_after: '2026-02-01', limit: 100 });
    expect(recent.hits.length).toBeGreaterThan(0);
    for (const hit of recent.hits) expect(Date.parse(hit.modified_at ?? '')).toBeGreaterThan(Date.parse('2026-02-01'));
  });

  it('shows a page only to those who may see it', async () => {
    const { noAccessForAuthorPage } = harness.landmarks;
    expect(await harness.run(searchContent, { query: noAccessForAuthorPage })).toMatchObject({ total: 1 });
    expect(await harness.run(searchContent, { query: noAccessForAuthorPage }, { role: 'author' })).toMatchObject({
      total: 0,
    });
  });

  it.each([
    [{}, 'query'],
    [{ field: 'Body' }, 'query'],
    [{ modified_after: 'last week' }, 'modified_after'],
    [{ query: 'x', limit: 1000 }, 'limit'],
    [{ query: 'x', kinds: ['page', 'banana'] }, 'kinds'],
  ])('refuses %j, naming %s', async (input, named) => {
    const refusal = await harness.refusal(searchContent, input);
    expect(refusal.code).toBe('BAD_INPUT');
    expect(refusal.message).toContain(named);
  });
});
