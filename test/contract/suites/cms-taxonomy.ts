import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sandboxLandmarks as pagesById } from '../../../sandbox/seed.ts';
import { type CmsStage, firstPage, type OpenCmsStage } from './cms-stage.ts';

/** The laws of CmsTaxonomy. */
export function cmsTaxonomySuite(open: OpenCmsStage): void {
  describe('CmsTaxonomy', () => {
    let stage: CmsStage;
    beforeAll(async () => {
      stage = await open();
    });
    afterAll(() => stage.close());
    const taxonomy = () => stage.as('editor').taxonomy;

    test('categories have children, and children have ancestors', async () => {
      const root = (await taxonomy().roots(firstPage)).items.find(({ childrenCount }) => childrenCount > 0);
      const [child] = (await taxonomy().children(root?.id ?? '', firstPage)).items;
      expect((await taxonomy().ancestors(child?.id ?? '')).map(({ id }) => id)).toEqual([root?.id]);
      expect(await taxonomy().ancestors(root?.id ?? '')).toEqual([]);
    });

    test('words find categories with their paths', async () => {
      const found = await taxonomy().find('Tuition');
      expect(found.length).toBeGreaterThan(0);
      for (const category of found) expect(category.path).toContain(category.name);
      expect(await taxonomy().find('qqqzzz')).toEqual([]);
    });

    test('items carry categories, and categories know their items', async () => {
      const [category] = await taxonomy().ofItem(pagesById.tuitionPage);
      const { items } = await taxonomy().itemsOf(category?.id ?? '', firstPage);
      expect(items.map(({ id }) => id)).toContain(pagesById.tuitionPage);
    });

    test('unknown ids are empty lists', async () => {
      expect(await taxonomy().ofItem('x999999')).toEqual([]);
      expect(await taxonomy().ofItem('a/999999')).toEqual([]);
      expect((await taxonomy().children('CategoryNodes/999999', firstPage)).items).toEqual([]);
      expect((await taxonomy().itemsOf('CategoryNodes/999999', firstPage)).items).toEqual([]);
    });
  });
}
