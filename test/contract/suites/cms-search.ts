import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sandboxLandmarks as pagesById } from '../../../sandbox/seed.ts';
import { type CmsStage, firstPage, type OpenCmsStage } from './cms-stage.ts';

/** The laws of CmsSearch. */
export function cmsSearchSuite(open: OpenCmsStage): void {
  describe('CmsSearch', () => {
    let stage: CmsStage;
    beforeAll(async () => {
      stage = await open();
    });
    afterAll(() => stage.close());
    const search = () => stage.as('editor').search;
    const pagesOnly = { includePages: true, includeAssets: false, includeRecycled: false };

    test('words find pages, best first', async () => {
      const { items } = await search().ranked({ keywords: 'application fee', ...pagesOnly }, firstPage);
      expect(items.map(({ id }) => id)).toContain(pagesById.tuitionPage);
      const ranks = items.map(({ rank }) => rank);
      expect(ranks).toEqual(ranks.toSorted((a, b) => b - a));
    });

    test('assets and recycled pages come only when asked for', async () => {
      const without = await search().ranked({ keywords: 'summer school', ...pagesOnly }, firstPage);
      expect(without.items.some(({ recycled }) => recycled)).toBe(false);
      const withRecycled = await search().ranked(
        { keywords: 'summer school', ...pagesOnly, includeRecycled: true },
        firstPage,
      );
      expect(withRecycled.items.filter(({ recycled }) => recycled).map(({ id }) => id)).toContain(
        pagesById.recycledPage,
      );
      const assets = await search().ranked(
        { keywords: 'map', includePages: false, includeAssets: true, includeRecycled: false },
        firstPage,
      );
      expect(new Set(assets.items.map(({ kind }) => kind))).toEqual(new Set(['asset']));
    });

    test('components are told apart from pages', async () => {
      const { items } = await search().ranked({ keywords: 'admissions', ...pagesOnly }, firstPage);
      for (const item of items) {
        expect(item.kind, item.id).toBe((await stage.as('editor').pages.get(item.id))?.kind);
      }
    });

    test('nothing found is an empty page', async () => {
      expect(await search().ranked({ keywords: 'qqqzzzxxy', ...pagesOnly }, firstPage)).toEqual({
        items: [],
        total: 0,
      });
    });

    test('a name finds all its bearers with their paths; an id finds its one', async () => {
      const { items } = await search().byName('Contact', firstPage);
      const contacts = items.filter(({ name }) => name === 'Contact');
      expect(contacts.map(({ id }) => id).toSorted()).toEqual(
        [pagesById.aboutContactPage, pagesById.admissionsContactPage].toSorted(),
      );
      for (const contact of contacts) expect(contact.path.at(-1)).toBe('Contact');
      expect((await search().byName(pagesById.tuitionPage, firstPage)).items.map(({ id }) => id)).toEqual([
        pagesById.tuitionPage,
      ]);
    });

    test('a schema finds the items that use it', async () => {
      const page = await stage.as('editor').pages.get(pagesById.alertBanner);
      const { items } = await search().bySchema(page?.schema?.id ?? '', firstPage);
      expect(items.map(({ id }) => id)).toContain(pagesById.alertBanner);
      expect(new Set(items.map(({ kind }) => kind))).toEqual(new Set(['component']));
    });
  });
}
