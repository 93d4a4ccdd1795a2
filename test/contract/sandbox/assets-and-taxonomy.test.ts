import { strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { seedIds } from '../../../sandbox/seed/seed-ids.ts';
import { sandboxLandmarks } from '../../../sandbox/seed.ts';
import { type Answer, type ApiClient, formOptions, signIn } from './support/api-client.ts';
import { ownSandbox } from './support/sandboxes.ts';

type Upload = {
  Assets: string[];
  Errors: { errorMsg: string }[];
  NamingConflictAssetId: string | null;
  SchemasToChoose: object | null;
};

async function upload(
  api: ApiClient,
  fields: Record<string, string>,
  content: string,
  fileName: string,
): Promise<Answer> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  form.set('file', new File([content], fileName, { type: 'text/plain' }));
  return api.call('POST', '/assets/upload', await formOptions(form));
}

describe('assets (domain §7)', () => {
  const webFolder = 'af/118';

  it('upload, serve, check in and replace a file', async () => {
    const api = await signIn(await ownSandbox());
    const answer = await upload(api, { parentfolder: webFolder, assetname: 'notes.txt' }, 'first', 'local.txt');
    const result = answer.json as Upload;
    expect(result).toMatchObject({
      Assets: [expect.any(String)],
      Errors: [],
      NamingConflictAssetId: null,
      SchemasToChoose: null,
    });
    const [id = ''] = result.Assets;
    expect(await api.get('/assets/asset', { id })).toMatchObject({ Name: 'notes.txt', CheckedOut: true, ByteSize: 5 });
    expect((await api.call('GET', '/assets/file', { query: { assetId: id } })).text).toBe('first');
    expect(await api.send('POST', '/assets/checkin', { Id: id })).toMatchObject({ Version: 1, CheckedOut: false });
    const conflict = await upload(api, { parentfolder: webFolder, assetname: 'notes.txt' }, 'second', 'local.txt');
    expect(conflict.json).toMatchObject({ Assets: [], NamingConflictAssetId: id });
    const replaced = await upload(
      api,
      { parentfolder: webFolder, assetname: 'notes.txt', updateonconflicts: 'true' },
      'second',
      'local.txt',
    );
    expect(replaced.json).toMatchObject({ Assets: [id] });
    expect((await api.call('GET', '/assets/file', { query: { assetId: id } })).text).toBe('second');
    expect(await api.send('POST', '/assets/undo-checkout', { Id: id })).toMatchObject({
      CheckedOut: false,
      Version: 1,
    });
    expect((await api.call('GET', '/assets/file', { query: { assetId: id } })).text).toBe('first');
  });

  it('unpack an archive into folders beside it, once as an upload and once where it lies', async () => {
    const sandbox = await ownSandbox();
    const api = await signIn(sandbox, 'publisher');
    const files = { 'readme.txt': strToU8('first'), 'styles/site.css': strToU8('a{}'), 'tools/run.exe': strToU8('x') };
    const send = async (fields: Record<string, string>, name: string, content = zipSync(files)) => {
      const form = new FormData();
      for (const [field, value] of Object.entries({ parentfolder: webFolder, ...fields })) form.set(field, value);
      form.set('file', new File([Buffer.from(content)], name));
      return api.call('POST', '/assets/upload', await formOptions(form));
    };
    type Unpacked = Upload & { AssetFolders: string[]; RootFolderId: string };
    const unpacked = (await send({ unpackzip: 'true' }, 'kit.zip')).json as Unpacked;
    expect(unpacked).toMatchObject({ IsZipUnpack: true, Errors: [{ fileName: 'tools/run.exe' }] });
    expect([unpacked.Assets.length, unpacked.AssetFolders.length]).toEqual([2, 3]);
    expect(sandbox.state.assetFolders[unpacked.RootFolderId]).toMatchObject({ name: 'kit', parentId: webFolder });
    const [readme = ''] = unpacked.Assets;
    expect((await api.call('GET', '/assets/file', { query: { assetId: readme } })).text).toBe('first');
    const again = (await send({ unpackzip: 'true' }, 'kit.zip')).json as Unpacked;
    expect(again.Errors).toMatchObject([{ errorMsg: expect.stringContaining(readme) }, {}, {}]);
    const [archive = ''] = ((await send({}, 'kit.zip')).json as Upload).Assets;
    const unzip = (assetId: string, cleanFolder: boolean) =>
      api.call('POST', '/assets/unzip', { query: { assetId, cleanFolder } });
    expect((await unzip(archive, false)).json).toEqual({ Result: unpacked.RootFolderId });
    const { Result: cleaned } = (await unzip(archive, true)).json as { Result: string };
    expect(cleaned).not.toBe(unpacked.RootFolderId);
    expect((await unzip(readme, false)).json).toMatchObject({ ExceptionType: 'System.InvalidOperationException' });
    expect((await unzip('a/9999', false)).json).toMatchObject({ ExceptionType: 'System.ArgumentException' });
    const broken = await send({ unpackzip: 'true' }, 'broken.zip', strToU8('no archive'));
    expect(broken.json).toMatchObject({ ExceptionType: 'System.InvalidOperationException' });
  });

  it('answer refusals of an upload with 200', async () => {
    const sandbox = await ownSandbox();
    const api = await signIn(sandbox);
    const wrongType = await upload(api, { parentfolder: 'af/101' }, 'x', 'notes.txt');
    expect([wrongType.status, (wrongType.json as Upload).Errors[0]?.errorMsg]).toEqual([
      200,
      expect.stringContaining('.txt'),
    ]);
    const textSchema = sandbox.state.schemas.find(({ id }) => id === 'AssetSchemas/3');
    if (textSchema)
      sandbox.state.schemas.push({ ...structuredClone(textSchema), id: 'AssetSchemas/33', friendlyName: 'Other' });
    const choice = await upload(api, { parentfolder: webFolder }, 'x', 'other.txt');
    expect(choice.json).toMatchObject({
      Assets: [],
      SchemasToChoose: { SchemaChoices: [{ Id: 'AssetSchemas/3' }, { Id: 'AssetSchemas/33' }] },
    });
    const chosen = await upload(
      api,
      { parentfolder: webFolder, schemadefault: 'false', overrideschemaid: 'AssetSchemas/33' },
      'x',
      'other.txt',
    );
    expect((chosen.json as Upload).Assets).toHaveLength(1);
    expect((await api.call('POST', '/assets/upload', { body: {} })).status).toBe(415);
  });

  it('are not deleted while in use, unless forced, and purged the second time', async () => {
    const sandbox = await ownSandbox();
    const api = await signIn(sandbox, 'publisher');
    const used = Object.keys(sandbox.state.assets);
    let inUse = '';
    for (const id of used) {
      if ((await api.get<{ totalResults: number }>('/site/usage-summary', { id })).totalResults > 0) {
        inUse = id;
        break;
      }
    }
    const remove = (force: boolean) => api.send('DELETE', '/assets', undefined, { ids: [inUse], force });
    expect(await remove(false)).toEqual({
      AssetItemsWithReferences: [inUse],
      SuccessfulIds: [],
      InvolvedAliasParentIds: [],
    });
    expect(await remove(true)).toMatchObject({ SuccessfulIds: [inUse] });
    expect(await api.get('/assets/asset', { id: inUse })).toMatchObject({
      ParentId: sandbox.state.assetRecycleFolderId,
    });
    await remove(true);
    expect(await api.get('/assets/asset', { id: inUse })).toBeNull();
  });

  it('undo of somebody else’s check-out is a 400', async () => {
    const sandbox = await ownSandbox();
    const owner = await signIn(sandbox, 'publisher');
    await owner.send('POST', '/assets/checkout', { Id: 'a/1' });
    const other = await signIn(sandbox);
    expect((await other.call('POST', '/assets/undo-checkout', { body: { Id: 'a/1' } })).status).toBe(400);
  });

  it('are found by path, by folder and by name', async () => {
    const api = await signIn(await ownSandbox());
    expect(await api.get('/assets/asset-by-path', { path: '/images/campus/quad-autumn.jpg' })).toMatchObject({
      Id: 'a/1',
    });
    expect(await api.get('/assets/root-folders')).toMatchObject({
      Results: expect.arrayContaining([expect.objectContaining({ Name: 'Images', Type: 'AssetFolder' })]),
    });
    const found = await api.get<{ Results: { Id: string }[] }>('/assets/search', {
      SearchString: 'quad-',
      IncludeAssets: true,
      IncludeFolders: false,
      IncludeDescendants: true,
    });
    expect(found.Results.map(({ Id }) => Id)).toEqual(['a/1', 'a/2']);
  });

  it('move, copy and rename keep or make ids', async () => {
    const api = await signIn(await ownSandbox());
    const folder = await api.send<{ Id: string }>('POST', '/assets/asset-folder', {
      Name: 'Archive',
      ParentId: 'af/101',
      AllowedExtensions: [],
      Overwrite: false,
    });
    expect(await api.send('PATCH', '/assets/move', ['a/1'], { tgtId: folder.Id })).toMatchObject([
      { Id: 'a/1', ParentId: folder.Id },
    ]);
    const [copy] = await api.send<{ Id: string }[]>('POST', '/assets/copy', ['a/2'], { tgtId: folder.Id });
    expect(copy).toMatchObject({ CheckedOut: false, MarkedTargetIds: [], Version: 1 });
    expect(copy?.Id).not.toBe('a/2');
    expect(await api.send('POST', '/assets/rename', { Id: 'a/1', Name: 'quad.jpg' })).toMatchObject({
      Name: 'quad.jpg',
    });
    expect(await api.get('/preview/asset-map', { id: 'a/1' })).toMatchObject({ Path: 'Images/Archive/quad.jpg' });
  });
});

describe('taxonomy (domain §8)', () => {
  type Category = { Id: string; Name: string; PageIds: string[] };

  it('adds and removes associations, and replaces whole sets', async () => {
    const api = await signIn(await ownSandbox());
    const page = sandboxLandmarks.tuitionPage;
    const [category] = await api.get<(Category & { Path: string })[]>('/taxonomy/quick-search', {
      search: 'Arts and Sciences',
    });
    expect(category?.Path).toBe('Topics/Academics/Arts and Sciences');
    const categoryId = category?.Id ?? '';
    const added = await api.send<Category>('PATCH', '/taxonomy/category/association', undefined, {
      categoryId,
      contentId: page,
    });
    expect(added.PageIds).toContain(page);
    expect(await api.get('/taxonomy/category/has-association', { categoryId })).toBe(true);
    const removed = await api.send<Category>('DELETE', '/taxonomy/category/associations', [page], { categoryId });
    expect(removed.PageIds).not.toContain(page);
    const set = await api.send('POST', '/taxonomy/category/content-associations', [categoryId], { contentId: page });
    expect(set).toMatchObject({ Id: page, Categorization: [categoryId] });
    const number = Number(categoryId.split('/')[1]);
    const byNumber = await api.get<{ Results: { Id: string }[] }>('/pages/by-category', { categoryId: number });
    expect(byNumber.Results.map(({ Id }) => Id)).toContain(page);
  });

  it('is managed by who may', async () => {
    const sandbox = await ownSandbox();
    const editor = await signIn(sandbox);
    const create = { name: 'Robotics', parentId: 'CategoryNodes/1' };
    expect((await editor.call('POST', '/taxonomy/category', { query: create })).json).toMatchObject({
      ExceptionType: 'System.Security.SecurityException',
    });
    const publisher = await signIn(sandbox, 'publisher');
    const made = await publisher.send<Category>('POST', '/taxonomy/category', undefined, create);
    await publisher.send('PATCH', '/taxonomy/category/rename', undefined, { id: made.Id, newName: 'Robots' });
    await publisher.send('PUT', '/taxonomy/category/synonyms', [{ Locale: 'en-us', Value: 'Androids' }], {
      id: made.Id,
      regionCode: 'en-us',
    });
    expect(await publisher.get('/taxonomy/quick-search', { search: 'android' })).toMatchObject([
      { Id: made.Id, Name: 'Robots' },
    ]);
    expect(await publisher.send('DELETE', '/taxonomy/category', undefined, { id: made.Id })).toBe(true);
    expect(await publisher.get('/taxonomy/category', { id: made.Id })).toBeNull();
  });
});

describe('people and lists', () => {
  it('lists assignments only for the flags that are sent', async () => {
    const api = await signIn(await ownSandbox());
    type Assignments = { Results: { Id: string }[]; TotalResults: number };
    expect((await api.get<Assignments>('/users/assignments')).TotalResults).toBe(0);
    const mine = await api.get<Assignments>('/users/assignments', {
      UserId: seedIds.users.editor,
      IncludeUser: true,
      IncludeGroups: false,
      IncludeCheckedOut: true,
      IncludeCheckedIn: false,
    });
    expect(mine.Results.map(({ Id }) => Id)).toContain(sandboxLandmarks.checkedOutByEditorPage);
  });

  it('shows schemas with their fields and the help for machines', async () => {
    const sandbox = await ownSandbox();
    const api = await signIn(sandbox);
    expect(await api.get('/schemas/schema', { schemaIdOrRootName: 'NewsArticle' })).toMatchObject({
      Id: 'schemas/5',
      Fields: expect.arrayContaining([expect.objectContaining({ Name: 'Body', Type: 'IGX_ELEMENT_CDATA' })]),
    });
    const helped = sandbox.state.schemas.find(({ aiHelpText }) => Object.keys(aiHelpText.elements).length > 0);
    expect(await api.get('/configuration/ai-help-text', { schemaId: helped?.id ?? '' })).toEqual({
      schemaId: helped?.id,
      schemaName: helped?.rootName,
      attributes: helped?.aiHelpText.attributes,
      elements: helped?.aiHelpText.elements,
    });
  });

  it('answers a group that exists with an empty one', async () => {
    const api = await signIn(await ownSandbox(), 'admin');
    expect(await api.send('PUT', '/groups/new-group', undefined, { name: 'Editors' })).toMatchObject({
      Id: null,
      Name: null,
    });
    expect(await api.send('PUT', '/groups/new-group', undefined, { name: 'Choir' })).toMatchObject({ Name: 'Choir' });
  });

  it('saves and deletes redirects for who may', async () => {
    const sandbox = await ownSandbox();
    const api = await signIn(sandbox, 'publisher');
    const data = {
      Id: '',
      From: '/old',
      To: '/new',
      SelectedTgtIds: seedIds.targets.production,
      Notes: '',
      Temp: true,
    };
    const saved = await api.send<{ Id: string }>('PUT', '/publishing/redirect', data);
    expect(saved).toMatchObject({ From: '/old', SelectedTgtNames: 'Production', Temp: true });
    expect(await api.send('DELETE', '/publishing/redirects', [saved.Id, 'Redirects/0'])).toEqual([true, false]);
    expect((await (await signIn(sandbox)).call('PUT', '/publishing/redirect', { body: data })).status).toBe(500);
  });
});
