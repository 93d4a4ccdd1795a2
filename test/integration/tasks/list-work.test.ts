import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listWork } from '../../../src/application/tasks/workflow/list-work.ts';
import { openTaskHarness, type TaskHarness } from '../../support/task-harness.ts';

describe('list_work', () => {
  let harness: TaskHarness;
  beforeAll(async () => {
    harness = await openTaskHarness();
  });
  afterAll(() => harness.close());

  const idsOf = (answer: { items: readonly { id: string }[] }): string[] => answer.items.map(({ id }) => id);

  it('lists what waits for me and my groups, with path, state and how long it has waited', async () => {
    const { inReviewPage } = harness.landmarks;
    const answer = await harness.run(listWork, { limit: 100 });
    expect(answer.who).toBe('Priya Raman');
    const work = answer.items.find(({ id }) => id === inReviewPage);
    expect(work).toMatchObject({ state: 'In Review', assigned_to: 'Editors' });
    expect(work?.path).toMatch(/^Home \/ /);
    expect(work?.waiting_days).toBeGreaterThanOrEqual(0);
    expect(answer.total).toBe(answer.items.length);
  });

  it('lists what another user has, named by name or id', async () => {
    const { neverCheckedInPage } = harness.landmarks;
    const author = harness.state.users.find(({ userId }) => userId === 'tlindqvist');
    for (const who of [author?.name ?? '', author?.id ?? '']) {
      const answer = await harness.run(listWork, { who, kinds: ['checked_out'], limit: 100 }, { role: 'publisher' });
      expect(answer.who).toBe(author?.name);
      expect(idsOf(answer)).toContain(neverCheckedInPage);
      expect(answer.items.every((item) => item.checked_out)).toBe(true);
    }
  });

  it('lists everything in a workflow state, whoever has it', async () => {
    const inReview = Object.values(harness.state.pages).filter(({ workflow }) => {
      const state = harness.state.workstates.find(({ id }) => id === workflow?.stateId);
      return state?.name === 'In Review';
    });
    const answer = await harness.run(listWork, { who: 'all', state: 'in review', limit: 100 });
    expect(idsOf(answer).sort()).toEqual(inReview.map(({ id }) => id).sort());
    expect(new Set(answer.items.map(({ workflow }) => workflow))).toEqual(new Set(['Web Publishing']));
  });

  it('goes through several workflows as one list, each item once', async () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    let total: number | undefined;
    for (let pages = 0; pages < 50; pages += 1) {
      const page = await harness.run(listWork, {
        who: 'all',
        limit: 100,
        ...(cursor === undefined ? {} : { cursor }),
      });
      seen.push(...idsOf(page));
      total = page.total;
      cursor = page.next_cursor;
      if (cursor === undefined) break;
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.length).toBe(total);
    expect(seen.length).toBeGreaterThan(100);
  });

  it('narrows by workflow and age', async () => {
    const news = await harness.run(listWork, { who: 'all', workflow: 'News Fast Track', limit: 100 });
    expect(new Set(news.items.map(({ schema }) => schema))).toEqual(new Set(['NewsArticle']));
    const all = await harness.run(listWork, { limit: 100 });
    const ages = all.items.map((item) => item.waiting_days ?? 0);
    const age = Math.max(...ages);
    const old = await harness.run(listWork, { older_than_days: age, limit: 100 });
    expect(old.items.length).toBe(ages.filter((days) => days >= age).length);
    expect(await harness.run(listWork, { older_than_days: age + 10 })).toMatchObject({ items: [], total: 0 });
  });

  it('refuses unknown users and workflows, with what there is', async () => {
    expect((await harness.refusal(listWork, { who: 'Nobody Special' })).code).toBe('NOT_FOUND');
    const refusal = await harness.refusal(listWork, { who: 'all', workflow: 'Nonsense' });
    expect(refusal.code).toBe('NOT_FOUND');
    expect(refusal.candidates?.map(({ name }) => name)).toContain('Web Publishing');
    expect((await harness.refusal(listWork, { workflow: 'Nonsense' })).code).toBe('NOT_FOUND');
  });

  it('tells an empty list from a state that nothing is in', async () => {
    const { hint } = await harness.run(listWork, { state: 'Nonsense' });
    expect(hint).toContain('"Nonsense"');
  });
});
