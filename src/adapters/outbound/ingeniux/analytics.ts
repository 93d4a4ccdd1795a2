import type { AnalyticsPeriod, CmsAnalytics } from '../../../domain/ports/cms/analytics.ts';
import type { Calls } from './calls.ts';
import { operations } from './catalogue/index.ts';
import { pageFigures, siteFigures, trafficSources } from './wire/analytics.ts';

export function createAnalytics(calls: Calls): CmsAnalytics {
  return {
    site: (period) => calls.value(operations.Analytics_GetSiteOverview, periodOf(period), siteFigures),
    page: (pageId, period) =>
      calls.value(operations.Analytics_GetPageOverview, { pageId, ...periodOf(period) }, pageFigures),
    sources: (targetId) =>
      calls.value(operations.Dashboard_GetAnalyticMediumData, { pubTgtId: targetId }, trafficSources),
  };
}

const periodOf = (period: AnalyticsPeriod) => ({
  pubTgtId: period.targetId,
  startDate: period.from,
  endDate: period.to,
});
