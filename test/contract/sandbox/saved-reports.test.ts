import { describe, expect, it } from 'vitest';
import { type ApiClient, signIn } from './support/api-client.ts';
import { ownSandbox } from './support/sandboxes.ts';

const locale = { workingLocale: 'en-us' };
type Folder = {
  name: string;
  reports: { id: string; name: string; reportType: string; lastVisitTime: string | null }[];
};
type Result = { rows: string[] };

const runSimple = (api: ApiClient, reportId: string) =>
  api.get<Result>('/reports/simple-report', { reportId, ...locale });

describe('saved reports (domain §10)', () => {
  it('are saved, found in their folder, read and run', async () => {
    const sandbox = await ownSandbox();
    const admin = await signIn(sandbox, 'admin');
    const report = {
      name: 'Events',
      parentFolderId: 'ReportFolders/2',
      involvedDocs: ['Page'],
      query: 'Schema:EventPage',
      columns: [{ attributeName: 'Id', label: 'ID', dataType: 'string', width: 80 }],
      idColumnName: 'Id',
    };
    expect(await admin.send('PUT', '/reports/simple-report', report, locale)).toBe(true);
    const folder = await admin.get<Folder>('/reports/folder', { folderId: 'ReportFolders/2', ...locale });
    const saved = folder.reports.find(({ name }) => name === 'Events');
    expect(saved).toMatchObject({ reportType: 'Simple', lastVisitTime: null });
    const id = saved?.id ?? '';
    const editor = await signIn(sandbox);
    const events = Object.values(sandbox.state.pages).filter(
      (page) => rootNameOf(sandbox.state, page.schemaId) === 'EventPage',
    );
    const { rows } = await runSimple(editor, id);
    expect(rows.map((row) => JSON.parse(row))).toEqual(events.map((page) => ({ Id: page.id })));
    expect(await admin.get('/reports/report', { reportId: id, ...locale })).toMatchObject({
      query: 'Schema:EventPage',
      involvedDocuments: ['Page'],
      lastVisitUser: 'praman',
      columns: [{ attributeName: 'Id' }],
    });
    expect(await admin.send('PUT', '/reports/simple-report', { ...report, reportId: id, query: 'Id:x1' }, locale)).toBe(
      true,
    );
    expect((await runSimple(editor, id)).rows).toEqual(['{"Id":"x1"}']);
  });

  it('take parameters, fall back on defaults, and refuse what they do not know', async () => {
    const api = await signIn(await ownSandbox());
    const run = (parameters: object[]) =>
      api.call('POST', '/reports/parameterized-report', {
        query: { reportId: 'Reports/2', ...locale },
        body: parameters,
      });
    const all = (await run([{ name: 'schema', value: 'NewsArticle' }])).json as Result;
    const simple = await runSimple(api, 'Reports/1');
    expect(all.rows).toEqual(simple.rows);
    expect(all.rows.length).toBeGreaterThan(30);
    const some = (
      await run([
        { name: 'schema', value: 'NewsArticle' },
        { name: 'name', value: '*library*' },
      ])
    ).json as Result;
    expect(some.rows.length).toBeGreaterThan(0);
    expect(some.rows.every((row) => /library/i.test(row))).toBe(true);
    expect((await run([])).json).toMatchObject({
      ExceptionType: 'System.ArgumentException',
      Message: expect.stringContaining('schema'),
    });
    expect((await run([{ name: 'moon', value: 'full' }])).json).toMatchObject({
      Message: expect.stringContaining('moon'),
    });
  });

  it('refuse an unknown id, an unreadable query and a provider that is elsewhere', async () => {
    const sandbox = await ownSandbox();
    const admin = await signIn(sandbox, 'admin');
    const refusal = async (reportId: string) =>
      (await admin.call('GET', '/reports/simple-report', { query: { reportId, ...locale } })).json;
    expect(await refusal('Reports/99')).toMatchObject({ ExceptionType: 'System.ArgumentException' });
    expect(await refusal('Reports/4')).toMatchObject({ ExceptionType: 'System.InvalidOperationException' });
    const broken = { reportId: 'Reports/1', involvedDocs: ['Page'], query: 'whatever' };
    await admin.send('PUT', '/reports/simple-report', broken, locale);
    expect(await refusal('Reports/1')).toMatchObject({ Message: expect.stringContaining('whatever') });
    expect(await admin.get('/reports/report', { reportId: 'Reports/99', ...locale })).toBeNull();
    expect(await admin.get('/reports/folder', { folderId: 'ReportFolders/99', ...locale })).toBeNull();
  });

  it('show no page that is closed to the caller', async () => {
    const sandbox = await ownSandbox();
    const [hidden] = Object.values(sandbox.state.pages).filter(
      (page) => rootNameOf(sandbox.state, page.schemaId) === 'NewsArticle',
    );
    if (!hidden) throw new Error('The seed has no article.');
    hidden.security = [{ groupId: null, userId: 'User/praman', level: 'NO_ACCESS' }];
    const seen = async (role: 'admin' | 'editor') =>
      (await runSimple(await signIn(sandbox, role), 'Reports/1')).rows.join();
    expect(await seen('admin')).toContain(`"${hidden.id}"`);
    expect(await seen('editor')).not.toContain(`"${hidden.id}"`);
  });

  it('offer columns of the documents involved, the chosen ones marked', async () => {
    const api = await signIn(await ownSandbox());
    const columns = await api.get<{ attributeName: string; selected: boolean }[]>('/reports/columns', {
      reportId: 'Reports/1',
      involvedDocuments: 'Page,User',
      query: '',
      ...locale,
    });
    expect(columns.map(({ attributeName }) => attributeName)).toEqual(expect.arrayContaining(['Schema', 'Title']));
    expect(columns.filter(({ selected }) => selected).map(({ attributeName }) => attributeName)).toEqual([
      'Id',
      'Name',
      'LastModified',
    ]);
  });

  it('have schedules, whose next times follow from their start', async () => {
    const sandbox = await ownSandbox({ now: () => new Date('2026-03-10T12:00:00Z') });
    const admin = await signIn(sandbox, 'admin');
    const schedules = [
      {
        name: 'Weekly',
        startTime: '2026-03-02T06:00:00Z',
        recurUnit: 'week',
        recurNumber: 1,
        recipients: ['a@x.example', 'b@x.example'],
      },
    ];
    const save = (body: object) => admin.call('PUT', '/reports/report-schedules', { query: locale, body });
    expect((await save({ reportId: 'Reports/1', schedules })).json).toEqual({ success: true, schedulerStarted: false });
    const scheduling = await admin.get('/reports/scheduling', { count: 5, ...locale });
    expect(scheduling).toEqual({
      occurrences: [{ id: 'Reports/1', name: 'News articles: Weekly', time: '20260316T06:00:00', recipientsCount: 2 }],
      schedulerState: { started: false, startTime: null },
    });
    expect(
      await admin.send('POST', '/reports/toggle-scheduler', undefined, { toStart: true, ...locale }),
    ).toMatchObject({ started: true });
    const wrong = [{ name: 'Odd', startTime: 'soon', recurUnit: 'week', recurNumber: 1, recipients: [] }];
    expect((await save({ reportId: 'Reports/1', schedules: wrong })).status).toBe(500);
  });

  it('live in folders that can be made and renamed', async () => {
    const admin = await signIn(await ownSandbox(), 'admin');
    const save = (folderId: string, folderName: string) =>
      admin.call('POST', '/reports/folder', { query: { folderId, folderName, ...locale } });
    expect((await save('', 'Audits')).json).toEqual({ name: 'Audits', reports: [] });
    expect((await save('ReportFolders/1', 'Renamed')).json).toMatchObject({ name: 'Renamed' });
    expect((await save('ReportFolders/99', 'Nowhere')).json).toMatchObject({
      ExceptionType: 'System.ArgumentException',
    });
  });
});

function rootNameOf(state: { schemas: { id: string; rootName: string }[] }, schemaId: string): string | undefined {
  return state.schemas.find(({ id }) => id === schemaId)?.rootName;
}
