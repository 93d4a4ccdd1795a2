import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seedIds } from '../../../sandbox/seed/seed-ids.ts';
import { sandboxLandmarks as pagesById } from '../../../sandbox/seed.ts';
import type { CmsStage, OpenCmsStage } from './cms-stage.ts';

/** The laws of CmsAnalytics. */
export function cmsAnalyticsSuite(open: OpenCmsStage): void {
  describe('CmsAnalytics', () => {
    let stage: CmsStage;
    beforeAll(async () => {
      stage = await open();
    });
    afterAll(() => stage.close());
    const analytics = () => stage.as('editor', { allowStale: true }).analytics;
    const { production, staging } = seedIds.targets;
    const january = { targetId: production, from: '2026-01-01', to: '2026-01-31' };

    test('figures of a site have a value and a course; both ends of the period count', async () => {
      const site = await analytics().site(january);
      expect(site).toMatchObject({ connected: true, provider: 'Google Analytics' });
      const visits = site.figures.find(({ name }) => name === 'Visits');
      expect(visits?.series).toHaveLength(31);
      expect(visits?.value).toMatch(/^[\d,]+$/);
      const first = await analytics().site({ ...january, to: january.from });
      expect(first.figures.find(({ name }) => name === 'Visits')?.series).toEqual(visits?.series.slice(0, 1));
    });

    test('a target without a service is not connected, and has no figures', async () => {
      const period = { ...january, targetId: staging };
      expect(await analytics().site(period)).toEqual({ connected: false, figures: [] });
      expect(await analytics().page(pagesById.home, period)).toMatchObject({ connected: false });
      expect(await analytics().sources(staging)).toEqual({ error: expect.stringContaining('not set up'), sources: [] });
    });

    test('a page has its live address, unless it is not published', async () => {
      const page = await analytics().page(pagesById.tuitionPage, january);
      expect(page).toMatchObject({ connected: true, liveUrl: expect.stringMatching(/^http.*tuition/) });
      expect(await analytics().page(pagesById.neverPublishedPage, january)).not.toHaveProperty('liveUrl');
    });

    test('sources are numbers by name', async () => {
      const { sources, error } = await analytics().sources(production);
      expect(error).toBeUndefined();
      expect(sources.find(({ name }) => name === 'organic')?.value).toBeGreaterThan(0);
    });

    test('unknown targets and pages are refused', async () => {
      const nowhere = { ...january, targetId: 'PublishingTargets/999999' };
      const code = expect.stringMatching(/NOT_FOUND|BAD_INPUT/);
      await expect(analytics().site(nowhere)).rejects.toMatchObject({ code });
      await expect(analytics().page('x999999', january)).rejects.toMatchObject({ code });
      await expect(analytics().sources('PublishingTargets/999999')).rejects.toMatchObject({ code });
    });

    test('nothing is kept: each read asks the CMS', async () => {
      const before = stage.callsOf('Analytics_GetSiteOverview').length;
      await analytics().site(january);
      await analytics().site(january);
      expect(stage.callsOf('Analytics_GetSiteOverview')).toHaveLength(before + 2);
    });
  });
}
