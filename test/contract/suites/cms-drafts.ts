import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sandboxLandmarks as pagesById } from '../../../sandbox/seed.ts';
import type { Field } from '../../../src/domain/model/content-item.ts';
import type { Abilities } from '../../../src/domain/model/site.ts';
import { planDraft } from '../../../src/domain/policy/plan-draft.ts';
import type { FieldChange } from '../../../src/domain/policy/plan-edit.ts';
import type { CmsDrafts } from '../../../src/domain/ports/cms/drafts.ts';
import type { CmsStage, OpenCmsStage } from './cms-stage.ts';

/** The laws of CmsDrafts on a CMS that serves everything of it. */
export function cmsDraftsSuite(open: OpenCmsStage): void {
  describe('CmsDrafts', () => {
    let stage: CmsStage;
    beforeAll(async () => {
      stage = await open();
    });
    afterAll(() => stage.close());
    const editor = () => stage.as('editor');
    const fieldsOf = async (id: string): Promise<readonly Field[]> =>
      (await editor().pages.details(id, 0))?.fields ?? [];
    const itemOf = async (id: string) => (await editor().pages.get(id)) ?? expect.unreachable();

    /** Plans changes on the fields as they are, saves them, and answers what was wanted and what is there. */
    const change = async (id: string, ...changes: FieldChange[]) => {
      const plan = planDraft(await fieldsOf(id), changes);
      if (!plan.ok) throw new Error(plan.refusals.map(({ message }) => message).join('; '));
      await editor().drafts.saveFields(id, plan.fields);
      return { wanted: plan.fields, held: await fieldsOf(id) };
    };
    const valueIn = (fields: readonly Field[], name: string) => fields.find((field) => field.name === name)?.value;

    test.each<[string, FieldChange]>([
      ['text', { op: 'set', field: 'Summary', value: 'Dates & <fees> "at once"' }],
      ['rich text', { op: 'replace_text', field: 'Body', find: 'January 15, 2026', value: 'January 31, 2026' }],
      ['a switch', { op: 'set', field: 'ShowInNavigation', value: false }],
      ['a date', { op: 'set', field: 'ReviewDate', value: '2027-01-31' }],
      ['an emptied date', { op: 'clear', field: 'ReviewDate' }],
      ['a date that was empty', { op: 'set', field: 'ReviewDate', value: '2027-02-28' }],
      ['several values', { op: 'set', field: 'Audience', value: ['Alumni', 'Parents'] }],
      ['a reference that was empty', { op: 'set', field: 'Contact', value: pagesById.sharedContactCard }],
      ['an emptied reference', { op: 'clear', field: 'Contact' }],
    ])('%s is written, and nothing else changes', async (_title, wish) => {
      const id = pagesById.deadlinesPage;
      await editor().pages.checkOut(id);
      const before = await fieldsOf(id);
      const { wanted, held } = await change(id, wish);
      expect(held).toEqual(wanted);
      expect(held.filter(({ name }) => name !== wish.field)).toEqual(before.filter(({ name }) => name !== wish.field));
      expect(valueIn(held, wish.field)).not.toBe(valueIn(before, wish.field));
    });

    test.each<[string, unknown, string, unknown, string]>([
      ['Downloads', { value: 'a/34', Text: 'Guide' }, 'a/34', 'a/50', 'a/50'],
      ['LearningOutcomes', 'Read maps', 'Read maps', 'Write & publish', 'Write & publish'],
      ['Promos', 'x258', 'x258', 'x259', 'x259'],
      ['Questions', '<p>New?</p>', '<p>New?</p>', '<p>Last.</p>', '<p>Last.</p>'],
    ])(
      'entries of %s are added, changed and removed',
      async (field, inserted, insertedValue, appended, appendedValue) => {
        const id = pageWith(stage, field, 2);
        await editor().pages.checkOut(id);
        const valuesNow = async () =>
          ((await fieldsOf(id)).find(({ name }) => name === field)?.children ?? []).map(({ value }) => value);
        const [first, ...rest] = await valuesNow();
        const grown = await change(
          id,
          { op: 'insert', field, index: 2, value: inserted },
          { op: 'append', field, value: appended },
        );
        expect(grown.held).toEqual(grown.wanted);
        expect(await valuesNow()).toEqual([first, insertedValue, ...rest, appendedValue]);
        const shrunk = await change(
          id,
          { op: 'remove', field: `${field}[1]` },
          { op: 'set', field: `${field}[1]`, value: appended },
        );
        expect(shrunk.held).toEqual(shrunk.wanted);
        expect(await valuesNow()).toEqual([appendedValue, ...rest, appendedValue]);
        const none = await change(id, { op: 'clear', field });
        expect(none.held).toEqual(none.wanted);
        expect(await valuesNow()).toEqual([]);
        await change(id, { op: 'append', field, value: appended });
        expect(await valuesNow()).toEqual([appendedValue]);
      },
    );

    test('attributes of an entry are written', async () => {
      const id = pageWith(stage, 'FooterLinks', 2);
      await editor().pages.checkOut(id);
      const { wanted, held } = await change(
        id,
        { op: 'set', field: 'FooterLinks[2]', value: { Text: 'Work with us' } },
        {
          op: 'insert',
          field: 'FooterLinks',
          index: 1,
          value: { value: 'https://example.edu/?a=1&b=2', Text: 'Out "there"' },
        },
      );
      expect(held).toEqual(wanted);
    });

    test('saving what is there already changes nothing', async () => {
      const id = pagesById.tuitionPage;
      await editor().pages.checkOut(id);
      const before = await fieldsOf(id);
      await editor().drafts.saveFields(id, before);
      expect(await fieldsOf(id)).toEqual(before);
    });

    test('a page that is not checked out is refused with the reason of the CMS, and stays as it is', async () => {
      const id = pagesById.aboutContactPage;
      const before = await fieldsOf(id);
      await expect(change(id, { op: 'set', field: 'Summary', value: 'New' })).rejects.toMatchObject({
        code: expect.stringMatching(/CMS_REFUSED|CONFLICT/),
        details: { cms_message: expect.stringContaining('not checked out') },
      });
      expect(await fieldsOf(id)).toEqual(before);
    });

    test('a copy that somebody else holds is refused', async () => {
      await expect(
        change(pagesById.checkedOutByOtherPage, { op: 'set', field: 'Summary', value: 'Mine' }),
      ).rejects.toMatchObject({
        code: expect.stringMatching(/CMS_REFUSED|LOCKED/),
      });
    });

    test('a discarded copy leaves the newest version, checked in', async () => {
      const id = pagesById.academicsOverviewPage;
      const before = await itemOf(id);
      const fields = await fieldsOf(id);
      await editor().pages.checkOut(id);
      await change(id, { op: 'set', field: 'Summary', value: 'To be dropped' });
      await editor().drafts.discard(id);
      expect(await itemOf(id)).toMatchObject({ checkedOut: false, version: before.version });
      expect(await fieldsOf(id)).toEqual(fields);
      await editor().drafts.discard(id);
      expect(await itemOf(id)).toMatchObject({ checkedOut: false, version: before.version });
    });

    test('an older version is marked, and the mark taken off', async () => {
      const id = pagesById.manyVersionsPage;
      const [target] = await editor().publishing.targets();
      const targetId = target?.id ?? '';
      const markedVersion = async () =>
        (await editor().pages.history(id, { startIndex: 0, pageSize: 50 })).items.find(({ targets }) =>
          targets.some((each) => each.id === targetId),
        )?.version;
      await stage.as('publisher').drafts.setMark(id, { targetId, version: 2 });
      expect(await markedVersion()).toBe(2);
      await stage.as('publisher').drafts.setMark(id, { targetId, version: 'none' });
      expect(await markedVersion()).toBeUndefined();
    });

    test('a page of a schema is created without a rule, checked out, below its parent', async () => {
      const like = await itemOf(pagesById.deadlinesPage);
      const { id } = await stage.as('publisher').drafts.create({
        schemaId: like.schema?.id ?? '',
        parentId: like.parentId ?? '',
        name: 'Made of a schema',
      });
      expect(await stage.as('publisher').pages.get(id)).toMatchObject({
        name: 'Made of a schema',
        checkedOut: true,
        parentId: like.parentId,
        schema: { id: like.schema?.id },
      });
    });
  });
}

/** The laws of CmsDrafts on a CMS that serves nothing of it. */
export function cmsDraftsMissingSuite(open: OpenCmsStage): void {
  describe('CmsDrafts, where the CMS lacks it', () => {
    let stage: CmsStage;
    beforeAll(async () => {
      stage = await open();
    });
    afterAll(() => stage.close());

    test.each<[keyof Abilities, (drafts: CmsDrafts, stage: CmsStage) => Promise<unknown>]>([
      [
        'editFields',
        async (drafts) => {
          const id = pagesById.checkedOutByEditorPage;
          const fields = (await stage.as('editor').pages.details(id, 0))?.fields ?? [];
          const plan = planDraft(fields, [{ op: 'set', field: 'Summary', value: 'Not written' }]);
          if (!plan.ok) throw new Error('not planned');
          await drafts.saveFields(id, plan.fields);
        },
      ],
      ['discardPageCheckout', (drafts) => drafts.discard(pagesById.checkedOutByEditorPage)],
      [
        'unmark',
        async (drafts) => {
          const [target] = await stage.as('editor').publishing.targets();
          await drafts.setMark(pagesById.tuitionPage, { targetId: target?.id ?? '', version: 'none' });
        },
      ],
      [
        'createBySchema',
        async (drafts) => {
          const like = await stage.as('editor').pages.get(pagesById.deadlinesPage);
          await drafts.create({ schemaId: like?.schema?.id ?? '', parentId: like?.parentId ?? '', name: 'Not made' });
        },
      ],
    ])('%s is told beforehand, refused when it is tried all the same, and changes nothing', async (ability, act) => {
      expect((await stage.as('editor').site.abilities())[ability]).not.toBe('services');
      const before = JSON.stringify(stage.sandbox.state.pages);
      await expect(act(stage.as('editor').drafts, stage)).rejects.toMatchObject({
        code: 'CAPABILITY_MISSING',
        message: expect.stringMatching(/CMS_SERVICES=on|lacks the method/),
      });
      expect(JSON.stringify(stage.sandbox.state.pages)).toBe(before);
    });

    test('the check-out of an asset is undone all the same', async () => {
      const { assets } = stage.as('editor');
      const id = 'a/50';
      await assets.checkOut(id);
      await stage.as('editor').drafts.discard(id);
      expect(await assets.get(id)).toMatchObject({ checkedOut: false });
    });
  });
}

/** A page whose list of that name has at least so many entries. */
function pageWith(stage: CmsStage, fieldName: string, entries: number): string {
  const found = Object.values(stage.sandbox.state.pages).find((page) =>
    page.versions.at(-1)?.elements.some(({ name, children }) => name === fieldName && children.length >= entries),
  );
  if (found === undefined) throw new Error(`No page has ${entries} entries in ${fieldName}.`);
  return found.id;
}
