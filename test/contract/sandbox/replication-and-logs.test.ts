import { strFromU8, unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { recordLine } from '../../../sandbox/cms/system-log.ts';
import { poll } from '../../support/poll.ts';
import { formOptions, send, signIn } from './support/api-client.ts';
import { ownSandbox } from './support/sandboxes.ts';

const publishingTargetId = 'PublishingTargets/1';
const onePath = '/publishing/replication/target';
const allPath = '/publishing/replication/targets';
type Destination = { Id: string; Name: string; Password: string | null; CreationUser: string };

describe('replication (domain §6)', () => {
  it('keeps destinations as they were saved, secrets included', async () => {
    const admin = await signIn(await ownSandbox(), 'admin');
    const model = {
      Name: 'Backup',
      PublishingTargetId: publishingTargetId,
      TargetLocation: 'D:\\backup',
      Password: 'p',
    };
    const created = await admin.send<Destination>('POST', onePath, model);
    expect(created).toMatchObject({ ...model, ReplicationTargetType: 'File', Port: 0, CreationUser: 'mokafor' });
    const query = { replicationTargetId: created.Id, publishingTargetId };
    expect(await admin.get(onePath, query)).toEqual(created);
    await admin.send('PUT', onePath, { ...created, Name: 'Second backup', CreationUser: 'nobody' });
    expect(await admin.get(onePath, query)).toMatchObject({ Name: 'Second backup', CreationUser: 'mokafor' });
    const names = async () => (await admin.get<Destination[]>(allPath, { publishingTargetId })).map(({ Name }) => Name);
    expect(await names()).toEqual(['Web farm', 'Second backup']);
    expect((await admin.call('DELETE', onePath, { query })).status).toBe(204);
    expect(await names()).toEqual(['Web farm']);
    expect((await admin.call('DELETE', onePath, { query })).json).toMatchObject({
      ExceptionType: 'System.ArgumentException',
    });
  });

  it('replaces the whole list, or nothing when an id is wrong', async () => {
    const admin = await signIn(await ownSandbox(), 'admin');
    const setAll = (body: object[]) => admin.call('POST', allPath, { query: { publishingTargetId }, body });
    const entry = (Id: string, Name: string) => ({ Id, Name, PublishingTargetId: publishingTargetId });
    expect((await setAll([entry('', 'New'), entry('ReplicationTargets/99', 'Unknown')])).status).toBe(500);
    expect(await admin.get<Destination[]>(allPath, { publishingTargetId })).toHaveLength(1);
    const answer = (await setAll([entry('ReplicationTargets/1', 'Farm'), entry('', 'New')])).json as Destination[];
    expect(answer.map(({ Name }) => Name)).toEqual(['Farm', 'New']);
    expect((await setAll([entry('', 'Same'), entry('', 'Same')])).json).toMatchObject({
      ExceptionType: 'System.InvalidOperationException',
    });
  });

  it('refuses an unknown publishing target, and everybody but administrators', async () => {
    const sandbox = await ownSandbox();
    const query = { publishingTargetId: 'PublishingTargets/99' };
    expect((await (await signIn(sandbox, 'admin')).call('GET', allPath, { query })).json).toMatchObject({
      ExceptionType: 'System.ArgumentException',
    });
    expect(
      (await (await signIn(sandbox, 'editor')).call('GET', allPath, { query: { publishingTargetId } })).json,
    ).toMatchObject({
      ExceptionType: 'System.Security.SecurityException',
    });
  });

  it('takes a key file and answers where it lies', async () => {
    const sandbox = await ownSandbox();
    const admin = await signIn(sandbox, 'admin');
    const form = new FormData();
    form.set('key', new File(['secret'], 'id_rsa'));
    const answer = await admin.call('POST', '/publishing/replication/upload-private-key', await formOptions(form));
    expect(answer.json).toMatch(/^App_Data\/PrivateKeys\/.*id_rsa$/);
    expect(JSON.stringify(sandbox.state)).not.toContain('"secret"');
  });

  it('follows a publish with progress, and ends in a log', async () => {
    const sandbox = await ownSandbox({ knobs: { publishTickMs: 20 } });
    const admin = await signIn(sandbox, 'admin');
    type Monitor = {
      Replications: { Tasks: { Percentage: number; Sessions: { ReplicationTargetName: string }[] }[] };
      RecentCompletedPublishes: {
        Id: string;
        ReplicationsToPerform: number;
        ReplicationCompletionTime: string | null;
      }[];
    };
    const monitor = () => admin.get<Monitor>('/publishing/current-tasks');
    sandbox.publish({ targetId: publishingTargetId, incremental: false });
    const running = await poll('the copy to begin', async () => {
      const { Replications } = await monitor();
      return Replications.Tasks[0];
    });
    expect(running).toMatchObject({
      PublishingTargetName: 'Production',
      Sessions: [{ ReplicationTargetName: 'Web farm' }],
    });
    const done = await poll('the copy to end', async () => {
      const { Replications, RecentCompletedPublishes } = await monitor();
      return Replications.Tasks.length === 0 && RecentCompletedPublishes[0];
    });
    expect(done).toMatchObject({
      ReplicationsToPerform: 1,
      ReplicationCompletionTime: expect.any(String),
      ReplicationStoppingError: false,
    });
    const log = await admin.get<{ Replicated: number }>('/publishing/replication/target/log-detail', {
      replicationTargetId: 'ReplicationTargets/1',
    });
    expect(log).toMatchObject({ PublishingTargetID: publishingTargetId, StoppingError: null });
    expect(log.Replicated).toBeGreaterThan(100);
  });

  it('stops with an error where a destination has no location, and leaves disabled ones out', async () => {
    const sandbox = await ownSandbox();
    const [farm] = sandbox.state.administration.replication.destinations;
    if (!farm) throw new Error('The seed has no destination.');
    farm['TargetAddress'] = null;
    const publish = async () => {
      const before = sandbox.state.publishing.logs.length;
      sandbox.publish({ targetId: publishingTargetId });
      return poll('the publish and its copies to end', () => {
        const [log] = sandbox.state.publishing.logs;
        const isCopied = log?.replication === null || log?.replication.completionTime !== null;
        return sandbox.state.publishing.logs.length > before && isCopied && log;
      });
    };
    expect((await publish()).replication).toMatchObject({ destinations: 1, failed: true });
    const api = await signIn(sandbox);
    expect(
      await api.get('/publishing/replication/target/log-detail', { replicationTargetId: 'ReplicationTargets/1' }),
    ).toMatchObject({
      Replicated: 0,
      StoppingError: expect.stringContaining('Web farm'),
    });
    farm['Disabled'] = true;
    expect((await publish()).replication).toBeNull();
  });
});

describe('the log (domain §16)', () => {
  type Line = { LineNum: number; Message: string; Type: string; Time: string };

  it('tells what was done and what was refused, newest first and by pages', async () => {
    const sandbox = await ownSandbox();
    const api = await signIn(sandbox);
    const read = (query: Record<string, string | number>) =>
      api.get<{ Results: Line[]; TotalResults: number; NextIndex: number }>('/logs/cms', query);
    await api.send('POST', '/dashboard/comment', undefined, { comment: 'A word' });
    await api.call('PUT', '/groups/new-group', { query: { name: 'Mine' } });
    const page = await read({ sort: '', StartIndex: 0, PageSize: 2 });
    expect(page).toMatchObject({ TotalResults: 3, NextIndex: 2 });
    expect(page.Results).toEqual([
      {
        LineNum: 3,
        Type: 'Error',
        Time: expect.any(String),
        Message: expect.stringMatching(/^praman UserGroups_CreateGroup: .*right/),
      },
      { LineNum: 2, Type: 'Info', Time: expect.any(String), Message: 'praman Dashboard_PostComment' },
    ]);
    const oldest = await read({ sort: 'ascending', PageSize: 1 });
    expect(oldest.Results[0]).toMatchObject({ LineNum: 1, Message: expect.stringContaining('started') });
  });

  it('comes as a file, and full files as an archive', async () => {
    const sandbox = await ownSandbox();
    const api = await signIn(sandbox);
    for (let line = 0; line < 2000; line++) recordLine(sandbox.state, '2026-03-01T00:00:00Z', 'Info', `Line ${line}`);
    const file = await api.call('GET', '/logs/cms/file');
    expect(file.headers['content-disposition']).toContain('cms.log');
    expect(file.text).toContain('INFO Line 1999');
    expect(file.text).not.toContain('Line 1998\r');
    const url = `${sandbox.siteRoot}/api/v1/logs/cms/archive`;
    expect((await send('GET', url, { token: api.token })).headers['content-type']).toBe('application/zip');
    const zip = await (await fetch(url, { headers: { authorization: `Bearer ${api.token}` } })).arrayBuffer();
    const [[name, bytes] = ['', new Uint8Array()]] = Object.entries(unzipSync(new Uint8Array(zip)));
    expect(name).toMatch(/^cms-\d+\.log$/);
    expect(strFromU8(bytes)).toContain('INFO Line 1998');
  });
});
