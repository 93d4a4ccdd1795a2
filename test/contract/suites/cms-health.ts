import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { seedIds } from '../../../sandbox/seed/seed-ids.ts';
import type { CmsStage, OpenCmsStage } from './cms-stage.ts';

/** The laws of CmsHealth. */
export function cmsHealthSuite(open: OpenCmsStage): void {
  describe('CmsHealth', () => {
    let stage: CmsStage;
    beforeEach(async () => {
      stage = await open();
    });
    afterEach(() => stage.close());
    const health = () => stage.as('admin', { allowStale: true }).health;

    test('alerts are all there are, those that the user has seen included', async () => {
      const { alerts } = stage.sandbox.state;
      expect(alerts.some(({ observedBy }) => observedBy.includes(seedIds.users.admin))).toBe(true);
      const told = await health().alerts();
      expect(told.map(({ title }) => title)).toEqual(alerts.map(({ title }) => title));
      expect(told[0]).toMatchObject({ message: expect.any(String), severity: expect.any(String) });
    });

    test('statistics are numbers by the names of the CMS, of now and since a day, with the version of the product', async () => {
      const { version, now, since } = await health().statistics('2020-01-01');
      expect(version).toBe('10.6.378');
      expect(now['pagesCount']).toBe(Object.keys(stage.sandbox.state.pages).length);
      expect(since['pagesCreated']).toBe(Object.keys(stage.sandbox.state.pages).length);
      expect((await health().statistics('2999-01-01')).since['pagesCreated']).toBe(0);
    });

    test('those who are signed in come by name, and no more than asked for', async () => {
      expect(await health().onlineUsers(5)).toContain('Margaret Okafor');
      await health().onlineUsers(1);
      expect(stage.callsOf('Dashboard_GetOnlineUsers').map(({ query }) => query['count'])).toEqual(['5', '1']);
    });

    test('the log is asked for by pages', async () => {
      await health().log({ startIndex: 20, pageSize: 10 });
      expect(stage.callsOf('Logs_GetCMSLog').at(-1)?.query).toMatchObject({ StartIndex: '20', PageSize: '10' });
    });

    test('what only an administrator may read is FORBIDDEN to others', async () => {
      const other = stage.as('viewer').health;
      await expect(other.replicationTargets(seedIds.targets.production)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    });

    test('nothing is kept: each read asks the CMS', async () => {
      await health().alerts();
      await health().alerts();
      expect(stage.callsOf('Notifications_GetAlerts')).toHaveLength(2);
    });
  });
}
