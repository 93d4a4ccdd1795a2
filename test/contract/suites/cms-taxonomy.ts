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

    test('one category tells its parent, its synonyms and how many items carry it; an unknown one is undefined', async () => {
      const [tuition] = (await taxonomy().find('Tuition and Aid')).filter(({ name }) => name === 'Tuition and Aid');
      const category = await taxonomy().get(tuition?.id ?? '');
      expect(category?.synonyms).toContainEqual({ locale: 'en-us', value: 'Fees' });
      expect(category?.itemCount).toBeGreaterThan(0);
      expect((await taxonomy().get(category?.parentId ?? ''))?.name).toBe('Admissions');
      expect(await taxonomy().get('CategoryNodes/999999')).toBeUndefined();
    });

    test('paths come in the order asked for, without the unknown', async () => {
      const ids = ['CategoryNodes/5', 'CategoryNodes/999999', 'CategoryNodes/1'];
      const found = await taxonomy().withPaths(ids);
      expect(found.map(({ id, path }) => [id, path])).toEqual([
        ['CategoryNodes/5', 'Topics/Academics'],
        ['CategoryNodes/1', 'Topics'],
      ]);
    });

    test('a schema narrows the root categories', async () => {
      const schema = stage.sandbox.state.schemas.find(({ rootCategoryIds }) => rootCategoryIds.length > 0);
      const { items } = await taxonomy().roots(firstPage, schema?.id ?? '');
      expect(items.map(({ id }) => id).sort()).toEqual([...(schema?.rootCategoryIds ?? [])].sort());
    });

    test('an item gains and loses categories without losing the others, unless all are set', async () => {
      const item = pagesById.aboutContactPage;
      const before = (await taxonomy().ofItem(item)).map(({ id }) => id);
      await taxonomy().addItems('CategoryNodes/2', [item]);
      expect((await taxonomy().ofItem(item)).map(({ id }) => id).sort()).toEqual([...before, 'CategoryNodes/2'].sort());
      await taxonomy().removeItems('CategoryNodes/2', [item]);
      expect((await taxonomy().ofItem(item)).map(({ id }) => id).sort()).toEqual([...before].sort());
      await taxonomy().setOfItem(item, ['CategoryNodes/3', 'CategoryNodes/4']);
      expect((await taxonomy().ofItem(item)).map(({ id }) => id).sort()).toEqual([
        'CategoryNodes/3',
        'CategoryNodes/4',
      ]);
    });

    test('a category is made, renamed, given synonyms, moved, merged into another and deleted', async () => {
      const manager = stage.as('publisher').taxonomy;
      const made = await manager.create({ name: 'Meadows', parentId: 'CategoryNodes/1', locale: 'en-us' });
      expect(made).toMatchObject({ name: 'Meadows', parentId: 'CategoryNodes/1', itemCount: 0 });
      expect((await manager.rename(made.id, 'Fields')).name).toBe('Fields');
      await manager.setSynonyms(made.id, 'es-us', ['Prado']);
      await manager.setSynonyms(made.id, 'en-us', ['Grass', 'Pasture']);
      expect((await manager.get(made.id))?.synonyms).toEqual([
        { locale: 'es-us', value: 'Prado' },
        { locale: 'en-us', value: 'Grass' },
        { locale: 'en-us', value: 'Pasture' },
      ]);
      expect((await manager.move(made.id, { id: 'CategoryNodes/4', position: 'child' })).parentId).toBe(
        'CategoryNodes/4',
      );
      expect((await manager.move(made.id, { id: 'CategoryNodes/4', position: 'sibling' })).parentId).toBeUndefined();
      await manager.addItems(made.id, [pagesById.tuitionPage, pagesById.home]);
      const heir = await manager.create({ name: 'Lawns', locale: 'en-us' });
      await manager.addItems(heir.id, [pagesById.home]);
      expect(await manager.copyItems(made.id, heir.id)).toEqual([pagesById.tuitionPage]);
      expect((await manager.get(heir.id))?.itemCount).toBe(2);
      expect(await manager.delete(made.id)).toBe(true);
      expect(await manager.get(made.id)).toBeUndefined();
      expect(await manager.delete(made.id)).toBe(false);
    });

    test('the used categories below one are told; who may not manage the taxonomy is refused', async () => {
      expect((await taxonomy().usedBelow('CategoryNodes/1')).map(({ name }) => name)).toContain('Water');
      expect(await taxonomy().usedBelow('CategoryNodes/999999')).toEqual([]);
      await expect(taxonomy().create({ name: 'X', locale: 'en-us' })).rejects.toMatchObject({ code: 'FORBIDDEN' });
      await expect(taxonomy().rename('CategoryNodes/5', 'X')).rejects.toMatchObject({ code: 'FORBIDDEN' });
      await expect(stage.as('viewer').taxonomy.addItems('CategoryNodes/5', [pagesById.home])).rejects.toMatchObject({
        code: 'FORBIDDEN',
      });
      await expect(stage.as('publisher').taxonomy.rename('CategoryNodes/999999', 'X')).rejects.toMatchObject({
        code: 'NOT_FOUND',
      });
    });
  });
}
