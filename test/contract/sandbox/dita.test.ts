import { strFromU8, unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { ditaNumbers } from '../../../sandbox/seed/dita-rows.ts';
import { seedIds } from '../../../sandbox/seed/seed-ids.ts';
import { sandboxLandmarks } from '../../../sandbox/seed.ts';
import { poll } from '../../support/poll.ts';
import { type ApiClient, signIn } from './support/api-client.ts';
import { ownSandbox } from './support/sandboxes.ts';

const { production, staging } = seedIds.targets;
const handbook = `a/${ditaNumbers.handbookMap}`;
const registration = `a/${ditaNumbers.registrationTopic}`;
const labSafety = `a/${ditaNumbers.labSafetyMap}`;

type Entry = { id: number; name: string; checkedOut: boolean; notReadyToMark: boolean; removed: boolean };
type Node = { Id: string | null; Name: string; checkedIn: boolean; removed: boolean; children: Node[] };

const maps = async (api: ApiClient, filter = '', body: unknown = {}) => {
  const query = { start: 0, end: 50, sortField: 'name', sortDescending: false, filter };
  return (await api.send<{ Results: Entry[]; TotalResults: number }>('POST', '/dita/ditamaps', body, query)).Results;
};
const flat = (node: Node): Node[] => [node, ...node.children.flatMap(flat)];

describe('DITA maps', () => {
  it('are listed with numbers, filtered by name and by the conditions of a search', async () => {
    const api = await signIn(await ownSandbox());
    expect((await maps(api)).map(({ id, name }) => [id, name])).toEqual([
      [ditaNumbers.labSafetyMap, 'lab-safety.ditamap'],
      [ditaNumbers.residenceMap, 'residence-life.ditamap'],
      [ditaNumbers.handbookMap, 'student-handbook.ditamap'],
    ]);
    expect(await maps(api, 'lab')).toEqual([expect.objectContaining({ checkedOut: true, notReadyToMark: true })]);
    expect(await maps(api, '', { path: 'Student Handbook', name: 'residence' })).toHaveLength(1);
    expect(await maps(api, '', { id: '101', name: 'residence', logic: 'or' })).toHaveLength(2);
  });

  it('show their tree with the maps inside of them, and what is missing', async () => {
    const api = await signIn(await ownSandbox());
    const tree = await api.get<Node>('/dita/ditamaptree', { mapId: handbook });
    expect(tree).toEqual(await api.get<Node>('/dita/ditamaptree', { mapId: String(ditaNumbers.handbookMap) }));
    expect(tree.children.map(({ Name }) => Name)).toEqual([
      'Welcome to Northfield',
      'Code of Conduct',
      'Residence Life',
      'Contact the Registrar',
    ]);
    const register = flat(tree).find(({ Id }) => Id === registration);
    expect(register?.children.map(({ Name }) => Name)).toEqual(['Drop a Course']);
    const safety = flat(await api.get<Node>('/dita/ditamaptree', { mapId: labSafety }));
    expect(safety.filter(({ checkedIn }) => !checkedIn).map(({ Name }) => Name)).toEqual(['Fume Hoods', 'Spills']);
    expect(safety.find(({ removed }) => removed)).toMatchObject({ Id: null, Name: 'old-chemicals.dita' });
  });

  it('refuse an unknown map, and everything where there is no Java', async () => {
    const sandbox = await ownSandbox();
    const api = await signIn(sandbox);
    const unknown = await api.call('GET', '/dita/ditamap-detail', { query: { mapId: 'a/1' } });
    expect(unknown.json).toMatchObject({ ExceptionType: 'System.ArgumentException' });
    sandbox.state.dita.javaInstalled = false;
    const refused = await api.call('GET', '/dita/ditamap-detail', { query: { mapId: handbook } });
    expect(refused.json).toMatchObject({
      ExceptionType: 'System.Configuration.ConfigurationErrorsException',
      BareMessage: expect.stringContaining('Java'),
    });
    expect(await api.get('/dita/base')).toEqual({ JavaNotFound: true });
  });

  it('go through check-out, a change, check-in, mark and publish, and the log names every part', async () => {
    const sandbox = await ownSandbox();
    const api = await signIn(sandbox);
    const query = { mapId: handbook };
    expect(await api.send('POST', '/dita/checkout-ditamap', undefined, query)).toBe(true);
    expect(sandbox.state.assets[registration]?.checkedOut?.userId).toBe(seedIds.users.editor);
    const order = { mapId: handbook, pubTgtIds: [production], replicate: false, formats: ['html5'], ditavals: ['131'] };
    const early = await api.call('POST', '/dita/publish-ditamap', { body: order });
    expect(early.json).toMatchObject({ ExceptionType: 'System.InvalidOperationException' });
    expect(await api.send('POST', '/dita/checkin-ditamap', [], query)).toBe(true);
    expect(sandbox.state.assets[registration]?.versions).toHaveLength(2);
    const marking = [{ Id: production, Name: 'Production', Number: 2 }];
    expect(await api.send('PUT', '/dita/mark-ditamap', marking, query)).toBe(true);
    expect(await api.send('POST', '/dita/publish-ditamap', order)).toBe(true);
    const log = await poll('the log of the publish', async () =>
      sandbox.state.publishing.logs.find(({ entries }) => entries.some(({ itemId }) => itemId === handbook)),
    );
    expect(log.error).toBeNull();
    expect(log.entries.map(({ itemId }) => itemId)).toEqual(expect.arrayContaining([registration, 'a/131']));
    expect(log.entries.find(({ itemId }) => itemId === handbook)?.message).toContain('html5');
    expect(sandbox.state.assets[registration]?.published[production]?.version).toBe(2);
    expect(sandbox.state.assets[registration]?.published[staging]?.version).toBe(1);
  });

  it('refuse to be marked while a part was never checked in, and to be taken from others', async () => {
    const api = await signIn(await ownSandbox());
    const query = { mapId: labSafety };
    const marked = await api.call('PUT', '/dita/mark-ditamap', { query, body: [{ Id: production, Number: 0 }] });
    expect(marked.json).toMatchObject({ ExceptionType: 'Ingeniux.CMS.Exceptions.ExceptionWithLocalization' });
    const out = await api.call('POST', '/dita/checkout-ditamap', { query });
    expect(out.json).toMatchObject({ ExceptionType: 'System.InvalidOperationException' });
    const author = await signIn(await ownSandbox(), 'author');
    const mayNot = await author.call('PUT', '/dita/mark-ditamap', { query: { mapId: handbook }, body: [] });
    expect(mayNot.json).toMatchObject({ ExceptionType: 'System.Security.SecurityException' });
  });

  it('are removed with their parts, but not while another map uses them', async () => {
    const sandbox = await ownSandbox();
    const api = await signIn(sandbox, 'admin');
    const inUse = await api.call('DELETE', '/dita/remove-ditamap', {
      query: { mapId: `a/${ditaNumbers.residenceMap}` },
    });
    expect(inUse.json).toMatchObject({ ExceptionType: 'System.InvalidOperationException' });
    expect(await api.send('DELETE', '/dita/remove-ditamap', undefined, { mapId: handbook })).toBe(true);
    expect(sandbox.state.assets[handbook]?.parentId).toBe(sandbox.state.assetRecycleFolderId);
    expect(await api.send('DELETE', '/dita/remove-ditamap', undefined, { mapId: handbook })).toBe(true);
    expect(sandbox.state.assets[handbook]).toBeUndefined();
  });

  it('come as an archive that holds every file', async () => {
    const sandbox = await ownSandbox();
    const api = await signIn(sandbox);
    const address = `${sandbox.siteRoot}/api/v1/dita/download-ditamap?mapId=${encodeURIComponent(handbook)}`;
    const answer = await fetch(address, { headers: { Authorization: `Bearer ${api.token}` } });
    expect(answer.headers.get('content-type')).toBe('application/zip');
    const files = unzipSync(new Uint8Array(await answer.arrayBuffer()));
    expect(Object.keys(files)).toHaveLength(11);
    const topic = files['DITA/Student Handbook/Topics/pay-fees.dita'];
    expect(topic && strFromU8(topic)).toContain('<title>Pay Fees</title>');
  });
});

describe('single DITA files', () => {
  it('know what they lead to, what leads to them, and which keys there are', async () => {
    const api = await signIn(await ownSandbox());
    type Dependent = { Id: string | null; DependencyType: string; Broken: boolean; Distance: number };
    const dependents = await api.get<Dependent[]>('/assets/asset-dependents-deep', { assetId: labSafety });
    expect(dependents.find(({ Broken }) => Broken)).toMatchObject({ Id: null, DependencyType: 'topicref' });
    const owners = await api.get<Dependent[]>('/assets/asset-owners-deep', {
      assetId: `a/${ditaNumbers.conductTopic}`,
    });
    expect(owners).toEqual([expect.objectContaining({ Id: handbook, Distance: 1 })]);
    type Key = { Name: string; TargetId: string | null };
    const keys = await api.get<Key[]>('/assets/dita-key-defs', { assetId: registration });
    expect(keys.find(({ Name }) => Name === 'helpdesk')?.TargetId).toBe('a/110');
    const byNumber = await api.call('GET', '/assets/asset-dependents-deep', { query: { assetId: '121' } });
    expect(byNumber.json).toMatchObject({ ExceptionType: 'System.ArgumentException' });
  });

  it('keep the formats and filters they are given', async () => {
    const api = await signIn(await ownSandbox());
    const query = { assetId: handbook };
    expect(await api.send('PUT', '/assets/asset-dita-output-formats', ['pdf'], query)).toBe(true);
    expect(await api.send('PUT', '/assets/asset-ditavals', ['a/131'], query)).toBe(true);
    expect(await api.get('/assets/asset-dependency', query)).toMatchObject({
      DitaInfo: { OutputFormats: [{ FormatString: 'pdf' }], Ditavals: [{ Id: 'a/131' }] },
    });
    const body = ['epub'];
    const unknown = await api.call('PUT', '/assets/asset-dita-output-formats', { query, body });
    expect(unknown.json).toMatchObject({ ExceptionType: 'System.ArgumentException' });
  });

  it('are previewed, which takes a while and can be stopped', async () => {
    const sandbox = await ownSandbox();
    const api = await signIn(sandbox);
    const query = { assetId: registration, mapId: handbook, ditavalId: '', ditaNormPubTargetId: production };
    type Preview = { Running: boolean; NormalizedTempFilePath: string | null; LogPath: string };
    sandbox.knobs.publishTickMs = 60_000;
    expect(await api.send('POST', '/preview/dita-asset-preview', undefined, query)).toMatchObject({ Running: true });
    expect(await api.send('DELETE', '/preview/dita-asset-preview', undefined, query)).toBe(true);
    sandbox.knobs.publishTickMs = 0;
    await api.send('POST', '/preview/dita-asset-preview', undefined, query);
    const done = await api.get<Preview>('/preview/dita-asset-preview-status', query);
    expect(done).toMatchObject({ Running: false, NormalizedTempFilePath: expect.stringContaining('out.dita') });
    const log = await api.call('GET', '/preview/asset-dependents-csv', { query: { logPath: done.LogPath } });
    expect(log.text).toContain('Build successful.');
  });
});

describe('DITA aliases', () => {
  it('are pages per topic, fall due with a new version, and only the first of them can be deleted', async () => {
    const sandbox = await ownSandbox();
    const api = await signIn(sandbox);
    const created = await api.send<{ Id: string; AliasInfo: { ContentId: string } }>(
      'PUT',
      '/pages/dita-alias',
      undefined,
      {
        assetId: handbook,
        parentPageId: sandboxLandmarks.home,
      },
    );
    expect(created.AliasInfo.ContentId).toBe(handbook);
    type Aliases = { entries: { Id: number; UpdateDue: boolean; CanDelete: boolean }[] };
    const [alias] = (await api.get<Aliases>('/dita/aliases', { assetId: registration })).entries;
    expect(alias).toMatchObject({ UpdateDue: false, CanDelete: false });
    await api.send('POST', '/assets/checkout', { Id: registration });
    await api.send('POST', '/assets/checkin', { Id: registration });
    expect((await api.get<Aliases>('/dita/aliases', { assetId: registration })).entries[0]?.UpdateDue).toBe(true);
    const ids = [`x${alias?.Id}`];
    expect(await api.send('PATCH', '/dita/aliases', ids, { assetId: registration })).toEqual(ids);
    expect(await api.send('PATCH', '/dita/aliases', ids, { assetId: registration })).toEqual([]);
    const refused = await api.call('DELETE', '/dita/aliases', { query: { assetId: registration }, body: ids });
    expect(refused.json).toMatchObject({ ExceptionType: 'System.ArgumentException' });
    expect(await api.send('DELETE', '/dita/aliases', [created.Id], { assetId: handbook })).toEqual([created.Id]);
  });
});

describe('the set-up of DITA', () => {
  it('keeps formats, parameters, settings and columns', async () => {
    const api = await signIn(await ownSandbox(), 'admin');
    await api.send('PUT', '/dita/output-format-static', undefined, { formatString: 'pdf', selected: true });
    type Formats = { OutputFormats: { Id: string; Selected: boolean }[] };
    const formats = (await api.get<Formats>('/dita/output-formats')).OutputFormats;
    expect(formats.filter(({ Selected }) => Selected).map(({ Id }) => Id)).toEqual(['html5', 'pdf']);
    expect(await api.send('PUT', '/dita/ot-param', { Name: 'args.draft', Value: 'yes' })).toMatchObject({
      Value: 'yes',
    });
    const wrong = await api.call('PUT', '/dita/ot-param', { body: { Name: 'args.rellinks', Value: 'some' } });
    expect(wrong.json).toMatchObject({ ExceptionType: 'System.ArgumentException' });
    const setting = { settingName: 'otTimeout', settingValue: '900' };
    expect(await api.send('PUT', '/dita/setup-setting', undefined, setting)).toBe('900');
    expect(await api.get('/dita/setup-info')).toMatchObject({ otTimeout: 900 });
    const fields = [{ nameOrId: 'Owner', source: 0, label: 'Office', selected: true }];
    await api.send('PUT', '/dita/ditamap-detail-config', fields, { saveGlobally: true });
    expect(await api.get('/dita/ditamap-detail', { mapId: handbook })).toMatchObject({
      fields: [{ label: 'Office', value: 'Office of the Registrar' }],
    });
  });
});
