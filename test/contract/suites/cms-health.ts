import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CmsStage, OpenCmsStage } from './cms-stage.ts';

/** The laws of CmsHealth. */
export function cmsHealthSuite(open: OpenCmsStage): void {
  describe('CmsHealth', () => {
    let stage: CmsStage;
    beforeAll(async () => {
      stage = await open();
    });
    afterAll(() => stage.close());
    const health = () => stage.as('admin').health;

    test('counts of now and since a day, with the version of the product', async () => {
      const { version, now, since } = await health().statistics('2000-01-01');
      expect(version).toBe('10.6.378');
      expect(now['pagesCount']).toBe(Object.keys(stage.sandbox.state.pages).length);
      expect(since['pagesCreated']).toBeGreaterThan(0);
      expect((await health().statistics('2099-01-01')).since['pagesCreated']).toBe(0);
    });

    test('nothing is kept: the second question is asked too', async () => {
      const before = stage.callsOf('Reports_GetStats').length;
      await health().statistics('2000-01-01');
      await health().statistics('2000-01-01');
      expect(stage.callsOf('Reports_GetStats')).toHaveLength(before + 2);
    });

    test('who is signed in, no more than asked for', async () => {
      expect((await health().onlineUsers(1)).length).toBeLessThanOrEqual(1);
    });

    test('what is for administrators is FORBIDDEN for others', async () => {
      const [target] = stage.sandbox.state.publishingTargets;
      await expect(stage.as('viewer').health.replicationTargets(target?.id ?? '')).rejects.toMatchObject({
        code: 'FORBIDDEN',
      });
    });
  });
}
