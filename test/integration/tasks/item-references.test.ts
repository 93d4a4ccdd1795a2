import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { getContent } from '../../../src/application/tasks/core/get-content.ts';
import { openTaskHarness, type TaskHarness } from '../../support/task-harness.ts';

describe('item references', () => {
  let harness: TaskHarness;
  beforeAll(async () => {
    harness = await openTaskHarness();
  });
  afterAll(() => harness.close());

  const idOf = async (text: string) => (await harness.run(getContent, { items: [text] })).items[0]?.id;
  const refusalOf = (text: string) => harness.refusal(getContent, { items: [text] });

  it('takes every form in which answers and links name an item', async () => {
    const { tuitionPage } = harness.landmarks;
    const [item] = (await harness.run(getContent, { items: [tuitionPage], include: ['url'] })).items;
    const forms = [
      tuitionPage,
      `${tuitionPage}.xml`,
      '/admissions/tuition',
      'admissions/tuition',
      item?.path ?? '',
      'Admissions / Tuition',
      ...(item?.url ?? []).map(({ url }) => url ?? ''),
    ];
    expect(forms.length).toBeGreaterThan(7);
    for (const form of forms) expect(await idOf(form), form).toBe(tuitionPage);
  });

  it('takes the path of an asset as answers show it', async () => {
    const asset = Object.values(harness.state.assets)[0];
    const [item] = (await harness.run(getContent, { items: [asset?.id ?? ''] })).items;
    expect(item?.path).toMatch(/^Assets \/ /);
    expect(await idOf(item?.path ?? '')).toBe(asset?.id);
  });

  it('means the whole site by a slash, not the section that another target starts at', async () => {
    expect(await idOf('/')).toBe(harness.landmarks.home);
    const intranet = harness.state.publishingTargets.find(({ slug }) => slug === 'intranet');
    expect(await idOf(`${harness.sandbox.siteRoot}/live/intranet/`)).toBe(intranet?.rootPageId);
  });

  it('takes a URL of another site for nothing here, and offers the page with the same path', async () => {
    const refusal = await refusalOf('https://www.example.com/admissions/tuition');
    expect(refusal).toMatchObject({ code: 'NOT_FOUND', candidates: [{ id: harness.landmarks.tuitionPage }] });
    expect(refusal.message).toContain('www.example.com');
  });

  it('offers what lies under the part of a path that is there, the most similar first', async () => {
    const { checkedOutByOtherPage } = harness.landmarks;
    const refusal = await refusalOf('/student-life/careers');
    expect(refusal.candidates?.[0]?.id).toBe(checkedOutByOtherPage);
    expect(refusal.next).toEqual({
      tool: 'browse_tree',
      input: { at: harness.state.pages[checkedOutByOtherPage]?.parentId },
    });
  });

  it('offers a deleted page to somebody who names it', async () => {
    const refusal = await refusalOf('Summer School 2024');
    expect(refusal.message).toContain('recycle folder');
    expect(refusal.candidates?.find(({ id }) => id === harness.landmarks.recycledPage)?.path).toMatch(/^Recycle/);
  });

  it('offers nothing for an id that is not there', async () => {
    const refusal = await refusalOf('x999999');
    expect(refusal).toMatchObject({ code: 'NOT_FOUND', candidates: undefined, next: undefined });
  });
});
