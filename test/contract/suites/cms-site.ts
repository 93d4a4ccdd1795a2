import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sandboxLandmarks as pagesById } from '../../../sandbox/seed.ts';
import type { Abilities } from '../../../src/domain/model/site.ts';
import { type CmsStage, firstPage, type OpenCmsStage } from './cms-stage.ts';

/** The laws of CmsSite; `expected` is what the driver can do on a CMS that serves everything. */
export function cmsSiteSuite(open: OpenCmsStage, expected: Abilities): void {
  describe('CmsSite', () => {
    let stage: CmsStage;
    beforeAll(async () => {
      stage = await open();
    });
    afterAll(() => stage.close());
    const site = () => stage.as('editor').site;

    test('the user that calls run as is told with groups', async () => {
      expect(await site().currentUser()).toMatchObject({ name: 'Priya Raman' });
      expect((await site().currentUser())?.groups.map(({ name }) => name)).toContain('Editors');
      expect(await stage.as('viewer').site.currentUser()).toMatchObject({ name: 'Grace Whitfield' });
    });

    test('a CMS that does not tell who calls leaves the user undefined', async () => {
      stage.sandbox.faults.add({ kind: 'null-answer', match: { operationId: 'Test_GetClaims' }, times: 1 });
      expect(await stage.as('editor', {}, 'somebody-else').site.currentUser()).toBeUndefined();
    });

    test('users are found by a part of their name and by id', async () => {
      const [found] = await site().findUsers('reyes');
      expect(found).toMatchObject({ name: 'Daniel Reyes' });
      expect(await site().findUsers(found?.id ?? '')).toEqual([found]);
      expect(await site().findUsers('nobody at all')).toEqual([]);
    });

    test('usages are counted and listed', async () => {
      const { total } = await site().usageSummary(pagesById.sharedContactCard);
      const { items } = await site().usages(pagesById.sharedContactCard, firstPage);
      expect(total).toBeGreaterThan(1);
      expect(items).toHaveLength(total);
      expect(items[0]?.elementName).toBeTruthy();
      expect(await site().usageSummary('x999999')).toEqual({ total: 0 });
    });

    test('a freeze is told when there is one', async () => {
      expect(await stage.as('editor', {}, 'before').site.contentFreeze()).toBeUndefined();
      stage.sandbox.setFreeze({
        startTime: '2026-01-01T00:00:00Z',
        endTime: '2099-01-01T00:00:00Z',
        message: 'Upgrade.',
        allowedUserIds: ['User/dreyes'],
      });
      try {
        expect(await stage.as('editor', {}, 'after').site.contentFreeze()).toMatchObject({
          message: 'Upgrade.',
          allowsMe: false,
        });
        expect(await stage.as('publisher', {}, 'after').site.contentFreeze()).toMatchObject({ allowsMe: true });
        // Whoever asked before may not know of it yet, unless the CMS itself is asked.
        const { site: earlier } = stage.as('editor', {}, 'before');
        expect(await earlier.contentFreeze({ fresh: true })).toMatchObject({ message: 'Upgrade.' });
      } finally {
        stage.sandbox.setFreeze(null);
      }
    });

    test('alerts have a title and a text', async () => {
      for (const alert of await site().alerts())
        expect(alert).toMatchObject({ title: expect.any(String), message: expect.any(String) });
    });

    test('abilities are probed once and say what this CMS can do', async () => {
      const abilities = await site().abilities();
      expect(abilities).toEqual(expected);
      const calls = stage.callsOf('Workflow_GetWorkflowDefinitionDetail').length;
      expect(await site().abilities()).toEqual(abilities);
      expect(stage.callsOf('Workflow_GetWorkflowDefinitionDetail')).toHaveLength(calls);
    });

    test('a CMS without a publishing transition cannot submit', async () => {
      const { state } = stage.sandbox;
      const kept = structuredClone(state.workflowDefinitions);
      for (const definition of state.workflowDefinitions) {
        for (const transition of definition.transitions) transition.actions = [];
      }
      try {
        expect(await stage.as('editor', {}, 'prober').site.abilities()).toEqual({
          ...expected,
          submitPublish: 'none',
          unmark: expected.unmark === 'workflow' ? 'none' : expected.unmark,
        });
      } finally {
        state.workflowDefinitions = kept;
      }
    });

    test('a ping asks the CMS itself each time', async () => {
      const before = stage.callsOf('Notifications_GetContentFreeze').length;
      await site().ping();
      await stage.as('editor', { allowStale: true }).site.ping();
      expect(stage.callsOf('Notifications_GetContentFreeze')).toHaveLength(before + 2);
      stage.sandbox.faults.add({ kind: 'status', code: 503, times: 5 });
      await expect(site().ping()).rejects.toMatchObject({ code: 'CMS_UNAVAILABLE' });
      stage.sandbox.faults.clear();
    });
  });
}
