import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { recordLine } from '../../../sandbox/cms/system-log.ts';
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

    test('the log comes newest first, by pages, each line with its level', async () => {
      // What the sign-in writes stands before.
      await health().alerts();
      for (const day of [1, 2, 3]) {
        recordLine(stage.sandbox.state, `2026-02-0${day}T08:00:00Z`, day === 3 ? 'Error' : 'Info', `Line ${day}`);
      }
      const first = await health().log({ startIndex: 0, pageSize: 2 });
      expect(first.items.map(({ message }) => message)).toEqual(['Line 3', 'Line 2']);
      expect(first.items[0]).toMatchObject({ level: 'Error', at: '20260203T08:00:00' });
      expect(first.nextIndex).toBe(2);
      const { items } = await health().log({ startIndex: 2, pageSize: 1 });
      expect(items.map(({ message }) => message)).toEqual(['Line 1']);
    });

    test('destinations carry ids and names and no secret; the last copy is told, and none is undefined', async () => {
      const { replication } = stage.sandbox.state.administration;
      const destinations = await health().replicationTargets(seedIds.targets.production);
      expect(destinations.map(({ name }) => name)).toEqual(replication.destinations.map(({ Name }) => Name));
      for (const destination of destinations) expect(Object.keys(destination)).toEqual(['id', 'name']);
      const destinationId = destinations[0]?.id ?? '';
      replication.logs.unshift({
        targetId: seedIds.targets.production,
        destinationId,
        startTime: '2026-02-27T04:00:00Z',
        seconds: 3,
        itemIds: ['x1', 'x2'],
        error: null,
      });
      expect(await health().replicationLog(destinationId)).toMatchObject({
        seconds: 3,
        replicated: 2,
        removed: 0,
        skipped: 0,
        cancelled: false,
      });
      expect(await health().replicationLog('ReplicationTargets/999999')).toBeUndefined();
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
