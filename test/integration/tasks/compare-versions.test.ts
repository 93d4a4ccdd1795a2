import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareVersions } from '../../../src/application/tasks/core/compare-versions.ts';
import { openTaskHarness, type TaskHarness } from '../../support/task-harness.ts';

describe('compare_versions', () => {
  let harness: TaskHarness;
  beforeAll(async () => {
    harness = await openTaskHarness();
  });
  afterAll(() => harness.close());

  it('compares the last two versions when not told otherwise', async () => {
    const { manyVersionsPage } = harness.landmarks;
    const versions = harness.state.pages[manyVersionsPage]?.versions ?? [];
    const answer = await harness.run(compareVersions, { item: manyVersionsPage });
    expect(answer.from.version).toBe(versions.at(-2)?.number);
    expect(answer.to.version).toBe(versions.at(-1)?.number);
    expect(answer.to).toMatchObject({ comment: versions.at(-1)?.comment });
    expect(answer.identical).toBe(false);
    for (const change of answer.changes) expect(change.diff).toMatch(/\[-|\{\+/);
  });

  it('compares the saved version with the own checked-out copy', async () => {
    const { checkedOutByEditorPage } = harness.landmarks;
    const answer = await harness.run(compareVersions, { item: checkedOutByEditorPage });
    expect(answer.to.is).toBe('your checked-out copy');
    expect(answer.changes.map(({ field }) => field)).toEqual(['Body']);
  });

  it('shows what the next publish would change, and how the live version was told', async () => {
    const { newerVersionMarkedPage } = harness.landmarks;
    const page = harness.state.pages[newerVersionMarkedPage];
    const production = harness.state.publishingTargets.find(({ name }) => name === 'Production');
    const answer = await harness.run(compareVersions, {
      item: newerVersionMarkedPage,
      from: 'published:Production',
      to: 'current',
    });
    expect(answer.from.version).toBe(page?.published[production?.id ?? '']?.version);
    expect(answer.from.is).toContain('live on Production');
    expect(answer.to.version).toBe(page?.versions.at(-1)?.number);
    expect(answer.notes?.join(' ')).toContain('marked');
    expect(answer.changes.length).toBeGreaterThan(0);
  });

  it('compares a page with its translation', async () => {
    const { spanishMasterPage, spanishClonePage } = harness.landmarks;
    const answer = await harness.run(compareVersions, { item: spanishMasterPage, other_item: spanishClonePage });
    expect(answer.from.id).toBe(spanishMasterPage);
    expect(answer.to.id).toBe(spanishClonePage);
    expect(answer.changes.map(({ field }) => field)).toContain('Body');
  });

  it('tells visible text, markup and links apart, and links by the names of their targets', async () => {
    const { tuitionPage, draftPage, approvedPage } = harness.landmarks;
    const page = harness.state.pages[tuitionPage];
    const newest = page?.versions.at(-1);
    if (page === undefined || newest === undefined) throw new Error('The sandbox has no tuition page.');
    const next = (value: string) => {
      const version = structuredClone(page.versions.at(-1) ?? newest);
      const body = version.elements.find(({ name }) => name === 'Body');
      if (body === undefined) throw new Error('The tuition page has no body.');
      body.value = value;
      page.versions.push({ ...version, number: version.number + 1 });
      return String(version.number + 1);
    };
    const plain = next(`<p>The fee is $60. See <a href="${draftPage}.xml">details</a>.</p>`);
    const bold = next(`<p>The fee is <strong>$60</strong>. See <a href="${draftPage}.xml">details</a>.</p>`);
    const relinked = next(`<p>The fee is <strong>$60</strong>. See <a href="${approvedPage}.xml">details</a>.</p>`);
    const dearer = next(`<p>The fee is <strong>$65</strong>. See <a href="${approvedPage}.xml">details</a>.</p>`);
    const compared = async (from: string, to: string) => {
      const answer = await harness.run(compareVersions, { item: tuitionPage, from, to });
      expect(answer.changes).toHaveLength(1);
      return { summary: answer.summary, change: answer.changes[0] };
    };
    const markup = await compared(plain, bold);
    expect(markup.change).toMatchObject({ field: 'Body', markup_only: true, words_added: 0, words_removed: 0 });
    expect(markup.change?.diff).toContain('**');
    expect(markup.summary).toContain('1 only in markup');
    const link = await compared(bold, relinked);
    expect(link.change).not.toHaveProperty('markup_only');
    const nameOf = (id: string) => harness.state.pages[id]?.versions.at(-1)?.name;
    expect(link.change?.links).toEqual([
      `"details" leads to ${nameOf(approvedPage)} (${approvedPage}), was ${nameOf(draftPage)} (${draftPage})`,
    ]);
    const text = await compared(relinked, dearer);
    expect(text.change).toMatchObject({
      sentences: { added: 0, removed: 0, changed: 1 },
      words_added: 1,
      words_removed: 1,
    });
    expect(text.change?.diff).toContain('$[-60-]{+65+}');
    expect(text.change).not.toHaveProperty('links');
  });

  it('finds nothing between a version and itself', async () => {
    const answer = await harness.run(compareVersions, { item: harness.landmarks.tuitionPage, from: '1', to: '1' });
    expect(answer).toMatchObject({ identical: true, changes: [], summary: 'Nothing differs.' });
  });

  it('refuses what cannot be compared, saying why', async () => {
    const { checkedOutByOtherPage, tuitionPage, neverCheckedInPage, neverPublishedPage } = harness.landmarks;
    const locked = await harness.refusal(compareVersions, { item: checkedOutByOtherPage, to: 'checked_out' });
    expect(locked).toMatchObject({ code: 'LOCKED', details: { holder: 'Daniel Reyes' } });
    const cases = [
      [{ item: tuitionPage, from: '77' }, 'NOT_FOUND'],
      [{ item: tuitionPage, from: '0' }, 'BAD_INPUT'],
      [{ item: tuitionPage, from: 'newest' }, 'BAD_INPUT'],
      [{ item: tuitionPage, to: 'checked_out' }, 'CONFLICT'],
      [{ item: tuitionPage, from: 'published:Nowhere' }, 'NOT_FOUND'],
      [{ item: neverPublishedPage, from: 'published:Production' }, 'CONFLICT'],
      [{ item: neverPublishedPage }, 'CONFLICT'],
    ] as const;
    for (const [input, code] of cases) {
      const refusal = await harness.refusal(compareVersions, input);
      expect([input, refusal.code]).toEqual([input, code]);
    }
    const fresh = await harness.refusal(compareVersions, { item: neverCheckedInPage }, { role: 'author' });
    expect(fresh.code).toBe('CONFLICT');
  });
});
