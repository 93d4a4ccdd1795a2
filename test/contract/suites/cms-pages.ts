import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sandboxLandmarks as pagesById } from '../../../sandbox/seed.ts';
import type { Page } from '../../../src/domain/model/paging.ts';
import { type CmsStage, firstPage, type OpenCmsStage } from './cms-stage.ts';

/** The laws of CmsPages. */
export function cmsPagesSuite(open: OpenCmsStage): void {
  describe('CmsPages', () => {
    let stage: CmsStage;
    beforeAll(async () => {
      stage = await open();
    });
    afterAll(() => stage.close());
    const editor = () => stage.as('editor').pages;
    const production = 'PublishingTargets/1';

    describe('reading', () => {
      test('an item has its place, schema, version and marks', async () => {
        const page = await editor().get(pagesById.tuitionPage);
        expect(page).toMatchObject({
          id: pagesById.tuitionPage,
          kind: 'page',
          name: 'Tuition',
          version: stage.sandbox.state.pages[pagesById.tuitionPage]?.versions.length,
          checkedOut: false,
          access: 'full',
        });
        expect(page?.markedTargetIds).toContain(production);
        expect(page?.schema?.name).toBeTruthy();
      });

      test('components and folders are told apart from pages', async () => {
        expect((await editor().get(pagesById.alertBanner))?.kind).toBe('component');
        expect((await editor().recycleFolder()).kind).toBe('folder');
        expect(await editor().root()).toMatchObject({ id: pagesById.home, kind: 'page' });
      });

      test('what an unknown id asks for is undefined, and its lists are empty', async () => {
        const id = 'x999999';
        expect(await editor().get(id)).toBeUndefined();
        expect(await editor().details(id, 0)).toBeUndefined();
        expect(await editor().xml(id, { version: 0, checkedOut: true })).toBeUndefined();
        expect(await editor().pathOf(id, production)).toBeUndefined();
        expect(await editor().findByPath('/no/such/page', production)).toBeUndefined();
        expect((await editor().children(id, firstPage)).items).toEqual([]);
        expect((await editor().history(id, firstPage)).items).toEqual([]);
        expect(await editor().ancestors(id)).toEqual([]);
        expect(await editor().contexts([id])).toEqual([]);
      });

      test('a version that is not there is undefined', async () => {
        expect(await editor().details(pagesById.tuitionPage, 999)).toBeUndefined();
      });

      test('all pages of a list are the list, and behind its end there is nothing', async () => {
        const all = await editor().children(pagesById.home, firstPage);
        expect(all.items).toHaveLength(all.total);
        const ids: string[] = [];
        let startIndex: number | undefined = 0;
        while (startIndex !== undefined) {
          const page: Page<{ readonly id: string }> = await editor().children(pagesById.home, {
            startIndex,
            pageSize: 3,
          });
          expect(page.items.length).toBeLessThanOrEqual(3);
          ids.push(...page.items.map(({ id }) => id));
          startIndex = page.nextIndex;
        }
        expect(ids).toEqual(all.items.map(({ id }) => id));
        const behind = await editor().children(pagesById.home, { startIndex: all.total + 10, pageSize: 3 });
        expect(behind.items).toEqual([]);
        expect(behind.nextIndex).toBeUndefined();
      });

      test('descendants are below, ancestors above, root first', async () => {
        const ancestors = await editor().ancestors(pagesById.tuitionPage);
        expect(ancestors[0]?.id).toBe(pagesById.home);
        expect(ancestors.map(({ id }) => id)).not.toContain(pagesById.tuitionPage);
        expect(await editor().ancestors(pagesById.home)).toEqual([]);
        const parentId = ancestors.at(-1)?.id ?? '';
        const below = await editor().descendants(parentId, firstPage);
        expect(below.items.map(({ id }) => id)).toContain(pagesById.tuitionPage);
      });

      test('an outline is bounded in depth and number', async () => {
        const outline = await editor().outline(pagesById.home, { depth: 1, countMax: 5 });
        expect(outline).toHaveLength(5);
        for (const node of outline) expect(node.parentId).toBe(pagesById.home);
      });

      test('details show the fields with their labels and needs', async () => {
        const details = await editor().details(pagesById.tuitionPage, 0);
        const body = details?.fields.find(({ value }) => value.includes('The application fee for 2025 is $60.'));
        expect(body?.type).toMatch(/^IGX_ELEMENT/);
        expect(details?.fields.some(({ required }) => required)).toBe(true);
        expect(await editor().xml(pagesById.tuitionPage, { version: 0, checkedOut: true })).toContain('$60');
      });

      test('a former version shows what it held', async () => {
        const newest = await editor().get(pagesById.manyVersionsPage);
        const now = await editor().details(pagesById.manyVersionsPage, newest?.version ?? 0);
        const before = await editor().details(pagesById.manyVersionsPage, 1);
        expect(before?.item.version).toBe(1);
        expect(before?.fields).not.toEqual(now?.fields);
      });

      test('history is newest first, with comments and marks', async () => {
        const { items } = await editor().history(pagesById.manyVersionsPage, firstPage);
        expect(items.map(({ version }) => version)).toEqual(items.map((_, index) => items.length - index));
        expect(items[0]?.isCurrent).toBe(true);
        expect(items[0]?.targets.map(({ id }) => id)).toContain(production);
      });

      test('contexts come in the order asked for, unknown ones left out', async () => {
        const contexts = await editor().contexts([pagesById.tuitionPage, 'x999999', pagesById.home]);
        expect(contexts.map(({ id }) => id)).toEqual([pagesById.tuitionPage, pagesById.home]);
        expect(contexts[0]).toMatchObject({ fullAccess: true, editable: false, checkedOut: false, recycled: false });
        expect(await editor().contexts([])).toEqual([]);
        expect((await editor().contexts([pagesById.checkedOutByEditorPage]))[0]?.editable).toBe(true);
        expect((await editor().contexts([pagesById.checkedOutByOtherPage]))[0]?.editable).toBe(false);
        expect((await editor().contexts([pagesById.recycledPage]))[0]?.recycled).toBe(true);
      });

      test('pages are found by their present and former paths; components have none', async () => {
        const path = await editor().pathOf(pagesById.deadlinesPage, production);
        expect(path?.path).toMatch(/deadlines/);
        expect(path?.formerPaths).toContain('/admissions/dates-and-deadlines');
        expect((await editor().findByPath(path?.path ?? '', production))?.pageId).toBe(pagesById.deadlinesPage);
        expect((await editor().findByPath('/admissions/dates-and-deadlines', production))?.pageId).toBe(
          pagesById.deadlinesPage,
        );
        expect(await editor().pathOf(pagesById.alertBanner, production)).toBeUndefined();
      });

      test('what a user may not see is refused', async () => {
        await expect(stage.as('author').pages.get(pagesById.noAccessForAuthorPage)).rejects.toMatchObject({
          code: 'FORBIDDEN',
        });
        expect(await editor().get(pagesById.noAccessForAuthorPage)).toBeDefined();
      });
    });

    describe('writing', () => {
      test('a page is created by a rule, checked out, below its parent', async () => {
        const rules = await stage.as('editor').schemas.creationRules(firstPage);
        const rule = rules.items.find(({ name }) => name === 'Event');
        const parents = await stage.as('editor').schemas.creationRuleParents(rule?.id ?? '', firstPage);
        const parentId = parents.items.find(({ accessible }) => accessible)?.id ?? '';
        const page = await editor().create({
          ruleId: rule?.id ?? '',
          parentId,
          name: 'Spring Concert',
          skipWorkflow: false,
        });
        expect(page).toMatchObject({ name: 'Spring Concert', parentId, checkedOut: true, version: 0 });
        expect(await editor().get(page.id)).toMatchObject({ name: 'Spring Concert' });
        expect((await editor().children(parentId, firstPage)).items.map(({ id }) => id)).toContain(page.id);
      });

      test('a rule refuses other parents', async () => {
        await expect(
          editor().create({ ruleId: 'PageCreationRules/1', parentId: pagesById.home, name: 'X', skipWorkflow: false }),
        ).rejects.toMatchObject({ code: 'BAD_INPUT' });
      });

      test('a check-out, a check-in and a mark are seen by the next read', async () => {
        const id = pagesById.noWorkflowPage;
        const before = await editor().get(id);
        expect((await editor().checkOut(id)).checkedOut).toBe(true);
        expect(await editor().get(id)).toMatchObject({
          checkedOut: true,
          assignedTo: { kind: 'user', name: 'Priya Raman' },
        });
        expect((await editor().checkOut(id)).checkedOut).toBe(true);
        const after = await editor().checkIn(id, {
          recursive: false,
          markTargetIds: [production],
          comment: 'Checked.',
        });
        expect(after).toMatchObject({ checkedOut: false, version: (before?.version ?? 0) + 1 });
        const { items } = await editor().history(id, firstPage);
        expect(items[0]).toMatchObject({ comment: 'Checked.', isCurrent: true });
        expect(items[0]?.targets.map((target) => target.id)).toContain(production);
      });

      test('a check-in of a checked-in item only marks', async () => {
        const id = pagesById.newerVersionMarkedPage;
        const before = await editor().get(id);
        const after = await editor().checkIn(id, {
          recursive: false,
          markTargetIds: ['PublishingTargets/2'],
          comment: '',
        });
        expect(after.version).toBe(before?.version);
        expect(after.markedTargetIds).toContain('PublishingTargets/2');
      });

      test('an empty required field refuses the check-in, and is named', async () => {
        await editor().checkOut(pagesById.emptyRequiredFieldPage);
        const refusal = editor().checkIn(pagesById.emptyRequiredFieldPage, {
          recursive: false,
          markTargetIds: [],
          comment: '',
        });
        await expect(refusal).rejects.toMatchObject({ code: 'REQUIRED_FIELD' });
        // The label stands in the message where the CMS tells it apart, else in its own words.
        await expect(refusal.catch((error: unknown) => JSON.stringify(error))).resolves.toContain('Summary');
        expect((await editor().get(pagesById.emptyRequiredFieldPage))?.checkedOut).toBe(true);
      });

      test('a rename and a move are seen by the next read, with the former path kept', async () => {
        const { id, path, contactPath } = {
          id: pagesById.admissionsContactPage,
          path: (await editor().pathOf(pagesById.admissionsContactPage, production))?.path ?? '',
          contactPath: 'talk-to-us',
        };
        expect((await editor().rename(id, 'Talk to Us')).name).toBe('Talk to Us');
        const renamed = await editor().pathOf(id, production);
        expect(renamed?.path).toContain(contactPath);
        expect(renamed?.formerPaths).toContain(path);
        const [moved] = await editor().move([id], { id: pagesById.aboutContactPage, position: 'after' });
        const parent = await editor().get(pagesById.aboutContactPage);
        expect(moved?.parentId).toBe(parent?.parentId);
        const siblings = (await editor().children(parent?.parentId ?? '', firstPage)).items.map((item) => item.id);
        expect(siblings.indexOf(id)).toBe(siblings.indexOf(pagesById.aboutContactPage) + 1);
      });

      test('a deleted page lies in the recycle folder and can be moved back', async () => {
        const id = pagesById.expiredPage;
        const home = (await editor().get(id))?.parentId ?? '';
        expect(await editor().delete(id)).toBe(true);
        expect((await editor().contexts([id]))[0]?.recycled).toBe(true);
        const bin = await editor().recycleFolder();
        expect((await editor().ancestors(id)).map((item) => item.id)).toContain(bin.id);
        const [restored] = await editor().move([id], { id: home, position: 'child' });
        expect(restored?.parentId).toBe(home);
        expect((await editor().contexts([id]))[0]?.recycled).toBe(false);
      });

      test('a copy is a new page of the caller, alone or with what lies below it', async () => {
        const source = await editor().get(pagesById.admissionsContactPage);
        const [copy] = await editor().copy([pagesById.admissionsContactPage], pagesById.home, {
          withDescendants: false,
        });
        expect(copy).toMatchObject({ name: source?.name, parentId: pagesById.home, version: 0, checkedOut: true });
        expect(copy?.id).not.toBe(source?.id);
        const parentId = source?.parentId ?? '';
        const below = (await editor().descendants(parentId, firstPage)).total;
        const [tree] = await editor().copy([parentId], pagesById.home, { withDescendants: true, locale: 'es-us' });
        expect(tree?.locale).toBe('es-us');
        expect((await editor().descendants(tree?.id ?? '', firstPage)).total).toBe(below);
        await expect(editor().copy([pagesById.home], parentId, { withDescendants: false })).rejects.toMatchObject({
          code: expect.stringMatching(/CONFLICT|BAD_INPUT|CMS_REFUSED|FORBIDDEN/),
        });
      });

      test('pages tell what they refer to', async () => {
        const { state } = stage.sandbox;
        const user = Object.values(state.pages).find((page) =>
          JSON.stringify(page.versions.at(-1)?.elements ?? []).includes(`"${pagesById.sharedContactCard}"`),
        );
        expect(await editor().referencesOf([user?.id ?? ''])).toContain(pagesById.sharedContactCard);
        expect(await editor().referencesOf([])).toEqual([]);
      });

      test('deleting what is not there answers false; renaming it is NOT_FOUND', async () => {
        expect(await editor().delete('x999999')).toBe(false);
        await expect(editor().rename('x999999', 'X')).rejects.toMatchObject({ code: 'NOT_FOUND' });
      });

      test('permissions and locks refuse, each with its own code', async () => {
        const { pages } = stage.as('editor');
        await expect(pages.rename(pagesById.readOnlyForEditorPage, 'X')).rejects.toMatchObject({ code: 'FORBIDDEN' });
        await expect(
          pages.checkIn(pagesById.checkedOutByOtherPage, { recursive: false, markTargetIds: [], comment: '' }),
        ).rejects.toMatchObject({ code: 'LOCKED' });
        await expect(stage.as('viewer').pages.checkOut(pagesById.tuitionPage)).rejects.toMatchObject({
          code: 'FORBIDDEN',
        });
      });

      test('a content freeze refuses writes with its own code, whatever its words, and lets reads through', async () => {
        stage.sandbox.setFreeze({
          startTime: '2020-01-01T00:00:00Z',
          endTime: '2099-01-01T00:00:00Z',
          message: 'Servers move tonight; please come back tomorrow.',
          allowedUserIds: [],
        });
        try {
          await expect(editor().checkOut(pagesById.tuitionPage)).rejects.toMatchObject({ code: 'CONTENT_FREEZE' });
          expect(await editor().get(pagesById.tuitionPage)).toBeDefined();
        } finally {
          stage.sandbox.setFreeze(null);
        }
      });
    });
  });
}
