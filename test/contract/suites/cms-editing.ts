import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sandboxLandmarks as pagesById } from '../../../sandbox/seed.ts';
import type { Field } from '../../../src/domain/model/content-item.ts';
import type { CmsStage, OpenCmsStage } from './cms-stage.ts';

/** The laws of CmsEditing. */
export function cmsEditingSuite(open: OpenCmsStage): void {
  describe('CmsEditing', () => {
    let stage: CmsStage;
    beforeAll(async () => {
      stage = await open();
    });
    afterAll(() => stage.close());
    const editor = () => stage.as('editor');
    const fieldsOf = async (id: string): Promise<readonly Field[]> =>
      (await editor().pages.details(id, 0))?.fields ?? [];
    const fieldWith = async (id: string, text: string): Promise<Field> => {
      const field = (await fieldsOf(id)).find(({ value }) => value.includes(text));
      if (field === undefined) throw new Error(`No field of ${id} holds ${text}.`);
      return field;
    };

    test('the one place of the one field changes, and nothing else', async () => {
      const itemId = pagesById.tuitionPage;
      await editor().pages.checkOut(itemId);
      const before = await fieldsOf(itemId);
      const find = 'The application fee for 2025 is $60.';
      const { name } = await fieldWith(itemId, find);
      const replaceWith = 'The application fee for 2026 is $65 & up.';
      expect(
        await editor().editing.replaceText({ itemId, fieldName: name, find, replaceWith, occurrences: 1 }),
      ).toEqual({
        replacedCount: 1,
      });
      expect(await fieldsOf(itemId)).toEqual(
        before.map((field) =>
          field.name === name ? { ...field, value: field.value.replace(find, replaceWith) } : field,
        ),
      );
    });

    test('several places change only when their number was known', async () => {
      const itemId = pagesById.manyVersionsPage;
      await editor().pages.checkOut(itemId);
      const body = (await fieldsOf(itemId)).find(({ value }) => value.split('<p>').length > 2);
      const field = body ?? (await fieldWith(itemId, 'e'));
      const find = body === undefined ? 'e' : '<p>';
      const places = field.value.split(find).length - 1;
      expect(places).toBeGreaterThan(1);
      const change = { itemId, fieldName: field.name, find, replaceWith: body === undefined ? 'E' : '<p class="x">' };
      const tooFew = editor().editing.replaceText({ ...change, occurrences: 1 });
      await expect(tooFew).rejects.toMatchObject({ code: 'CONFLICT', details: { found: places, expected: 1 } });
      expect((await fieldsOf(itemId)).find(({ name }) => name === field.name)?.value).toBe(field.value);
      expect(await editor().editing.replaceText({ ...change, occurrences: places })).toEqual({ replacedCount: places });
      expect((await fieldsOf(itemId)).find(({ name }) => name === field.name)?.value).toBe(
        field.value.replaceAll(find, change.replaceWith),
      );
    });

    test('a text that stands nowhere is a conflict with zero places', async () => {
      const change = {
        itemId: pagesById.tuitionPage,
        fieldName: 'Body',
        find: 'no such words',
        replaceWith: '',
        occurrences: 1,
      };
      await expect(editor().editing.replaceText(change)).rejects.toMatchObject({
        code: 'CONFLICT',
        details: { found: 0 },
      });
    });

    test('a text in another field is not meant', async () => {
      const itemId = pagesById.deadlinesPage;
      await editor().pages.checkOut(itemId);
      const find = 'Applications close on January 15, 2026.';
      const { name } = await fieldWith(itemId, find);
      const other = (await fieldsOf(itemId)).find((field) => field.name !== name && field.value !== '');
      const change = { itemId, fieldName: other?.name ?? '', find, replaceWith: 'X', occurrences: 1 };
      await expect(editor().editing.replaceText(change)).rejects.toMatchObject({
        code: 'CONFLICT',
        details: { found: 0 },
      });
    });

    test('letters are matched to the case', async () => {
      const change = {
        itemId: pagesById.deadlinesPage,
        fieldName: 'Body',
        find: 'APPLICATIONS CLOSE',
        replaceWith: 'X',
        occurrences: 1,
      };
      await expect(editor().editing.replaceText(change)).rejects.toMatchObject({
        code: 'CONFLICT',
        details: { found: 0 },
      });
    });

    test('an item that is checked in is a conflict, and stays as it is', async () => {
      const itemId = pagesById.aboutContactPage;
      const field = (await fieldsOf(itemId)).find(({ value }) => value.length > 20);
      const find = field?.value.slice(0, 12) ?? '';
      const change = {
        itemId,
        fieldName: field?.name ?? '',
        find,
        replaceWith: 'X',
        occurrences: (field?.value.split(find).length ?? 0) - 1,
      };
      await expect(editor().editing.replaceText(change)).rejects.toMatchObject({ code: 'CONFLICT' });
      expect(await fieldsOf(itemId)).toContainEqual(field);
    });

    test('a text is found in the fields of one page or of all below, by letter or by case', async () => {
      const text = 'Binding takes';
      const search = { rootId: pagesById.home, text: 'THESIS binding TAKES', matchCase: false, withDescendants: true };
      const hits = await editor().editing.findText(search);
      expect(hits).toEqual([
        {
          itemId: pagesById.checkedOutByEditorPage,
          itemName: 'Printing',
          fieldName: 'Body',
          value: expect.stringContaining(text.toLowerCase()),
        },
      ]);
      expect(await editor().editing.findText({ ...search, matchCase: true })).toEqual([]);
      expect(await editor().editing.findText({ ...search, withDescendants: false })).toEqual([]);
    });

    test('assets and empty texts are refused without a call', async () => {
      const before = stage.callsOf('Site_GenerateTextSearchReport').length;
      const change = { itemId: 'a/50', fieldName: 'Title', find: 'x', replaceWith: 'y', occurrences: 1 };
      await expect(editor().editing.replaceText(change)).rejects.toMatchObject({ code: 'CAPABILITY_MISSING' });
      await expect(editor().editing.replaceText({ ...change, itemId: 'x1', find: '' })).rejects.toMatchObject({
        code: 'BAD_INPUT',
      });
      expect(stage.callsOf('Site_GenerateTextSearchReport')).toHaveLength(before);
    });

    test('an item that is not there is named as such', async () => {
      const change = { itemId: 'x999999', fieldName: 'Body', find: 'x', replaceWith: 'y', occurrences: 1 };
      await expect(editor().editing.replaceText(change)).rejects.toMatchObject({
        code: expect.stringMatching(/NOT_FOUND|BAD_INPUT/),
      });
    });
  });
}
