import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seedIds } from '../../../sandbox/seed/seed-ids.ts';
import { getAnalytics } from '../../../src/application/tasks/reports/get-analytics.ts';
import { openTaskHarness, type TaskHarness } from '../../support/task-harness.ts';

describe('get_analytics', () => {
  let harness: TaskHarness;
  beforeAll(async () => {
    harness = await openTaskHarness();
  });
  afterAll(() => harness.close());
  const period = { target: 'Production', from: '2026-01-01', to: '2026-01-31' };

  it('shows the figures of a site day by day, and where visitors came from', async () => {
    const answer = await harness.run(getAnalytics, period);
    expect(answer).toMatchObject({ connected: true, provider: 'Google Analytics', target: { name: 'Production' } });
    const visits = answer.figures?.find(({ name }) => name === 'Visits');
    expect(visits?.series).toHaveLength(31);
    const total = visits?.series?.reduce((sum, day) => sum + day, 0) ?? 0;
    expect(visits?.value).toBe(total.toLocaleString('en-US'));
    expect(answer.sources?.map(({ name }) => name)).toContain('organic');
    expect(answer.notes).toEqual([expect.stringContaining('period of the sources')]);
    const asked = harness.sandbox.calls
      .list()
      .findLast(({ operationId }) => operationId === 'Analytics_GetSiteOverview');
    expect(asked?.query).toEqual({
      pubTgtId: seedIds.targets.production,
      startDate: '2026-01-01',
      endDate: '2026-01-31',
    });
  });

  it('says when nothing is connected', async () => {
    const answer = await harness.run(getAnalytics, { ...period, target: 'Staging' });
    expect(answer).toMatchObject({ connected: false, notes: [expect.stringContaining('No analytics service')] });
    expect(answer).not.toHaveProperty('figures');
  });

  it('tells of one page what the CMS knows, and what it does not', async () => {
    const { tuitionPage, neverPublishedPage } = harness.landmarks;
    expect(await harness.run(getAnalytics, { ...period, item: tuitionPage })).toMatchObject({
      page: { id: tuitionPage, live_url: expect.stringContaining('/live/production/') },
      notes: [expect.stringContaining('no figures of a single page')],
    });
    const unpublished = await harness.run(getAnalytics, { ...period, item: neverPublishedPage });
    expect(unpublished.page).not.toHaveProperty('live_url');
    expect(unpublished.notes).toEqual([expect.stringContaining('not published on this target')]);
  });

  it('tells when the sources alone cannot be had', async () => {
    harness.sandbox.faults.add({
      match: { operationId: 'Dashboard_GetAnalyticMediumData' },
      kind: 'exception',
      type: 'SecurityException',
      times: 1,
    });
    await expect(harness.run(getAnalytics, period)).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });

  it('refuses periods that are none, assets and unknown targets', async () => {
    for (const wrong of [{ from: '2026-02-01' }, { from: 'January' }, { to: '2026-13-01' }]) {
      expect((await harness.refusal(getAnalytics, { ...period, ...wrong })).code).toBe('BAD_INPUT');
    }
    expect((await harness.refusal(getAnalytics, { ...period, item: 'a/1' })).code).toBe('BAD_INPUT');
    expect((await harness.refusal(getAnalytics, { ...period, target: 'Moon' })).code).toBe('NOT_FOUND');
  });
});
