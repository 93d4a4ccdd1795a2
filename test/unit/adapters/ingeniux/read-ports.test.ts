import { afterEach, describe, expect, it } from 'vitest';
import { createIngeniux } from '../../../../src/adapters/outbound/ingeniux/index.ts';
import { createMemoryCache } from '../../../../src/adapters/outbound/memory/cache.ts';
import { createClock } from '../../../../src/adapters/outbound/node/clock.ts';
import type { CmsGateway } from '../../../../src/domain/ports/cms/gateway.ts';
import { type ScriptedAnswer, type ScriptedCms, startScriptedCms } from './scripted-cms.ts';

const ending: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ending.splice(0)) await end();
});

/** A driver on a CMS that answers each path with what the script says. */
async function open(
  answers: Readonly<Record<string, ScriptedAnswer>>,
): Promise<{ gateway: CmsGateway; cms: ScriptedCms }> {
  const cms = await startScriptedCms(({ path }) => answers[path.replace('/api/v1', '')]);
  const clock = createClock();
  const cache = createMemoryCache({ maxSize: 100, clock });
  const connector = createIngeniux({
    baseUrl: cms.siteRoot,
    clientId: 'client',
    clientSecret: 'secret',
    timeoutMs: 5_000,
    retriesMax: 0,
    cache,
    cacheTtlSeconds: 60,
    clock,
  });
  ending.push(
    () => connector.close(),
    () => cache.close(),
    () => cms.close(),
  );
  const principal = { subject: 's', clientId: 'c', scopes: [] };
  const gateway = connector.as(principal, { signal: new AbortController().signal, allowStale: false });
  return { gateway, cms };
}

describe('the version of the API', () => {
  it('is told by the statistics where a sign-in page stands in place of the description, which is asked for once', async () => {
    const { gateway, cms } = await open({
      '/swagger/v1/swagger.json': { text: '<form>Sign in</form>', type: 'text/html' },
      '/reports/stats': { json: { general: { siteVersion: '10.6.1', pagesCount: 3 }, period: null } },
    });
    expect(await gateway.site.apiVersion()).toBe('10.6.1');
    expect(await gateway.site.apiVersion()).toBe('10.6.1');
    expect(cms.to('/swagger/v1/swagger.json')).toHaveLength(1);
  });
});

describe('CmsHealth over REST', () => {
  it('reads log lines by pages and keeps no secret of replication targets', async () => {
    const { gateway, cms } = await open({
      '/logs/cms': {
        json: {
          Results: [{ LineNum: 1, Message: 'It broke', Type: 'ERROR', Time: '2026-01-01T00:00:00' }],
          TotalResults: 3,
        },
      },
      '/publishing/replication/targets': { json: [{ Id: 'Rep/1', Name: 'Web 1', Password: 'hunter2', Username: 'u' }] },
      '/publishing/replication/target/log-detail': {
        json: {
          StartTime: '2026-01-01T00:00:00',
          TotalTimeSeconds: 4,
          Replicated: 7,
          Skipped: 1,
          StoppingError: 'lost',
        },
      },
    });
    expect(await gateway.health.log({ startIndex: 0, pageSize: 1 })).toEqual({
      items: [{ at: '2026-01-01T00:00:00', level: 'ERROR', message: 'It broke' }],
      total: 3,
      nextIndex: 1,
    });
    expect(await gateway.health.replicationTargets('T/1')).toEqual([{ id: 'Rep/1', name: 'Web 1' }]);
    expect(await gateway.health.replicationLog('Rep/1')).toMatchObject({ replicated: 7, skipped: 1, error: 'lost' });
    expect(cms.to('/api/v1/publishing/replication/targets')[0]?.query.get('publishingTargetId')).toBe('T/1');
  });
});

describe('CmsAnalytics over REST', () => {
  it('reads figures, sources and a page', async () => {
    const { gateway, cms } = await open({
      '/analytics/site-overview': {
        json: { NotInitialized: false, ProviderName: 'P', Data: [{ Name: 'Visits', Value: 12, ChartData: [5, 7] }] },
      },
      '/dashboard/analytic_medium-data': { json: { PiePieces: [{ Label: 'organic', Data: 9 }], Error: null } },
      '/analytics/page-overview': { json: { NotInitialized: true, PageId: 'x1' } },
    });
    const period = { targetId: 'T/1', from: '2026-01-01', to: '2026-01-31' };
    expect(await gateway.analytics.site(period)).toEqual({
      connected: true,
      provider: 'P',
      figures: [{ name: 'Visits', value: '12', series: [5, 7] }],
    });
    expect(Object.fromEntries(cms.to('/api/v1/analytics/site-overview')[0]?.query ?? [])).toEqual({
      pubTgtId: 'T/1',
      startDate: '2026-01-01',
      endDate: '2026-01-31',
    });
    expect(await gateway.analytics.sources('T/1')).toEqual({ sources: [{ name: 'organic', value: 9 }] });
    expect(await gateway.analytics.page('x1', period)).toEqual({ connected: false });
  });
});

describe('saved reports over REST', () => {
  it('reads what a report takes and runs it with or without parameters', async () => {
    const { gateway, cms } = await open({
      '/reports/report': { json: { id: 'r1', name: 'Old pages', parameters: [{ name: 'days', label: 'Days' }] } },
      '/reports/simple-report': { json: { rows: ['a', { b: 1 }] } },
      '/reports/parameterized-report': { json: { rows: ['c'] } },
    });
    expect(await gateway.reports.saved('r1')).toEqual({ id: 'r1', name: 'Old pages', parameters: ['days'] });
    expect(await gateway.reports.runSaved('r1', {})).toEqual(['a', '{"b":1}']);
    expect(await gateway.reports.runSaved('r1', { days: '7' })).toEqual(['c']);
    const [sent] = cms.to('/api/v1/reports/parameterized-report');
    expect(JSON.parse(sent?.body ?? '')).toEqual([{ name: 'days', value: '7' }]);
    expect(sent?.query.get('workingLocale')).toBe('en-us');
  });
});

describe('CmsDita over REST', () => {
  it('takes what the contract lets be null, and ids as numbers', async () => {
    const { gateway, cms } = await open({
      '/dita/ditamaps': {
        json: { Results: [{ id: 7, name: 'Guide', checkedOut: false, path: null }], TotalResults: 1, Tag: true },
      },
      '/dita/ditamaptree': {
        json: { Id: 'a/7', Name: 'Guide', checkedIn: true, children: [{ Id: null, Name: 'Topic', children: null }] },
      },
    });
    expect((await gateway.dita.maps('gui', { startIndex: 0, pageSize: 10 })).items).toMatchObject([
      { id: 'a/7', name: 'Guide', path: [], markedTargets: [] },
    ]);
    const [listed] = cms.to('/api/v1/dita/ditamaps');
    expect(Object.fromEntries(listed?.query ?? [])).toMatchObject({
      start: '0',
      end: '10',
      filter: 'gui',
      includeRemoved: 'false',
    });
    expect(await gateway.dita.tree('a/7')).toMatchObject({
      id: 'a/7',
      children: [{ name: 'Topic', checkedIn: false, children: [] }],
    });
  });
});
