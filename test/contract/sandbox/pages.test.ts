import { describe, expect, it } from 'vitest';
import { seedIds } from '../../../sandbox/seed/seed-ids.ts';
import { sandboxLandmarks } from '../../../sandbox/seed.ts';
import { signIn } from './support/api-client.ts';
import { ownSandbox } from './support/sandboxes.ts';

const { production, staging } = seedIds.targets;
type Page = { Id: string; Name: string; Version: number; CheckedOut: boolean; AssignedUserId: string | null };
type Version = { Version: number; CurrentVersion: boolean; CheckoutVersion: boolean; Comments: string | null };
type List<T> = { Results: T[]; TotalResults: number };
type Context = {
  Id: string;
  IsEditable: boolean;
  AllowedTransitions: { Id: string; Name: string; IsDefault: boolean }[];
};

describe('check-out and check-in (domain §4)', () => {
  it('make a new version, and leave other targets on the version they have', async () => {
    const sandbox = await ownSandbox();
    const api = await signIn(sandbox);
    const id = sandboxLandmarks.noWorkflowPage;
    const before = await api.get<Page>('/pages/page', { id });
    const out = await api.send<Page>('POST', '/pages/checkout', { Id: id, Recursive: false });
    expect(out).toMatchObject({ CheckedOut: true, AssignedUserId: seedIds.users.editor, Version: before.Version });
    const [editable] = await api.send<Context[]>('POST', '/pages/page/context', [id]);
    expect(editable).toMatchObject({ Id: id, IsEditable: true });
    const stagedBefore = sandbox.state.pages[id]?.marks[staging];
    const into = await api.send<Page>('POST', '/pages/checkin', {
      Id: id,
      Recursive: false,
      PublishingTargetIds: [production],
      Comment: 'Spring numbers',
    });
    expect(into).toMatchObject({ CheckedOut: false, AssignedUserId: null, Version: before.Version + 1 });
    expect(sandbox.state.pages[id]?.marks[production]).toEqual({ version: before.Version + 1 });
    expect(sandbox.state.pages[id]?.marks[staging]).toEqual(stagedBefore);
    const history = await api.get<List<Version>>('/pages/history', { Id: id });
    expect(history.Results[0]).toMatchObject({
      Version: before.Version + 1,
      CurrentVersion: true,
      Comments: 'Spring numbers',
      PubTargets: { Targets: expect.arrayContaining([{ Id: production, Name: 'Production' }]) },
    });
  });

  it('marks a checked-in page without making a version', async () => {
    const sandbox = await ownSandbox();
    const api = await signIn(sandbox);
    const id = sandboxLandmarks.neverPublishedPage;
    const before = await api.get<Page & { MarkedTargetIds: string[] }>('/pages/page', { id });
    expect(before.MarkedTargetIds).toEqual([]);
    const after = await api.send('POST', '/pages/checkin', { Id: id, PublishingTargetIds: [production] });
    expect(after).toMatchObject({ Version: before.Version, MarkedTargetIds: [production] });
  });

  it('changes nothing for a page that is checked out to somebody else', async () => {
    const api = await signIn(await ownSandbox());
    const id = sandboxLandmarks.checkedOutByOtherPage;
    const out = await api.send<Page>('POST', '/pages/checkout', { Id: id });
    expect(out).toMatchObject({ CheckedOut: true, AssignedUserId: seedIds.users.publisher });
    const [context] = await api.send<Context[]>('POST', '/pages/page/context', [id]);
    expect(context?.IsEditable).toBe(false);
    const refused = await api.call('POST', '/pages/checkin', { body: { Id: id } });
    expect(refused.json).toMatchObject({ ExceptionType: 'System.Security.SecurityException' });
  });

  it('shows the working copy to its holder and the checked-in version to others', async () => {
    const sandbox = await ownSandbox();
    const id = sandboxLandmarks.checkedOutByEditorPage;
    const bodyFor = async (role: 'editor' | 'author') => {
      const details = await (await signIn(sandbox, role)).get<{ Elements: { Name: string; Value: string }[] }>(
        '/pages/page/details',
        { id },
      );
      return details.Elements.find(({ Name }) => Name === 'Body')?.Value;
    };
    expect(await bodyFor('editor')).toContain('Posters are ready within two working days.');
    expect(await bodyFor('author')).not.toContain('Posters are ready within two working days.');
  });

  it('refuses a check-in with an empty required field, by its label', async () => {
    const sandbox = await ownSandbox();
    const api = await signIn(sandbox);
    const id = sandboxLandmarks.emptyRequiredFieldPage;
    await api.send('POST', '/pages/checkout', { Id: id });
    const refused = await api.call('POST', '/pages/checkin', { body: { Id: id } });
    expect(refused.status).toBe(500);
    expect(refused.json).toMatchObject({
      ExceptionType: expect.stringContaining('ContentFieldFieldValidationException'),
      PageID: id,
      FieldName: 'Summary',
      FieldLabel: 'Summary',
      Message: expect.stringContaining('Summary'),
    });
    expect(sandbox.state.pages[id]?.checkedOut).not.toBeNull();
  });

  it('demands a comment where the site does', async () => {
    const api = await signIn(await ownSandbox({ knobs: { requireCheckinComments: true } }));
    const id = sandboxLandmarks.noWorkflowPage;
    await api.send('POST', '/pages/checkout', { Id: id });
    expect((await api.call('POST', '/pages/checkin', { body: { Id: id } })).json).toMatchObject({
      ExceptionType: 'System.InvalidOperationException',
    });
    expect(await api.send('POST', '/pages/checkin', { Id: id, Comment: 'Done' })).toMatchObject({ CheckedOut: false });
  });

  it('is all or nothing when it is recursive', async () => {
    const sandbox = await ownSandbox();
    const api = await signIn(sandbox, 'admin');
    const parent = sandbox.state.pages[sandboxLandmarks.emptyRequiredFieldPage]?.parentId ?? '';
    await api.send('POST', '/pages/checkout', { Id: parent, Recursive: true });
    const versions = sandbox.state.pages[parent]?.versions.length;
    expect((await api.call('POST', '/pages/checkin', { body: { Id: parent, Recursive: true } })).status).toBe(500);
    expect(sandbox.state.pages[parent]?.versions).toHaveLength(versions ?? -1);
  });
});

describe('permissions', () => {
  it('refuse writing without full access, and reading without any', async () => {
    const sandbox = await ownSandbox();
    const editor = await signIn(sandbox, 'editor');
    const readOnly = sandboxLandmarks.readOnlyForEditorPage;
    expect(await editor.get('/pages/page', { id: readOnly })).toMatchObject({ SecurityLevel: 'READ_ONLY' });
    expect((await editor.call('POST', '/pages/checkout', { body: { Id: readOnly } })).json).toMatchObject({
      ExceptionType: 'System.Security.SecurityException',
    });
    const author = await signIn(sandbox, 'author');
    const hidden = sandboxLandmarks.noAccessForAuthorPage;
    expect((await author.call('GET', '/pages/page', { query: { id: hidden } })).status).toBe(500);
    const listed = await author.get<List<Page>>('/pages', { startIndex: 0, pageSize: 500 });
    expect(listed.Results.map(({ Id }) => Id)).not.toContain(hidden);
  });

  it('refuse an author to mark and a viewer to check out', async () => {
    const sandbox = await ownSandbox();
    const mark = await (await signIn(sandbox, 'author')).call('POST', '/pages/checkin', {
      body: { Id: sandboxLandmarks.neverPublishedPage, PublishingTargetIds: [production] },
    });
    expect(mark.json).toMatchObject({ ExceptionType: 'System.Security.SecurityException' });
    const viewer = await signIn(sandbox, 'viewer');
    expect((await viewer.call('POST', '/pages/checkout', { body: { Id: sandboxLandmarks.tuitionPage } })).status).toBe(
      500,
    );
  });
});

describe('creating a page from a rule (domain §2)', () => {
  const newsRule = 'PageCreationRules/1';

  it('makes a checked-out page with the rule’s workflow', async () => {
    const sandbox = await ownSandbox();
    const api = await signIn(sandbox);
    const page = await api.send<Page & { ParentId: string }>('POST', '/pages/page/pcr', {
      PCRId: newsRule,
      Name: 'Robot Day',
      ParentPageId: '',
      SkipWorkflow: false,
      AssignToUserId: '',
    });
    expect(page).toMatchObject({ Name: 'Robot Day', CheckedOut: true, Version: 0, MarkedTargetIds: [] });
    const rule = sandbox.state.pageCreationRules.find(({ id }) => id === newsRule);
    expect(page.ParentId).toBe(rule?.parents[0]?.pageId);
    expect(await api.get('/workflows/by-content', { contentId: page.Id })).toMatchObject({ StateName: 'Draft' });
    const skipped = await api.send<Page>('POST', '/pages/page/pcr', { PCRId: newsRule, Name: 'B', SkipWorkflow: true });
    expect(await api.get('/workflows/by-content', { contentId: skipped.Id })).toBeNull();
  });

  it('refuses a foreign parent, a rule not granted, a forbidden name, and an unknown rule', async () => {
    const sandbox = await ownSandbox();
    const api = await signIn(sandbox);
    const create = async (body: object) => (await api.call('POST', '/pages/page/pcr', { body })).json;
    expect(await create({ PCRId: newsRule, Name: 'A', ParentPageId: sandboxLandmarks.tuitionPage })).toMatchObject({
      ExceptionType: 'System.ArgumentException',
      ParamName: 'ParentPageId',
    });
    const forAdmins = sandbox.state.pageCreationRules.find(({ userIds }) => userIds.includes(seedIds.users.admin));
    expect(await create({ PCRId: forAdmins?.id, Name: 'A' })).toMatchObject({
      ExceptionType: 'System.InvalidOperationException',
    });
    expect(await create({ PCRId: newsRule, Name: 'What?' })).toMatchObject({
      ExceptionType: 'System.ArgumentException',
    });
    expect(await create({ PCRId: 'PageCreationRules/999', Name: 'A' })).toMatchObject({ ParamName: 'PCRId' });
    const viewer = await signIn(sandbox, 'viewer');
    expect((await viewer.call('POST', '/pages/page/pcr', { body: { PCRId: newsRule, Name: 'A' } })).json).toMatchObject(
      {
        ExceptionType: 'System.Security.SecurityException',
      },
    );
  });

  it('refuses a draft schema and a rule without a usable parent', async () => {
    const sandbox = await ownSandbox();
    const admin = await signIn(sandbox, 'admin');
    const draft = sandbox.state.schemas.find((schema) => schema.draft);
    const rule = await admin.send<{ Id: string }>('POST', '/pcr', {
      SchemaId: draft?.id,
      Name: 'Jobs',
      ParentInfo: [{ PageId: 'x1', ParentOnly: true }],
    });
    const create = async (PCRId: string) =>
      (await admin.call('POST', '/pages/page/pcr', { body: { PCRId, Name: 'A' } })).json;
    expect(await create(rule.Id)).toMatchObject({ Message: expect.stringContaining('draft') });
    const homeless = await admin.send<{ Id: string }>('POST', '/pcr', { SchemaId: 'schemas/3', Name: 'Nowhere' });
    expect(await create(homeless.Id)).toMatchObject({ Message: expect.stringContaining('no parent') });
  });
});

describe('the tree (domain §1)', () => {
  it('keeps the old address of a renamed page', async () => {
    const api = await signIn(await ownSandbox());
    const id = sandboxLandmarks.deadlinesPage;
    const map = () => api.get<{ Path: string; HistoricalPaths: object[] }>('/preview/page-map', { pageId: id });
    const before = await map();
    expect(before.Path).toBe('admissions/deadlines');
    await api.send('POST', '/pages/rename', { Id: id, Name: 'Key Dates' });
    const after = await map();
    expect(after.Path).toBe('admissions/key-dates');
    expect(after.HistoricalPaths).toContainEqual({ Type: 'Renamed', Path: 'admissions/deadlines', Canonical: false });
    const byOldPath = await api.get('/preview/page-map-by-path', { path: '/Admissions/Deadlines/' });
    expect(byOldPath).toMatchObject({ ContentId: id });
  });

  it('moves before, after and below, and not into itself', async () => {
    const api = await signIn(await ownSandbox());
    const children = async (id: string) =>
      (await api.get<List<Page>>('/pages/page/children', { id, startIndex: 0, pageSize: 100 })).Results.map(
        ({ Id }) => Id,
      );
    const { tuitionPage, deadlinesPage } = sandboxLandmarks;
    const parent = await api.get<Page>('/pages/page/parent', { id: tuitionPage });
    const move = (id: string, tgtId: string, position: string) =>
      api.call('PATCH', '/pages/move', { query: { tgtId, position }, body: [id] });
    await move(deadlinesPage, tuitionPage, 'IGX_INSERT_BEFORE');
    let order = await children(parent.Id);
    expect(order.indexOf(deadlinesPage)).toBe(order.indexOf(tuitionPage) - 1);
    await move(deadlinesPage, tuitionPage, '2');
    order = await children(parent.Id);
    expect(order.indexOf(deadlinesPage)).toBe(order.indexOf(tuitionPage) + 1);
    await move(deadlinesPage, tuitionPage, 'IGX_MAKE_CHILD');
    expect(await children(tuitionPage)).toContain(deadlinesPage);
    expect((await move(tuitionPage, deadlinesPage, 'IGX_MAKE_CHILD')).json).toMatchObject({
      ExceptionType: 'System.InvalidOperationException',
    });
    expect((await move(tuitionPage, 'x1', 'sideways')).status).toBe(400);
  });

  it('copies into new, checked-out, unmarked pages', async () => {
    const api = await signIn(await ownSandbox());
    const id = sandboxLandmarks.tuitionPage;
    const query = { isSmartCopy: false, tgtId: 'x1', position: 'IGX_MAKE_CHILD', targetLocale: '' };
    const [copy] = await api.send<(Page & { ChildrenCount: number })[]>('POST', '/pages/copy', [id], {
      ...query,
      singlePageCopy: false,
    });
    expect(copy).toMatchObject({ CheckedOut: true, Version: 0, MarkedTargetIds: [], ParentId: 'x1' });
    expect(copy?.Id).not.toBe(id);
    expect(copy?.ChildrenCount).toBeGreaterThan(0);
    const [single] = await api.send<{ ChildrenCount: number }[]>('POST', '/pages/copy', [id], {
      ...query,
      singlePageCopy: true,
    });
    expect(single?.ChildrenCount).toBe(0);
  });

  it('links a copy into another locale to its master', async () => {
    const api = await signIn(await ownSandbox());
    const [copy] = await api.send<object[]>('POST', '/pages/copy', [sandboxLandmarks.tuitionPage], {
      isSmartCopy: false,
      singlePageCopy: true,
      tgtId: 'x1',
      position: 'IGX_MAKE_CHILD',
      targetLocale: 'fr-fr',
    });
    expect(copy).toMatchObject({
      Locale: 'fr-fr',
      LingualMaps: { Master: { Id: sandboxLandmarks.tuitionPage }, Clones: [{ Locale: 'fr-fr' }] },
    });
  });

  it('recycles first and purges at the second delete', async () => {
    const sandbox = await ownSandbox();
    const api = await signIn(sandbox);
    const id = sandboxLandmarks.deadlinesPage;
    expect(await api.send('DELETE', '/pages/page', undefined, { id })).toBe(true);
    expect(await api.get('/pages/page', { id })).toMatchObject({
      ParentId: sandboxLandmarks.recycleFolder,
      MarkedTargetIds: [],
    });
    expect(await api.get('/workflows/by-content', { contentId: id })).toBeNull();
    const [context] = await api.send<object[]>('POST', '/pages/page/context', [id]);
    expect(context).toMatchObject({ Recycled: true, CanMarkForPublish: false });
    expect(await api.send('DELETE', '/pages/page', undefined, { id })).toBe(true);
    expect(await api.get('/pages/page', { id })).toBeNull();
    expect((await api.call('DELETE', '/pages/page', { query: { id: 'x1' } })).status).toBe(500);
  });

  it('draws a cheap tree to a depth', async () => {
    const api = await signIn(await ownSandbox());
    const one = await api.get<{ Id: string; ParentId: string }[]>('/preview/page-descendants', { id: 'x1', depth: 1 });
    expect(one.every(({ ParentId }) => ParentId === 'x1')).toBe(true);
    const some = await api.get<object[]>('/preview/page-descendants', { id: 'x1', depth: 0, maxCount: 7 });
    expect(some).toHaveLength(7);
  });
});

describe('reading content (domain §3)', () => {
  it('gives the fields of any version', async () => {
    const api = await signIn(await ownSandbox());
    type Details = { Version: number; Elements: { Name: string; Label: string; Value: string; Type: string }[] };
    const id = sandboxLandmarks.tuitionPage;
    const bodyOf = async (version: number) => {
      const details = await api.get<Details>('/pages/page/details', { id, version });
      return details.Elements.find(({ Name }) => Name === 'Body');
    };
    expect((await bodyOf(0))?.Value).toContain('The application fee for 2025 is $60.');
    expect((await bodyOf(1))?.Value).toContain('The application fee for 2024 is $55.');
    expect((await bodyOf(0))?.Type).toBe('IGX_ELEMENT_CDATA');
    expect(await api.get('/pages/page/details', { id, version: 77 })).toBeNull();
  });

  it('gives the XML of a page', async () => {
    const api = await signIn(await ownSandbox());
    const xml = await api.get<{ Content: string }>('/preview/page-xml', { pageId: sandboxLandmarks.tuitionPage });
    expect(xml).toMatchObject({ PageId: sandboxLandmarks.tuitionPage, CheckedOut: false });
    expect(xml.Content).toMatch(/^<SectionLanding ID="x\d+" Name="Tuition"/);
    expect(xml.Content).toMatch(
      /<Body type="xhtml" UID="[^"]+" label="[^"]+" readonly="false" hidden="false" required="(true|false)"><!\[CDATA\[<p>/,
    );
    expect(xml.Content).toMatch(/<xPower Type="Component" Name="Contact" Component="x\d+"/);
    expect(xml.Content).toContain('<IGX_Presentations />');
  });
});
