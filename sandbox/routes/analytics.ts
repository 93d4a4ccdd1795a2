import { randomUUID } from 'node:crypto';
import { requireRead } from '../cms/access.ts';
import {
  analyticsProvider,
  figuresPerDay,
  measuredPages,
  overviewOf,
  type Period,
  periodOf,
  reportRows,
  visitShares,
} from '../cms/analytics.ts';
import { targetOf } from '../cms/publishing.ts';
import { structuredUrl } from '../cms/structured-urls.ts';
import { daysBetween, partedBy, sumOf } from '../cms/visits.ts';
import type { WireModel } from '../contract/contract.ts';
import { contractRoutes } from '../contract/contract-routes.ts';
import { shape } from '../contract/shape.ts';
import { invalidArgument } from '../exceptions.ts';
import type { PageItem, PublishingTarget } from '../model.ts';
import type { ApiCall, Route } from '../route.ts';

/** Tag *Analytics* of the contract, and what the dashboard shows of it. The figures are made up, but always the same. */
export const analyticsRoutes: Route[] = contractRoutes({
  Analytics_GetSiteOverview(call) {
    const target = targetOf(call.state, call.query.text('pubTgtId'));
    const period = askedPeriod(call);
    if (!isConnected(call, target)) return shape('SiteOverviewModel', { NotInitialized: true });
    const perDay = figuresPerDay(call, target, measuredPages(call, target, null), period);
    return shape('SiteOverviewModel', {
      Data: overviewOf(perDay).map(({ name, value, text, series }) =>
        shape('OverviewDataEntry', { Name: name, Value: value, OverviewValue: text, ChartData: series }),
      ),
      ProviderName: analyticsProvider,
    });
  },
  Analytics_GetPageOverview(call) {
    const target = targetOf(call.state, call.query.text('pubTgtId'));
    const page = pageOf(call, call.query.text('pageId'));
    askedPeriod(call);
    return shape('PageOverviewModel', {
      NotInitialized: !isConnected(call, target),
      LiveUrl: liveUrl(call, target, page),
      PageId: page.id,
      ProviderName: isConnected(call, target) ? analyticsProvider : null,
    });
  },
  Analytics_GetReport(call) {
    const target = targetOf(call.state, call.query.text('pubTgtId'));
    const pageId = call.query.text('pageId');
    const pages = measuredPages(call, target, pageId === '' ? null : pageOf(call, pageId));
    const period = askedPeriod(call);
    const fullName = call.query.text('reportTypeFullName');
    const name = fullName.startsWith(REPORT_NAMESPACE) ? fullName.slice(REPORT_NAMESPACE.length) : '';
    const rows = reportRows(call, target, pages, period, name);
    if (rows === null) {
      const known = [...Object.keys(visitShares), 'TopPages'].map((report) => `${REPORT_NAMESPACE}${report}`);
      throw invalidArgument(`There is no report ${fullName}; there are ${known.join(', ')}.`, 'reportTypeFullName');
    }
    if (!isConnected(call, target)) return shape('ReportData', { Chart: shape('ChartData'), Table: [] });
    const perDay = figuresPerDay(call, target, pages, period);
    return shape('ReportData', {
      Chart: shape('ChartData', {
        labels: period.days,
        datasets: [shape('ChartSerie', { label: 'Visits', data: perDay.map(({ visits }) => visits) })],
      }),
      Table: rows.map((row) =>
        shape('TableDataEntry', {
          Name: row.name,
          Link: row.pageId && liveUrl(call, target, pageOf(call, row.pageId)),
          Value: row.value,
        }),
      ),
    });
  },
  Dashboard_GetAnalyticTrafficData: (call) => trafficModel(call, targetOf(call.state, call.query.text('pubTgtId'))),
  Dashboard_GetAnalyticMediumData: (call) => mediumModel(call, targetOf(call.state, call.query.text('pubTgtId'))),
  Analytics_GetDeviceVerificationResponse(call) {
    const target = targetOf(call.state, call.query.text('pubtgt'));
    const code = randomUUID();
    call.runtime.analyticsCodes.set(code, target.id);
    return shape('DeviceVerificationResponse', {
      device_code: code,
      expires_in: 1800,
      interval: 5,
      user_code: code.slice(0, 8).toUpperCase(),
      verification_url: 'https://www.google.com/device',
    });
  },
  Analytics_GoogleAuthCodeFlow(call) {
    const target = targetOf(call.state, call.query.text('pubtgt'));
    const code = call.query.text('deviceCode');
    if (call.runtime.analyticsCodes.get(code) !== target.id) {
      throw invalidArgument('The device code is unknown or was given for another target.', 'deviceCode');
    }
    call.runtime.analyticsCodes.delete(code);
    return shape('SelectPropertyModel', {
      Properties: PROPERTIES.map(([Id, Name]) => shape('GoogleProperty', { Id, Name })),
      AccessToken: `sandbox-analytics-${randomUUID()}`,
    });
  },
  Analytics_GoogleConfirmProperty(call) {
    const target = targetOf(call.state, call.query.text('pubtgt'));
    const propertyId = call.query.text('propertyId');
    if (propertyId === '') throw invalidArgument('No property was chosen.', 'propertyId');
    call.state.analyticsConnections[target.id] = { propertyId, propertyName: call.query.text('propertyName') };
    return true;
  },
  Analytics_GoogleRevokeToken(call) {
    const target = targetOf(call.state, call.query.text('pubtgt'));
    const wasConnected = isConnected(call, target);
    delete call.state.analyticsConnections[target.id];
    return wasConnected;
  },
});

/** The part of a report's full name that the sandbox chose; the contract names no report. */
const REPORT_NAMESPACE = 'Ingeniux.CMS.Analytics.Reports.';

const PROPERTIES = [
  ['properties/4010', 'Northfield University'],
  ['properties/4011', 'Northfield Staging'],
] as const;

/** `AnalyticsModel` and `AnalyticsInitialData` of the dashboard's overview. */
export function dashboardAnalytics(call: ApiCall) {
  const targets = call.state.publishingTargets.filter((target) => isConnected(call, target));
  const [first] = targets;
  return {
    Analytics: { Targets: targets.map(({ id, name }) => ({ Id: id, Name: name })) },
    AnalyticsInitial: first ? { Traffic: trafficModel(call, first), Sources: mediumModel(call, first) } : null,
  };
}

function trafficModel(call: ApiCall, target: PublishingTarget): WireModel {
  const about = { Id: target.id, Name: target.name };
  if (!isConnected(call, target))
    return shape('PubTargetAnalyticsData', { ...about, Info: [], Error: notConnected(target) });
  const perDay = figuresPerDay(call, target, measuredPages(call, target, null), lastDays(call));
  const info = overviewOf(perDay).map(({ name, text }) => shape('NameValuePair', { Name: name, Value: text }));
  return shape('PubTargetAnalyticsData', { ...about, Info: info });
}

function mediumModel(call: ApiCall, target: PublishingTarget): WireModel {
  const about = { Id: target.id, Name: target.name };
  if (!isConnected(call, target)) {
    return shape('PubTargetAnalyticsPieChart', { ...about, PiePieces: [], Error: notConnected(target) });
  }
  const { visits } = sumOf(figuresPerDay(call, target, measuredPages(call, target, null), lastDays(call)));
  const pieces = partedBy(
    visits,
    visitShares.Mediums.map(([name, share]): [string, number] => [name, share]),
  );
  return shape('PubTargetAnalyticsPieChart', {
    ...about,
    PiePieces: pieces.map(({ name, value }) => shape('PiePiece', { Label: name, Data: value })),
  });
}

function isConnected(call: ApiCall, target: PublishingTarget): boolean {
  return target.id in call.state.analyticsConnections;
}

function notConnected(target: PublishingTarget): string {
  return `Analytics is not set up for ${target.name}.`;
}

function askedPeriod(call: ApiCall): Period {
  return periodOf(call.now, call.query.text('startDate'), call.query.text('endDate'));
}

/** The dashboard chooses its period itself: thirty days up to yesterday. */
function lastDays(call: ApiCall): Period {
  const day = (back: number) => new Date(Date.parse(call.now) - back * 86_400_000).toISOString().slice(0, 10);
  return { days: daysBetween(day(30), day(1)), today: call.now.slice(0, 10) };
}

function pageOf(call: ApiCall, id: string): PageItem {
  const page = call.state.pages[id];
  if (!page) throw invalidArgument(`There is no page ${id}.`, 'pageId');
  requireRead(call, page);
  return page;
}

/** Null for a page that is not published on the target. */
function liveUrl(call: ApiCall, target: PublishingTarget, page: PageItem): string | null {
  const path = target.id in page.published ? structuredUrl(call.state, target, page) : null;
  return path === null ? null : target.baseUrl.replace('{siteRoot}', call.runtime.siteRoot) + path;
}
