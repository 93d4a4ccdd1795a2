import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CmsStage, firstPage, type OpenCmsStage } from './cms-stage.ts';

/** The laws of CmsSchemas. */
export function cmsSchemasSuite(open: OpenCmsStage): void {
  describe('CmsSchemas', () => {
    let stage: CmsStage;
    beforeAll(async () => {
      stage = await open();
    });
    afterAll(() => stage.close());
    const schemas = () => stage.as('editor').schemas;

    test('a schema is found by id and by root name, for pages and assets; an unknown one is undefined', async () => {
      for (const kind of ['page', 'asset'] as const) {
        const [some] = (await schemas().list(kind, firstPage)).items.slice(-1);
        expect(await schemas().get(some?.id ?? '')).toEqual(some);
        expect((await schemas().get(some?.name ?? ''))?.id).toBe(some?.id);
      }
      expect(await schemas().get('NoSuchSchema')).toBeUndefined();
    });

    test('the lists tell pages, components and assets apart', async () => {
      const kinds = new Set((await schemas().list('page', firstPage)).items.map(({ kind }) => kind));
      expect(kinds).toEqual(new Set(['page', 'component']));
      expect(new Set((await schemas().list('asset', firstPage)).items.map(({ kind }) => kind))).toEqual(
        new Set(['asset']),
      );
    });

    test('fields have types and needs', async () => {
      const fields = (await schemas().list('page', firstPage)).items.flatMap((schema) => schema.fields);
      expect(fields.some(({ required }) => required)).toBe(true);
      for (const field of fields) expect(field.type).toMatch(/^IGX_/);
    });

    test('help for AI comes first, help for people next, and none is empty', async () => {
      const { items } = await schemas().list('page', firstPage);
      const help = await Promise.all(items.map(({ id }) => schemas().help(id)));
      expect(help.some(({ forAi, fields }) => forAi && Object.keys(fields).length > 0)).toBe(true);
      expect(help.some(({ forAi, fields }) => !forAi && Object.keys(fields).length > 0)).toBe(true);
      expect(await schemas().help('schemas/999999')).toEqual({ fields: {}, forAi: false });
    });

    test('rules name their schema and where they may create', async () => {
      const { items } = await schemas().creationRules(firstPage);
      expect(items.length).toBeGreaterThan(0);
      for (const rule of items) expect(await schemas().get(rule.schemaId)).toBeDefined();
      const parents = await schemas().creationRuleParents('PageCreationRules/1', firstPage);
      expect(parents.items[0]).toMatchObject({ parentOnly: true, path: expect.stringContaining('News') });
      expect((await schemas().creationRuleParents('PageCreationRules/999999', firstPage)).items).toEqual([]);
    });
  });
}
