import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sandboxLandmarks as pagesById } from '../../../sandbox/seed.ts';
import type { CmsStage, OpenCmsStage } from './cms-stage.ts';

/** The laws of CmsOperations; where every argument travels is held against the facts by the test of all operations. */
export function cmsOperationsSuite(open: OpenCmsStage): void {
  describe('CmsOperations', () => {
    let stage: CmsStage;
    beforeAll(async () => {
      stage = await open();
    });
    afterAll(() => stage.close());
    const call = (operationId: string, parameters: Readonly<Record<string, string | boolean>> = {}) =>
      stage.as('editor').operations.call({ operationId, parameters });

    test('an answer comes as the CMS gives it, under its own names', async () => {
      const { deadlinesPage } = pagesById;
      expect(await call('Pages_GetPage', { id: deadlinesPage })).toMatchObject({
        kind: 'json',
        value: { Id: deadlinesPage, Name: 'Deadlines' },
      });
    });

    test('null stays null', async () => {
      expect(await call('Pages_GetPage', { id: 'x99999999' })).toEqual({ kind: 'json', value: null });
    });

    test('a body travels bare, also an array', async () => {
      const { operations } = stage.as('editor');
      const ids = [pagesById.deadlinesPage, pagesById.tuitionPage];
      const answer = await operations.call({ operationId: 'Pages_GetPageContext', parameters: {}, body: ids });
      expect(answer).toMatchObject({ kind: 'json', value: [{ Name: 'Deadlines' }, { Name: 'Tuition' }] });
      expect(stage.callsOf('Pages_GetPageContext').at(-1)?.body).toEqual(ids);
    });

    test('a file comes as its bytes, with its type', async () => {
      const answer = await call('Assets_GetFileBinary', { assetId: 'a/50', download: true });
      expect(answer).toMatchObject({ kind: 'file', mimeType: expect.stringContaining('/') });
      expect(answer.kind === 'file' && answer.bytes.byteLength).toBeGreaterThan(0);
    });

    test('an unknown operation is refused before anything is sent', async () => {
      const before = stage.sandbox.calls.list().length;
      await expect(call('Pages_Unheard')).rejects.toMatchObject({ code: 'BAD_INPUT' });
      expect(stage.sandbox.calls.list()).toHaveLength(before);
    });

    test('refusals of the CMS are told like those of every port', async () => {
      const refused = stage.as('viewer').operations.call({
        operationId: 'Pages_Rename',
        parameters: {},
        body: { Id: pagesById.deadlinesPage, Name: 'Mine' },
      });
      await expect(refused).rejects.toMatchObject({ code: 'FORBIDDEN' });
    });
  });
}
