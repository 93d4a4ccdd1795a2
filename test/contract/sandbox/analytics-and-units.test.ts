import { describe, expect, it } from 'vitest';
import { seedIds } from '../../../sandbox/seed/seed-ids.ts';
import { sandboxLandmarks } from '../../../sandbox/seed.ts';
import { signIn } from './support/api-client.ts';
import { ownSandbox } from './support/sandboxes.ts';

const { production, staging } = seedIds.targets;
const january = { pubTgtId: production, startDate: '2026-01-01', endDate: '2026-01-31' };

type Overview = { NotInitialized: boolean; Data: { Name: string; Value: number; ChartData: number[] }[] };
type Report = {
  Chart: { labels: string[]; datasets: { data: number[] }[] };
  Table: { Name: string; Value: number; Link: string | null }[];
};
const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);
const reportOf = (name: string) => `Ingeniux.CMS.Analytics.Reports.${name}`;

describe('analytics', () => {
  it('count the same visits for every reader, day by day, and part them without a rest', async () => {
    const [one, other] = await Promise.all([signIn(await ownSandbox()), signIn(await ownSandbox(), 'viewer')]);
    const overview = await one.get<Overview>('/analytics/site-overview', january);
    expect(overview).toEqual(await other.get('/analytics/site-overview', january));
    const visits = overview.Data.find(({ Name }) => Name === 'Visits');
    expect(visits?.ChartData).toHaveLength(31);
    expect(visits?.Value).toBe(sum(visits?.ChartData ?? []));
    expect(visits?.Value).toBeGreaterThan(1000);
    for (const name of ['Mediums', 'Referrers', 'Devices', 'Browsers', 'Countries']) {
      const query = { ...january, pageId: '', reportTypeFullName: reportOf(name) };
      const { Table } = await one.get<Report>('/analytics/report', query);
      expect(sum(Table.map(({ Value }) => Value)), name).toBe(visits?.Value);
    }
  });

  it('are zero for a page that is not published, for days before it and for days to come', async () => {
    const api = await signIn(await ownSandbox());
    const report = async (pageId: string, days: object) => {
      const query = { ...january, pageId, reportTypeFullName: reportOf('Devices'), ...days };
      return sum((await api.get<Report>('/analytics/report', query)).Chart.datasets[0]?.data ?? []);
    };
    expect(await report(sandboxLandmarks.home, {})).toBeGreaterThan(0);
    expect(await report(sandboxLandmarks.neverPublishedPage, {})).toBe(0);
    expect(await report(sandboxLandmarks.home, { startDate: '2001-01-01', endDate: '2001-01-31' })).toBe(0);
    expect(await report(sandboxLandmarks.home, { startDate: '2999-01-01', endDate: '2999-01-31' })).toBe(0);
    const query = { ...january, pageId: sandboxLandmarks.neverPublishedPage };
    expect(await api.get('/analytics/page-overview', query)).toMatchObject({ NotInitialized: false, LiveUrl: null });
  });

  it('refuse unknown targets, pages and reports, and dates of another form or order', async () => {
    const api = await signIn(await ownSandbox());
    const wrong: [string, object][] = [
      ['/analytics/site-overview', { pubTgtId: 'PublishingTargets/999' }],
      ['/analytics/site-overview', { startDate: '01/31/2026' }],
      ['/analytics/site-overview', { startDate: '2026-02-01' }],
      ['/analytics/page-overview', { pageId: 'x999999' }],
      ['/analytics/report', { pageId: '', reportTypeFullName: 'Weather' }],
    ];
    for (const [path, change] of wrong) {
      const answer = await api.call('GET', path, { query: { ...january, ...change } });
      expect(answer.json, path).toMatchObject({ ExceptionType: 'System.ArgumentException' });
    }
  });

  it('are set up and ended by an administrator in the steps of a device code', async () => {
    const api = await signIn(await ownSandbox(), 'admin');
    const query = { ...january, pubTgtId: staging };
    expect(await api.get('/analytics/site-overview', query)).toMatchObject({ NotInitialized: true });
    expect(await api.get('/dashboard/analytic_medium-data', { pubTgtId: staging })).toMatchObject({
      Error: expect.stringContaining('not set up'),
    });
    const pubtgt = staging;
    const path = '/analytics/device-verification';
    const { device_code } = await api.send<{ device_code: string }>('POST', path, undefined, { pubtgt });
    const flow = { pubtgt, deviceCode: device_code, interval: 5 };
    const choice = await api.send<{ Properties: { Id: string; Name: string }[] }>(
      'POST',
      '/analytics/google-analytic-authcode-flow',
      undefined,
      flow,
    );
    const again = await api.call('POST', '/analytics/google-analytic-authcode-flow', { query: flow });
    expect(again.json).toMatchObject({ ExceptionType: 'System.ArgumentException' });
    const property = { propertyId: choice.Properties[1]?.Id ?? '', propertyName: choice.Properties[1]?.Name ?? '' };
    await api.send('POST', '/analytics/google-analytic-property-confirm', undefined, { pubtgt, ...property });
    expect(await api.get('/analytics/site-overview', query)).toMatchObject({ NotInitialized: false });
    expect(await api.send('POST', '/analytics/google-analytic-revoke-token', undefined, { pubtgt })).toBe(true);
    expect(await api.get('/analytics/site-overview', query)).toMatchObject({ NotInitialized: true });
  });

  it('stand on the dashboard, with what was done per day', async () => {
    const api = await signIn(await ownSandbox());
    expect(await api.get('/dashboard/overview')).toMatchObject({
      Analytics: { Targets: [{ Id: production }] },
      AnalyticsInitial: { Traffic: { Id: production, Error: null } },
    });
    const days = { pubTgtId: production, startDate: '20260226T00:00:00', endDate: '20260228T00:00:00' };
    type Production = { labels: string[]; datasets: { label: string; data: number[] }[] };
    const data = await api.get<Production>('/dashboard/production-data', days);
    expect(data.labels).toEqual(['2026-02-26', '2026-02-27', '2026-02-28']);
    expect(data.datasets.find(({ label }) => label === 'Published')?.data[1]).toBeGreaterThan(100);
    const wrong = await api.call('GET', '/dashboard/production-data', { query: { startDate: '2026-02-26' } });
    expect(wrong.json).toMatchObject({ ExceptionType: 'System.ArgumentException' });
  });
});

describe('content units and the picker of components', () => {
  it('show a component, where it is embedded, and the picture it was given', async () => {
    const api = await signIn(await ownSandbox());
    const card = sandboxLandmarks.sharedContactCard;
    type Content = { model: { childElements: { nodeName: string; nodeValue: string }[] }; markup: string };
    const content = await api.get<Content>('/content-units/get-comp-unit-content', { compUnitId: card });
    expect(content.model.childElements.map(({ nodeName }) => nodeName)).toContain('Office');
    expect(content.markup).toContain('<ContactCard');
    const instances = await api.get<unknown[]>('/content-units/get-comp-unit-instances', { compUnitId: card });
    expect(instances.length).toBeGreaterThan(1);
    const picture = { contentUnitId: card, tempAssetUrl: '/temp/card.png' };
    await api.send('PUT', '/content-units/update-comp-unit-thumb', undefined, picture);
    const thumb = '/dialogs/ice-comp-picker/get-comp-thumb';
    expect(await api.get(thumb, { id: card })).toEqual({ Result: '/temp/card.png' });
    const page = await api.call('GET', '/content-units/content-unit-preview-data', {
      query: { cuId: sandboxLandmarks.home },
    });
    expect(page.json).toMatchObject({ ExceptionType: 'System.ArgumentException' });
  });

  it('list the units of a page, the schemas, and the components by schema and name', async () => {
    const api = await signIn(await ownSandbox());
    type Units = { FieldContentUnits: { FieldLabel: string }[]; ComponentContentUnits: { Id: string }[] };
    const query = { pageId: sandboxLandmarks.home, pubTgtId: production };
    const units = await api.get<Units>('/pages/page/design/content-units', query);
    expect(units.FieldContentUnits.map(({ FieldLabel }) => FieldLabel)).toContain('Title');
    expect(units.ComponentContentUnits.length).toBeGreaterThan(0);
    const schemas = await api.get<{ Key: string; Value: string }[]>('/dialogs/ice-comp-picker/get-ice-comp-types');
    const card = schemas.find(({ Value }) => Value === 'Contact Card')?.Key ?? '';
    const trays = { type: card, name: '', language: '', start: 0, end: 2, includeCus: true, includeComps: true };
    const ranged = await api.send<{ ItemsInRange: { SchemaName: string }[]; TotalCount: number }>(
      'POST',
      '/dialogs/ice-comp-picker/get-trays',
      trays,
    );
    expect(ranged.ItemsInRange.map(({ SchemaName }) => SchemaName)).toEqual(['Contact Card', 'Contact Card']);
    const list = { ...trays, count: 3, sort: '-name', end: undefined };
    const { end: _left, ...listQuery } = list;
    type Grid = { numRows: number; items: { name: string }[] };
    const grid = await api.get<Grid>('/dialogs/ice-comp-picker/get-list-page', listQuery);
    expect(grid.numRows).toBe(ranged.TotalCount);
    const names = grid.items.map(({ name }) => name);
    expect(names).toEqual(names.toSorted((a, b) => b.localeCompare(a)));
  });

  it('find the names of classes in stored and given styles', async () => {
    const api = await signIn(await ownSandbox());
    const body = {
      filterText: '',
      stylesheetRefs: ['Web/Styles/events.css'],
      stylesheetContents: ['.card.wide > .title { line-height: 1.5em }'],
      count: 0,
    };
    const path = '/content-units/get-class-names-from-css';
    expect(await api.send('POST', path, body)).toEqual(['card', 'event-date', 'title', 'wide']);
    expect(await api.send('POST', path, { ...body, filterText: 'EVENT' })).toEqual(['event-date']);
  });
});

describe('hooks and macros', () => {
  it('run for an administrator alone, and fill the publishing queue', async () => {
    const sandbox = await ownSandbox({ knobs: { publishTickMs: 60_000 } });
    const admin = await signIn(sandbox, 'admin');
    expect(await admin.get('/hooks/macros')).toContainEqual(expect.objectContaining({ Id: 'PublishChanges' }));
    const query = { id: 'PublishChanges' };
    expect(await admin.send('POST', '/hooks/macros', undefined, query)).toBe(true);
    expect(sandbox.state.publishing.queue.map(({ targetId }) => targetId)).toContain(production);
    const unknown = await admin.call('POST', '/hooks/macros', { query: { id: 'Nothing' } });
    expect(unknown.json).toMatchObject({ ExceptionType: 'System.Web.Http.HttpResponseException' });
    const editor = await signIn(sandbox);
    const refused = await editor.call('POST', '/hooks/macros', { query });
    expect(refused.json).toMatchObject({ ExceptionType: 'System.Security.SecurityException' });
  });
});
