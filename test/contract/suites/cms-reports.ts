import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sandboxLandmarks as pagesById } from '../../../sandbox/seed.ts';
import type { CmsStage, OpenCmsStage } from './cms-stage.ts';

/** The laws of CmsReports. */
export function cmsReportsSuite(open: OpenCmsStage): void {
  describe('CmsReports', () => {
    let stage: CmsStage;
    beforeAll(async () => {
      stage = await open();
    });
    afterAll(() => stage.close());
    const editor = () => stage.as('editor');

    test('a report ends with its findings and tells its progress', async () => {
      const seen: number[] = [];
      const rootId = pagesById.brokenLinkPage;
      const findings = await editor().reports.run({ kind: 'broken_links', rootId, withDescendants: false }, (percent) =>
        seen.push(percent),
      );
      expect(findings.length).toBeGreaterThan(0);
      for (const finding of findings) expect(finding).toMatchObject({ itemId: rootId, found: expect.any(String) });
      expect(seen.every((percent) => percent >= 0 && percent <= 100)).toBe(true);
    });

    test('a report stays within its part of the site', async () => {
      const rootId = pagesById.tuitionPage;
      const one = await editor().reports.run({ kind: 'text', rootId, withDescendants: false, text: 'the' }, () => {});
      expect(new Set(one.map(({ itemId }) => itemId))).toEqual(new Set([rootId]));
    });

    test('an unknown root is refused', async () => {
      const request = { kind: 'broken_links', rootId: 'x999999', withDescendants: true } as const;
      await expect(editor().reports.run(request, () => {})).rejects.toMatchObject({
        code: expect.stringMatching(/NOT_FOUND|BAD_INPUT|CMS_REFUSED/),
      });
    });

    test('a caller who goes away ends the search in the CMS too', async () => {
      stage.sandbox.knobs.reportTickMs = 60_000;
      const giveUp = new AbortController();
      const running = stage
        .as('editor', { signal: giveUp.signal })
        .reports.run({ kind: 'text', rootId: pagesById.home, withDescendants: true, text: 'the' }, () =>
          giveUp.abort(),
        );
      await expect(running).rejects.toMatchObject({ code: 'CANCELLED' });
      stage.sandbox.knobs.reportTickMs = 5;
    });
  });
}
