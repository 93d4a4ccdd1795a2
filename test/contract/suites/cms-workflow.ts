import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sandboxLandmarks as pagesById } from '../../../sandbox/seed.ts';
import { type CmsStage, firstPage, type OpenCmsStage } from './cms-stage.ts';

/** The laws of CmsWorkflow. */
export function cmsWorkflowSuite(open: OpenCmsStage): void {
  describe('CmsWorkflow', () => {
    let stage: CmsStage;
    beforeAll(async () => {
      stage = await open();
    });
    afterAll(() => stage.close());
    const editor = () => stage.as('editor');

    test('an item has its state; one outside of workflows has none, and no transitions', async () => {
      expect(await editor().workflow.ofItem(pagesById.inReviewPage)).toMatchObject({
        stateName: 'In Review',
        groupName: 'Editors',
      });
      expect(await editor().workflow.ofItem(pagesById.noWorkflowPage)).toBeUndefined();
      expect(await editor().workflow.transitions(pagesById.noWorkflowPage)).toEqual([]);
      expect(await editor().workflow.ofItem('x999999')).toBeUndefined();
    });

    test('transitions lead out of the current state only', async () => {
      const definition = await editor().workflow.definition('WorkflowDefinitions/33');
      const status = await editor().workflow.ofItem(pagesById.inReviewPage);
      const ids = (await editor().workflow.transitions(pagesById.inReviewPage)).map(({ id }) => id);
      expect(ids.length).toBeGreaterThan(0);
      for (const id of ids) {
        expect(definition?.transitions.find((step) => step.id === id)?.fromState).toBe(status?.stateId);
      }
    });

    test('definitions tell what their transitions do, in order; an unknown one is undefined', async () => {
      const definitions = await editor().workflow.definitions();
      expect(definitions.map(({ name }) => name)).toEqual(
        expect.arrayContaining(['Web Publishing', 'News Fast Track']),
      );
      const web = definitions.find(({ name }) => name === 'Web Publishing');
      const definition = await editor().workflow.definition(web?.id ?? '');
      const kinds = definition?.transitions
        .find(({ name }) => name === 'Approve and publish')
        ?.actions.map(({ kind }) => kind);
      expect(kinds?.at(-1)).toBe('publish');
      expect(await editor().workflow.definition('WorkflowDefinitions/999999')).toBeUndefined();
    });

    test('an advance changes the state for the next read', async () => {
      const itemId = pagesById.inReviewPage;
      const step = (await editor().workflow.transitions(itemId)).find(({ name }) => /approve/i.test(name));
      expect(await editor().workflow.advance({ itemId, transitionId: step?.id ?? '', comment: 'Fine.' })).toBe(true);
      expect(await editor().workflow.ofItem(itemId)).toMatchObject({ stateName: step?.nextStateName });
    });

    test('a locked workflow and a foreign transition refuse', async () => {
      const [any] = await editor().workflow.transitions(pagesById.draftPage);
      const locked = { itemId: pagesById.lockedWorkflowPage, transitionId: '', comment: '' };
      await expect(editor().workflow.advance(locked)).rejects.toMatchObject({
        code: expect.stringMatching(/CONFLICT|LOCKED/),
      });
      const viewer = { itemId: pagesById.draftPage, transitionId: any?.id ?? '', comment: '' };
      await expect(stage.as('viewer').workflow.advance(viewer)).rejects.toMatchObject({
        code: expect.stringMatching(/FORBIDDEN|CONFLICT/),
      });
    });

    test('an advance that the CMS does not make answers false', async () => {
      stage.sandbox.faults.add({ kind: 'false-answer', match: { operationId: 'Pages_AdvanceWorkflow' }, times: 1 });
      expect(await editor().workflow.advance({ itemId: pagesById.draftPage, transitionId: '', comment: '' })).toBe(
        false,
      );
    });

    test('worklists and reports are read', async () => {
      const worklist = async (role: 'author' | 'editor', includeGroups: boolean) => {
        const gateway = stage.as(role);
        const userId = (await gateway.site.currentUser())?.id ?? '';
        const query = { userId, includeGroups, includeCheckedOut: true, includeCheckedIn: true };
        return gateway.workflow.assignments(query, firstPage);
      };
      expect((await worklist('author', false)).items.map(({ itemId }) => itemId)).toContain(
        pagesById.neverCheckedInPage,
      );
      expect((await worklist('editor', true)).total).toBeGreaterThan((await worklist('editor', false)).total);
      const report = await editor().workflow.report('WorkflowDefinitions/33', { startIndex: 0, pageSize: 5 });
      expect(report.items).toHaveLength(5);
      expect(report.items[0]?.workflowName).toBe('Web Publishing');
    });
  });
}
