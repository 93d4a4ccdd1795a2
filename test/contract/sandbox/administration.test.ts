import { describe, expect, it } from 'vitest';
import { requestToken, signIn } from './support/api-client.ts';
import { ownSandbox } from './support/sandboxes.ts';

const argumentException = { ExceptionType: 'System.ArgumentException' };
const invalidOperation = { ExceptionType: 'System.InvalidOperationException' };

describe('administration of workflows (domain §5)', () => {
  type Definition = { Id: string; Name: string; Transitions: Record<string, unknown>[] };
  const detailOf = (definitionId: string) => ['/workflows/definition-detail', { definitionId }] as const;

  it('reads back what was saved, and items then move by it', async () => {
    const sandbox = await ownSandbox();
    const admin = await signIn(sandbox, 'admin');
    const definition = await admin.get<Definition>(...detailOf('WorkflowDefinitions/33'));
    const [first, ...others] = definition.Transitions;
    const changed = { ...definition, Name: 'Renamed', Transitions: [{ ...first, Name: 'Begin' }, ...others] };
    const saved = await admin.send<Definition>('PUT', '/workflows/definition', changed);
    expect(saved).toMatchObject({ Id: definition.Id, Name: 'Renamed', LastModifiedUser: 'mokafor' });
    expect(saved.Transitions).toEqual(changed.Transitions);
    expect(await admin.get(...detailOf('WorkflowDefinitions/33'))).toEqual(saved);
  });

  it('makes a definition with transitions between known states and refuses the rest', async () => {
    const admin = await signIn(await ownSandbox(), 'admin');
    const save = (body: object) => admin.call('PUT', '/workflows/definition', { body });
    const start = {
      Name: 'Start',
      IsInitial: true,
      NextState: 'WorkStates/1',
      NextGroupId: 'UserGroups/2',
      Actions: [],
    };
    const publish = {
      Name: 'Publish',
      CurrentState: 'WorkStates/1',
      NextState: 'WorkStates/4',
      Actions: [{ Description: 'Send', ActionTypeId: 4, Attributes: { PublishingTarget: 'PublishingTargets/1' } }],
    };
    const created = (await save({ Name: 'Short', Transitions: [start, publish] })).json as Definition;
    expect(created.Transitions).toMatchObject([
      { CurrentState: null, IsInitial: true, NextGroupName: 'Editors' },
      {
        CurrentState: 'WorkStates/1',
        Actions: [{ ActionTypeId: 4, Attributes: { PublishingTarget: 'PublishingTargets/1' } }],
      },
    ]);
    for (const wrong of [
      { Id: 'WorkflowDefinitions/99', Name: 'X' },
      { Name: '' },
      { Name: 'X', Transitions: [{ ...start, NextState: 'WorkStates/99' }] },
      { Name: 'X', Transitions: [{ ...start, NextGroupId: 'UserGroups/99' }] },
      { Name: 'X', Transitions: [{ ...publish, Actions: [{ ActionTypeId: 44 }] }] },
    ]) {
      expect([wrong, (await save(wrong)).json]).toMatchObject([wrong, argumentException]);
    }
    expect((await save({ Name: 'X', Transitions: [start, start] })).json).toMatchObject(invalidOperation);
  });

  it('deletes definitions and states only when nothing uses them', async () => {
    const admin = await signIn(await ownSandbox(), 'admin');
    const template = await admin.send<{ Definition: Definition; WorkflowStates: { Id: string }[] }>(
      'POST',
      '/workflows/prepare-template',
      { Name: 'Template', NewDescription: 'Empty', WorkflowStateNames: ['Draft', 'Legal check'] },
    );
    const [draft, legal] = template.WorkflowStates;
    expect(draft).toMatchObject({ Id: 'WorkStates/1' });
    const dropDefinition = (definitionId: string) =>
      admin.send('DELETE', '/workflows/definition', undefined, { definitionId });
    expect(await dropDefinition('WorkflowDefinitions/33')).toMatchObject({ Error: expect.stringContaining('in use') });
    expect(await dropDefinition(template.Definition.Id)).toEqual({ Id: template.Definition.Id, Error: null });
    expect(await dropDefinition(template.Definition.Id)).toMatchObject({
      Error: expect.stringContaining('no workflow'),
    });
    expect(await admin.send('DELETE', '/workflows/workstate', ['WorkStates/1', legal?.Id])).toEqual([
      { Id: 'WorkStates/1', Error: expect.stringContaining('in use') },
      { Id: legal?.Id, Error: null },
    ]);
  });

  it('creates states by PUT, saves them by POST, and keeps names apart', async () => {
    const admin = await signIn(await ownSandbox(), 'admin');
    const created = await admin.send<{ Id: string }>('PUT', '/workflows/workstate', { Name: 'Legal', Active: true });
    const save = (body: object) => admin.call('POST', '/workflows/workstate', { body });
    expect((await save({ ...created, Name: 'Legal check' })).json).toMatchObject({
      Id: created.Id,
      Name: 'Legal check',
    });
    expect((await save({ ...created, Name: 'Draft' })).json).toMatchObject(invalidOperation);
    expect((await save({ Id: 'WorkStates/99', Name: 'X' })).json).toMatchObject(argumentException);
    expect((await admin.call('PUT', '/workflows/workstate', { body: { Name: 'draft' } })).json).toMatchObject(
      invalidOperation,
    );
  });
});

describe('administration of publishing (domain §6)', () => {
  it('makes and changes a target, which then has a live view', async () => {
    const sandbox = await ownSandbox();
    const admin = await signIn(sandbox, 'admin');
    const created = await admin.send<{ Id: string; BaseUrl: string }>('POST', '/publishing/target', {
      Name: 'Preview',
      RootPageId: 'x1',
      UrlSeparator: '_',
      ForceLowerCaseUrl: true,
    });
    expect(created).toMatchObject({
      RootPageName: 'Home',
      UrlSeparator: '_',
      ForceLowerCaseUrl: true,
      MarkedPageCount: 0,
    });
    expect((await fetch(created.BaseUrl)).status).toBe(404);
    sandbox.publish({ targetId: created.Id });
    const save = (body: object) => admin.call('PUT', '/publishing/target', { body });
    expect((await save({ ...created, Name: 'Preview 2' })).json).toMatchObject({ Id: created.Id, Name: 'Preview 2' });
    expect((await save({ ...created, Name: 'Staging' })).json).toMatchObject(invalidOperation);
    expect((await save({ ...created, RootPageId: 'x99999' })).json).toMatchObject(argumentException);
    expect((await save({ ...created, Id: 'PublishingTargets/99' })).json).toMatchObject(argumentException);
    const read = await admin.get('/publishing/target', { publishingTargetId: created.Id });
    expect(read).toMatchObject({ Name: 'Preview 2', BaseUrl: created.BaseUrl });
  });

  it('says who may publish to a target, and holds them to it', async () => {
    const sandbox = await ownSandbox();
    const admin = await signIn(sandbox, 'admin');
    const setGroups = (body: string[]) =>
      admin.call('POST', '/publishing/target/groups', { query: { publishingTargetId: 'PublishingTargets/1' }, body });
    expect((await setGroups(['UserGroups/3'])).json).toMatchObject([{ Name: 'Publishers' }]);
    expect(sandbox.state.publishingTargets[0]?.groupIds).toEqual(['UserGroups/3']);
    expect((await setGroups(['UserGroups/99'])).json).toMatchObject(argumentException);
  });

  it('keeps what is done to content after a publish', async () => {
    const admin = await signIn(await ownSandbox(), 'admin');
    const path = '/publishing/content-processors';
    const save = (publishingTargetId: string) =>
      admin.call('POST', path, {
        query: { publishingTargetId },
        body: [{ Name: 'Minify', ContentProcessorType: 'Plugin' }],
      });
    expect((await save('PublishingTargets/2')).json).toMatchObject([{ Id: expect.any(String), Name: 'Minify' }]);
    expect(await admin.get(path, { pubTargetId: 'PublishingTargets/2' })).toMatchObject({
      Processors: [{ Name: 'Minify' }],
    });
    expect(await admin.get(path, { pubTargetId: 'PublishingTargets/1' })).toMatchObject({ Processors: [] });
    expect((await save('PublishingTargets/99')).json).toMatchObject(argumentException);
  });
});

describe('localization (domain §12)', () => {
  it('counts what the lists show', async () => {
    const api = await signIn(await ownSandbox());
    type Row = { Id: string; IsTranslated: boolean; IsIncomplete: boolean; IsOutDated: boolean };
    const stats = await api.get<Record<string, { Done: number; All: number }>>('/L10N/stats');
    for (const [kind, path] of [
      ['PageSchemas', 'page-schemas'],
      ['ComponentSchemas', 'component-schemas'],
      ['PCRs', 'pcrs'],
      ['WorkflowDefinitions', 'workflow-definitions'],
      ['WorkflowStates', 'workstates'],
    ] as const) {
      const { Results, TotalResults } = await api.get<{ Results: Row[]; TotalResults: number }>(`/L10N/${path}`);
      const done = Results.filter((row) => row.IsTranslated && !row.IsIncomplete && !row.IsOutDated);
      expect([kind, stats[kind]]).toMatchObject([kind, { Done: done.length, All: TotalResults }]);
    }
    expect(await api.get('/L10N/page-schemas', { PageSize: 2 })).toMatchObject({ PageSize: 2, Results: [{}, {}] });
    expect(await api.get('/L10N/asset-schemas')).toMatchObject({ Results: expect.any(Array) });
  });

  it('adds locales to the built-in ones and takes away those without content', async () => {
    const sandbox = await ownSandbox();
    const admin = await signIn(sandbox, 'admin');
    const add = (locale: string, baseLocale: string) =>
      admin.call('PUT', '/settings/custom-locale', { query: { locale, baseLocale, englishName: 'Cornish' } });
    const remove = (locale: string) => admin.call('DELETE', '/settings/custom-locale', { query: { locale } });
    expect((await add('kw-gb', 'en-gb')).json).toEqual({
      Locale: 'kw-gb',
      Name: 'Cornish',
      EnglishName: 'Cornish',
      BaseLocale: 'en-gb',
    });
    expect((await add('kw-gb', 'en-gb')).json).toMatchObject(invalidOperation);
    expect((await add('kw-us', 'xx-xx')).json).toMatchObject(argumentException);
    const flag = await admin.call('GET', '/configuration/flag', { query: { locale: 'kw-gb' } });
    expect([flag.status, flag.headers['content-type']]).toEqual([200, 'image/png']);
    expect((await remove('es-us')).json).toMatchObject(invalidOperation);
    expect((await remove('kw-gb')).json).toBe(true);
    expect((await remove('kw-gb')).json).toBe(false);
    expect((await admin.call('GET', '/configuration/flag', { query: { locale: 'kw-gb' } })).json).toMatchObject(
      argumentException,
    );
  });

  it('links a copy in another locale with its master', async () => {
    const sandbox = await ownSandbox();
    const api = await signIn(sandbox, 'publisher');
    const source = sandbox.state.rootPageId;
    const [page] = Object.values(sandbox.state.pages).filter(
      ({ parentId, isComponent }) => parentId === source && !isComponent,
    );
    if (!page) throw new Error('The home page has no children.');
    const query = {
      isSmartCopy: false,
      singlePageCopy: true,
      tgtId: source,
      position: 'IGX_MAKE_CHILD',
      targetLocale: 'fr-ca',
    };
    const [copy] = await api.send<{ Id: string }[]>('POST', '/pages/copy', [page.id], query);
    const lingual = { Master: { Id: page.id, Locale: 'en-us' }, Clones: [{ Id: copy?.Id, Locale: 'fr-ca' }] };
    expect(await api.get('/pages/page', { id: copy?.Id ?? '' })).toMatchObject({
      Locale: 'fr-ca',
      LingualMaps: lingual,
    });
    expect(await api.get('/pages/page', { id: page.id })).toMatchObject({ LingualMaps: lingual });
  });
});

describe('security of categories (domain §8)', () => {
  it('is the category’s own, or inherited', async () => {
    const sandbox = await ownSandbox();
    const admin = await signIn(sandbox, 'admin');
    const [category] = sandbox.state.categories;
    const id = category?.id ?? '';
    const read = () => admin.get('/taxonomy/category/security', { id });
    expect(await read()).toMatchObject({ Id: id, SecurityInherited: true, SecurityPermissions: [] });
    const permission = { GroupId: 'UserGroups/2', PermissionLevel: 'READ_ONLY' };
    const save = (body: object) => admin.call('PUT', '/taxonomy/category/security', { body: { Id: id, ...body } });
    await save({ SecurityPermissions: [permission] });
    expect(await read()).toMatchObject({
      SecurityInherited: false,
      SecurityPermissions: [{ ...permission, GroupName: 'Editors' }],
    });
    expect((await save({ SecurityPermissions: [{ ...permission, GroupId: 'UserGroups/99' }] })).json).toMatchObject(
      argumentException,
    );
    await save({ SecurityInherited: true, SecurityPermissions: [permission] });
    expect(await read()).toMatchObject({ SecurityInherited: true, SecurityPermissions: [] });
    expect(await admin.get('/taxonomy/category/security', { id: 'CategoryNodes/9999' })).toBeNull();
  });
});

describe('accounts and entities (domain §11, §16)', () => {
  it('gives a user a new password, which signs in where the old one does not', async () => {
    const sandbox = await ownSandbox();
    const admin = await signIn(sandbox, 'admin');
    type Reset = { UserName: string; ResetSuccessful: boolean; Newpassword: string | null };
    const [done, unknown] = await admin.send<Reset[]>('POST', '/accounts/users/reset-passwords', [
      'User/praman',
      'nobody',
    ]);
    expect(done).toMatchObject({ UserName: 'praman', ResetSuccessful: true, Newpassword: expect.any(String) });
    expect(unknown).toMatchObject({ UserName: 'nobody', ResetSuccessful: false, Newpassword: null });
    const signInWith = async (password: string) =>
      (await requestToken(sandbox, { grant_type: 'password', username: 'praman', password })).status;
    expect([await signInWith('sandbox-editor-pass'), await signInWith(done?.Newpassword ?? '')]).toEqual([400, 200]);
    expect(JSON.stringify(sandbox.calls.list())).not.toContain(done?.Newpassword);
    expect(await admin.get('/accounts/security-groups', { pageSize: 1 })).toMatchObject({
      Results: [{ Name: 'Administrators' }],
    });
  });

  it('hides an archived schema from the lists, and shows it again', async () => {
    const admin = await signIn(await ownSandbox(), 'admin');
    const listed = async () => {
      const { Results } = await admin.get<{ Results: { Id: string }[] }>('/schemas/schemas');
      return Results.some(({ Id }) => Id === 'schemas/5');
    };
    const turn = (to: string) => admin.send('PATCH', `/documents/${to}`, undefined, { entityId: 'schemas/5' });
    expect(await turn('archive')).toMatchObject({ Id: 'schemas/5', EntityType: 'Schema', Archived: true });
    expect(await listed()).toBe(false);
    expect(await admin.get('/documents', { id: 'schemas/5' })).toMatchObject({ Archived: true });
    expect(await turn('unarchive')).toMatchObject({ Archived: false });
    expect(await listed()).toBe(true);
    expect(await admin.get('/documents', { id: 'nothing/1' })).toBeNull();
  });

  it('lets nobody but an administrator archive configuration', async () => {
    const editor = await signIn(await ownSandbox());
    const answer = await editor.call('PATCH', '/documents/archive', { query: { entityId: 'schemas/5' } });
    expect(answer.json).toMatchObject({ ExceptionType: 'System.Security.SecurityException' });
  });
});
