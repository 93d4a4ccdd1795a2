import { describe, expect, it } from 'vitest';
import { type ApiClient, formOptions, requestToken, signIn } from './support/api-client.ts';
import { ownSandbox } from './support/sandboxes.ts';

const argumentException = { ExceptionType: 'System.ArgumentException' };
const invalidOperation = { ExceptionType: 'System.InvalidOperationException' };
const pubTgtId = 'PublishingTargets/1';

async function uploadFile(api: ApiClient, path: string, name: string, content: string) {
  const form = new FormData();
  form.set('upload', new File([content], name));
  return api.call('POST', path, await formOptions(form));
}

describe('configuration of InSite search (domain §9)', () => {
  it.each([
    ['/insite-search/indexing-schemas', {}, { Id: 'schemas/5', FriendlyName: 'News Article', Indexed: false }],
    ['/insite-search/boost-schemas', {}, { Id: 'schemas/5', Boost: 3 }],
    ['/insite-search/indexing-fields', { schemaId: 'schemas/5' }, { FieldName: 'Headline', Indexed: false }],
    ['/insite-search/boost-fields', { schemaId: 'schemas/5' }, { FieldName: 'Headline', Boost: 2 }],
  ] as const)(
    '%s keeps what was changed per target, and refuses rows that do not exist',
    async (path, more, change) => {
      const admin = await signIn(await ownSandbox(), 'admin');
      const key = 'Id' in change ? 'Id' : 'FieldName';
      type Row = Record<string, unknown>;
      const read = (target: string) => admin.get<Row[]>(path, { pubTgtId: target, ...more });
      const before = await read(pubTgtId);
      const known = before.find((row) => row[key] === (change as Row)[key]) ?? {};
      const save = (body: object[]) => admin.call('POST', path, { query: { pubTgtId, ...more }, body });
      expect((await save([{ ...known, ...change }])).json).toBe(true);
      const after = await read(pubTgtId);
      expect(after).toHaveLength(before.length);
      expect(after.find((row) => row[key] === (change as Row)[key])).toMatchObject(change);
      expect(await read('PublishingTargets/2')).toEqual(before);
      expect((await save([{ ...known, [key]: 'nothing' }])).json).toMatchObject(argumentException);
      expect(
        (await admin.call('GET', path, { query: { pubTgtId: 'PublishingTargets/99', ...more } })).json,
      ).toMatchObject(argumentException);
      await admin.send('POST', '/insite-search/apply-to-target', ['PublishingTargets/2'], { curPubTgtId: pubTgtId });
      expect(await read('PublishingTargets/2')).toEqual(after);
    },
  );

  it.each([
    ['/insite-search/sitewide-indexing-fields', '/insite-search/site-wide-indexing-fields'],
    ['/insite-search/sitewide-boost-fields', '/insite-search/site-wide-boost-fields'],
  ])('%s is saved at %s', async (readPath, savePath) => {
    const admin = await signIn(await ownSandbox(), 'admin');
    const [first] = await admin.get<{ FieldName: string; Boost: number }[]>(readPath, { pubTgtId });
    await admin.send('POST', savePath, [{ ...first, Boost: 5 }], { pubTgtId });
    expect((await admin.get<object[]>(readPath, { pubTgtId }))[0]).toEqual({ ...first, Boost: 5 });
  });

  it('keeps key matches, synonyms and settings, also from a file', async () => {
    const admin = await signIn(await ownSandbox(), 'admin');
    const match = { Key: 'apply', KeyMatchType: 1, Url: '/apply', Title: 'Apply', Abstract: null };
    await admin.send('POST', '/insite-search/keymatches', [match]);
    expect(await admin.get('/insite-search/keymatches')).toEqual([match]);
    const csv = await uploadFile(
      admin,
      '/insite-search/import-csv',
      'matches.csv',
      'map,0,/map,Campus map,Where we are\n',
    );
    expect([csv.headers['content-type'], csv.text]).toEqual([
      'text/csv; charset=utf-8',
      'map,0,/map,Campus map,Where we are\r\n',
    ]);
    expect(await admin.get('/insite-search/keymatches')).toMatchObject([{ Key: 'map', Title: 'Campus map' }]);
    await uploadFile(admin, '/insite-search/import-synonyms', 'synonyms.csv', 'fees,OneWay,tuition,costs\n');
    expect(await admin.get('/insite-search/synonyms')).toEqual([
      { LeadWord: 'fees', Words: ['tuition', 'costs'], Type: 'OneWay' },
    ]);
    expect((await admin.call('POST', '/insite-search/import-csv', { body: {} })).status).toBe(415);
    const settings = [{ Name: 'Fuzzy', Value: '1', PublishingTargetIds: [pubTgtId] }];
    await admin.send('POST', '/insite-search/custom-settings', settings, { pubTgtId });
    expect(await admin.get('/insite-search/custom-settings')).toEqual(settings);
    expect(await admin.get('/insite-search/custom-settings', { pubTgtId: 'PublishingTargets/2' })).toEqual([]);
  });

  it('keeps batch sizes of pages and assets apart', async () => {
    const admin = await signIn(await ownSandbox(), 'admin');
    const body = [{ PubTargetId: pubTgtId, BatchSize: 7 }];
    await admin.send('POST', '/insite-search/batch-sizes', body, { isAsset: true, defaultSize: 50 });
    expect(await admin.get('/insite-search/batch-sizes', { isAsset: true })).toMatchObject({
      DefaultBatchSize: 50,
      TargetSettings: [{ PubTargetName: 'Production', BatchSize: 7 }, { BatchSize: 50 }, { BatchSize: 50 }],
    });
    expect(await admin.get('/insite-search/batch-sizes', { isAsset: false })).toMatchObject({ DefaultBatchSize: 100 });
  });

  it('shows the folders of the tree and keeps those that are indexed', async () => {
    const sandbox = await ownSandbox();
    const admin = await signIn(sandbox, 'admin');
    const assetFolderId = sandbox.state.assetRootFolderId;
    const children = await admin.get<{ Id: string }[]>('/insite-search/assetfolder-children', { assetFolderId });
    expect(children.length).toBeGreaterThan(2);
    const [child] = children;
    const save = (body: object[]) =>
      admin.call('POST', '/insite-search/indexing-asset-folders', { query: { pubTgtId }, body });
    expect((await save([child ?? {}])).json).toBe(true);
    const [indexed] = await admin.get<object[]>('/insite-search/indexed-asset-folders', { pubTgtId });
    expect(indexed).toEqual(await admin.get('/insite-search/asset-folders-detail', { assetFolderId: child?.Id ?? '' }));
    expect((await save([{ Id: 'af/9999' }])).json).toMatchObject(argumentException);
    expect(await admin.get('/insite-search/asset-folders-detail', { assetFolderId: 'af/9999' })).toBeNull();
  });
});

describe('settings (domain §16)', () => {
  it('are read back one by one and by section', async () => {
    const admin = await signIn(await ownSandbox(), 'admin');
    const setting = { Section: 'Mail', Setting: 'Sender', Value: 'cms@northfield.example' };
    await admin.send('PUT', '/settings/setting', setting);
    expect(await admin.send('GET', '/settings/setting', { ...setting, Value: null })).toEqual(setting);
    expect(await admin.send('GET', '/settings/setting', { Section: 'Mail', Setting: 'Nothing' })).toBeNull();
    await admin.send('PUT', '/settings/section', [setting, { Setting: 'Host', Value: 'h' }], { sectionName: 'Mail' });
    expect(await admin.get('/settings/section', { sectionName: 'Mail' })).toEqual([
      setting,
      { Section: 'Mail', Setting: 'Host', Value: 'h' },
    ]);
    expect((await admin.call('PUT', '/settings/setting', { body: { Value: 'x' } })).json).toMatchObject(
      argumentException,
    );
  });

  it('keep data, tabs and global variables as they were sent', async () => {
    const admin = await signIn(await ownSandbox(), 'admin');
    expect(await admin.send('POST', '/settings/data', { id: 'toolbar' })).toEqual({ success: false, data: null });
    await admin.send('PUT', '/settings/data', { id: 'toolbar', data: '{"a":1}' });
    expect(await admin.send('POST', '/settings/data', { id: 'toolbar' })).toEqual({ success: true, data: '{"a":1}' });
    await admin.send('PUT', '/settings/custom-tabs', [{ name: 'A', isGlobal: true }, { name: 'B' }]);
    expect(await admin.get('/settings/custom-tabs')).toMatchObject([
      { id: 'CustomTabs/1' },
      { name: 'B', isGlobal: false },
    ]);
    expect(await admin.get('/configuration/global-custom-tabs')).toMatchObject([{ name: 'A' }]);
    const put = (body: object[]) => admin.call('PUT', '/settings/global-variables', { body });
    expect((await put([{ Name: 'X', GlobalValue: '1' }])).status).toBe(200);
    expect(await admin.get('/settings/global-variables')).toMatchObject([{ Name: 'X', GlobalValue: '1' }]);
    expect((await put([{ Name: 'X' }, { Name: 'X' }])).json).toMatchObject(argumentException);
  });

  it('make OAuth identities, which sign in, and tell a secret once', async () => {
    const sandbox = await ownSandbox();
    const admin = await signIn(sandbox, 'admin');
    type Identity = { id: string; clientId: string; clientSecret: string | null };
    const before = await admin.get<Identity[]>('/settings/access-tokens');
    expect(JSON.stringify(before)).not.toContain('sandbox-secret');
    const answer = await admin.send<Identity[]>('PUT', '/settings/access-tokens', [
      ...before,
      { name: 'Agent', userId: 'User/praman' },
    ]);
    const made = answer.at(-1);
    expect(answer.slice(0, -1).every(({ clientSecret }) => clientSecret === null)).toBe(true);
    const signInWith = async (secret: string) =>
      (
        await requestToken(sandbox, {
          grant_type: 'authorization_code',
          client_id: made?.clientId ?? '',
          client_secret: secret,
          code: 'none',
        })
      ).json;
    expect(await signInWith(made?.clientSecret ?? '')).toMatchObject({ error: 'invalid_grant' });
    const reset = await admin.send<Identity>('POST', '/settings/reset-client-secret', undefined, {
      clientId: made?.clientId ?? '',
    });
    expect(reset.clientSecret).not.toBe(made?.clientSecret);
    expect(await signInWith(made?.clientSecret ?? '')).toMatchObject({ error: 'invalid_client' });
    const wrong = [{ name: 'Agent', userId: 'User/nobody' }];
    expect((await admin.call('PUT', '/settings/access-tokens', { body: wrong })).json).toMatchObject(argumentException);
    expect(
      (await admin.call('POST', '/settings/reset-client-secret', { query: { clientId: 'x' } })).json,
    ).toMatchObject(argumentException);
  });

  it('archive the log on demand', async () => {
    const sandbox = await ownSandbox();
    const admin = await signIn(sandbox, 'admin');
    const force = (type: string) => admin.call('POST', '/settings/force-archive', { query: { type } });
    expect((await force('CMSLog')).json).toBe(true);
    expect(sandbox.state.administration.log.archives).toHaveLength(1);
    expect((await force('Moon')).json).toMatchObject(argumentException);
  });

  it('have profiles per group that can be removed once', async () => {
    const admin = await signIn(await ownSandbox(), 'admin');
    const active = async () =>
      (await admin.get<{ name: string; active: boolean }[]>('/settings/page-tree-menu-groups')).filter(
        (group) => group.active,
      );
    expect(await active()).toMatchObject([{ name: 'Editors' }]);
    const remove = (groupId: string) => admin.call('DELETE', '/settings/page-tree-group', { query: { groupId } });
    expect((await remove('UserGroups/2')).json).toMatchObject({ removed: true });
    expect((await remove('UserGroups/2')).json).toMatchObject({ removed: false });
    expect(await active()).toEqual([]);
    expect((await remove('UserGroups/99')).json).toMatchObject(argumentException);
  });

  it('tell the browser client who is there', async () => {
    const api = await signIn(await ownSandbox());
    expect(await api.get('/configuration/legacy-globals')).toMatchObject({
      currentUserId: 'User/praman',
      currentUserCanAdmin: false,
      currentUserGroups: expect.arrayContaining([expect.objectContaining({ name: 'Editors' })]),
      localeList: { 'en-us': { Locale: 'en-us' } },
      publishingTargets: [{ name: 'Production' }, { name: 'Staging' }, { name: 'Intranet' }],
    });
  });
});

describe('themes (domain §16)', () => {
  it('are made, changed, chosen, given out as style sheets and deleted', async () => {
    const admin = await signIn(await ownSandbox(), 'admin');
    const create = (name: string) => admin.call('POST', '/themes', { query: { name } });
    const theme = (await create('Dark')).json as { Id: string };
    expect((await create('Dark')).json).toMatchObject(invalidOperation);
    await admin.send('PUT', '/themes/theme', {
      ...theme,
      FontSize: 16,
      Font: 'Inter',
      Colors: [{ Name: 'primary', Color: '#111' }],
    });
    expect(await admin.get('/themes/theme', { id: theme.Id })).toMatchObject({
      Name: 'Dark',
      Font: 'Inter',
      FontSize: 16,
    });
    const scss = await admin.call('GET', '/themes/scss', { query: { id: theme.Id, download: true } });
    expect([scss.text, scss.headers['content-disposition']]).toEqual([
      '$font: Inter;\n$font-size: 16px;\n$primary: #111;\n',
      'attachment; filename="Dark.scss"',
    ]);
    expect((await admin.call('GET', '/themes/less', { query: { id: theme.Id } })).text).toContain('@primary');
    const remove = (id: string) => admin.call('DELETE', '/themes/theme', { query: { id } });
    await admin.send('POST', '/themes/default', undefined, { themeId: theme.Id });
    expect((await remove(theme.Id)).json).toMatchObject(invalidOperation);
    await admin.send('POST', '/themes/default', undefined, { themeId: 'Themes/1' });
    expect([(await remove(theme.Id)).json, (await remove(theme.Id)).json]).toEqual([true, false]);
    expect((await admin.call('PUT', '/themes/theme', { body: { Id: 'Themes/1', Name: 'Mine' } })).json).toMatchObject(
      invalidOperation,
    );
    expect((await uploadFile(admin, '/themes/upload', 'Sea.zip', 'x')).json).toMatchObject({
      Name: 'Sea',
      Draft: true,
    });
    expect(await admin.get('/themes')).toMatchObject({ TotalResults: 2 });
  });
});
