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
