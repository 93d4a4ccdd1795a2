/**
 * Visitor figures, which the CMS fetches from the analytics service of a publishing target. Slow; never cached. Dates
 * are `YYYY-MM-DD`, both inclusive.
 */
export interface CmsAnalytics {
  /** Operation `Analytics_GetSiteOverview`. */
  site(period: AnalyticsPeriod): Promise<SiteFigures>;
  /** What the CMS tells of one page. Operation `Analytics_GetPageOverview`. */
  page(pageId: string, period: AnalyticsPeriod): Promise<PageFigures>;
  /** Where visitors came from. Operation `Dashboard_GetAnalyticMediumData`; the CMS chooses the period. */
  sources(targetId: string): Promise<TrafficSources>;
}

export interface AnalyticsPeriod {
  readonly targetId: string;
  readonly from: string;
  readonly to: string;
}

export interface SiteFigures {
  /** False when no analytics service is connected to the target. */
  readonly connected: boolean;
  readonly provider?: string;
  readonly figures: readonly { readonly name: string; readonly value: string; readonly series: readonly number[] }[];
}

export interface PageFigures {
  readonly connected: boolean;
  readonly provider?: string;
  readonly liveUrl?: string;
}

export interface TrafficSources {
  readonly error?: string;
  readonly sources: readonly { readonly name: string; readonly value: number }[];
}
