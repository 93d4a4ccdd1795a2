import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sandboxLandmarks as pagesById } from '../../../sandbox/seed.ts';
import { poll } from '../../support/poll.ts';
import type { CmsStage, OpenCmsStage } from './cms-stage.ts';

/** The laws of CmsPublishing. */
export function cmsPublishingSuite(open: OpenCmsStage): void {
  describe('CmsPublishing', () => {
    let stage: CmsStage;
    beforeAll(async () => {
      stage = await open();
    });
    afterAll(() => stage.close());
    const editor = () => stage.as('editor');
    const production = 'PublishingTargets/1';

    test('targets come by name, with their marks', async () => {
      const targets = await editor().publishing.targets();
      expect(targets.map(({ name }) => name)).toEqual(targets.map(({ name }) => name).toSorted());
      expect(targets.find(({ id }) => id === production)).toMatchObject({
        name: 'Production',
        rootPageId: pagesById.home,
      });
    });

    test('states come in the order asked for', async () => {
      const ids = [pagesById.neverPublishedPage, pagesById.tuitionPage];
      expect(await editor().publishing.states(production, ids)).toEqual([
        { itemId: pagesById.neverPublishedPage, published: false, marked: false },
        { itemId: pagesById.tuitionPage, published: true, marked: true },
      ]);
      expect(await editor().publishing.states(production, [])).toEqual([]);
    });

    test('a log has its entries; an unknown one is undefined', async () => {
      const [recent] = (await editor().publishing.monitor()).recent;
      const log = await editor().publishing.log(recent?.id ?? '');
      expect(log).toMatchObject({ id: recent?.id, targetName: recent?.targetName });
      expect(log?.entries.length).toBeGreaterThan(0);
      expect(await editor().publishing.log('PublishCompletionLogs/999999')).toBeUndefined();
    });

    test('a publish that a workflow submits runs through the monitor into a log', async () => {
      const id = pagesById.approvedPage;
      const known = new Set((await editor().publishing.monitor()).recent.map((log) => log.id));
      const transitions = await editor().workflow.transitions(id);
      const allowed = new Set((await editor().pages.contexts([id]))[0]?.transitions.map((step) => step.id));
      const definitionId = (await editor().workflow.ofItem(id))?.definitionId ?? '';
      const definition = await editor().workflow.definition(definitionId);
      const publishing = new Set(
        definition?.transitions
          .filter(({ actions }) => actions.some(({ kind }) => kind === 'publish'))
          .map((step) => step.id),
      );
      const step = transitions.find((transition) => allowed.has(transition.id) && publishing.has(transition.id));
      expect(await editor().workflow.advance({ itemId: id, transitionId: step?.id ?? '', comment: '' })).toBe(true);
      const log = await poll('the log of the publish', async () =>
        (await editor().publishing.monitor()).recent.find((entry) => !known.has(entry.id)),
      );
      expect((await editor().publishing.log(log.id))?.entries.map((entry) => entry.itemId)).toContain(id);
      // Production is copied to one web server, and the log of the publish tells when that was done.
      const copied = await poll('the end of the copy', async () => {
        const { replication } = (await editor().publishing.log(log.id)) ?? {};
        return replication?.completedAt !== undefined && replication;
      });
      expect(copied).toMatchObject({ destinationCount: 1, isStopped: false });
      expect(await poll('an idle queue', async () => (await editor().publishing.monitor()).running === undefined)).toBe(
        true,
      );
    });

    test('a preview counts what is marked, lists it with versions, and changes nothing', async () => {
      const before = structuredClone(stage.sandbox.state.pages);
      const order = { targetId: production, incremental: false, withDescendants: true, wholeSite: false };
      const preview = await editor().publishing.preview({ ...order, itemId: pagesById.home });
      const pages = await editor().publishing.previewed(preview.taskId, 'pages', { startIndex: 0, pageSize: 5 });
      expect(preview.pageCount).toBe(pages.total);
      expect(pages.items).toHaveLength(5);
      for (const { itemId, version } of pages.items) {
        expect(version).toBe(stage.sandbox.state.pages[itemId]?.marks[production]?.version);
      }
      expect(
        (await editor().publishing.previewed('no-such-task', 'assets', { startIndex: 0, pageSize: 5 })).items,
      ).toEqual([]);
      expect(stage.sandbox.state.pages).toEqual(before);
    });

    test('a redirect is created by those who may', async () => {
      const redirect = { from: '/old', to: '/new', targetIds: [production], notes: 'Campaign' };
      const { id } = await stage.as('publisher').publishing.saveRedirect(redirect);
      expect(stage.sandbox.state.redirects.find((entry) => entry.id === id)).toMatchObject({
        from: '/old',
        targetIds: [production],
      });
      await expect(stage.as('viewer').publishing.saveRedirect(redirect)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    });

    test('an unknown target is an error, not an empty answer', async () => {
      await expect(editor().publishing.states('PublishingTargets/999999', [pagesById.home])).rejects.toMatchObject({
        code: expect.stringMatching(/NOT_FOUND|BAD_INPUT/),
      });
    });

    test('the monitor is asked anew each time', async () => {
      const before = stage.callsOf('Publishing_GetCurrentTasks').length;
      const reader = stage.as('editor', { allowStale: true });
      await reader.publishing.monitor();
      await reader.publishing.monitor();
      expect(stage.callsOf('Publishing_GetCurrentTasks')).toHaveLength(before + 2);
    });

    test('redirects are listed by their old address, changed in place and removed', async () => {
      const { publishing } = stage.as('publisher');
      const notes = 'Moved';
      const b = await publishing.saveRedirect({ from: '/b-old', to: '/b', targetIds: [production], notes });
      const a = await publishing.saveRedirect({ from: '/a-old', to: '/a', targetIds: [production], notes });
      const listed = (await publishing.redirects({ startIndex: 0, pageSize: 100 })).items;
      const froms = listed.map(({ from }) => from);
      expect(froms).toEqual([...froms].sort());
      expect(listed.find(({ id }) => id === a.id)).toEqual({
        id: a.id,
        from: '/a-old',
        to: '/a',
        targetIds: [production],
        notes,
        temporary: false,
      });
      const targetIds = [production, 'PublishingTargets/2'];
      await publishing.saveRedirect({ id: a.id, from: '/a-old', to: '/a2', targetIds, notes, temporary: true });
      const after = (await publishing.redirects({ startIndex: 0, pageSize: 100 })).items;
      expect(after).toHaveLength(listed.length);
      expect(after.find(({ id }) => id === a.id)).toMatchObject({ to: '/a2', targetIds, temporary: true });
      expect(await publishing.deleteRedirects([a.id, 'Redirects/999999', b.id])).toEqual([true, false, true]);
      await expect(stage.as('viewer').publishing.deleteRedirects(['Redirects/1'])).rejects.toMatchObject({
        code: 'FORBIDDEN',
      });
    });
  });
}
