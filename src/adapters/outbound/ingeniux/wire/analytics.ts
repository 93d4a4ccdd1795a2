import { z } from 'zod';
import type { PageFigures, SiteFigures, TrafficSources } from '../../../../domain/ports/cms/analytics.ts';
import { compact, count, flag, listOf, optionalText, text } from './values.ts';

/** `SiteOverviewModel`. */
export const siteFigures = z
  .object({
    NotInitialized: flag,
    ProviderName: optionalText,
    Data: listOf(
      z.object({ Name: text, Value: count, OverviewValue: optionalText, ChartData: listOf(z.number().catch(0)) }),
    ),
  })
  .transform(
    (wire): SiteFigures =>
      compact({
        connected: !wire.NotInitialized,
        provider: wire.ProviderName,
        figures: wire.Data.map((entry) => ({
          name: entry.Name,
          value: entry.OverviewValue ?? String(entry.Value),
          series: entry.ChartData,
        })),
      }),
  );

/** `PageOverviewModel`. */
export const pageFigures = z
  .object({ NotInitialized: flag, ProviderName: optionalText, LiveUrl: optionalText })
  .transform(
    (wire): PageFigures =>
      compact({ connected: !wire.NotInitialized, provider: wire.ProviderName, liveUrl: wire.LiveUrl }),
  );

/** `PubTargetAnalyticsPieChart`: trouble comes in it, with status 200. */
export const trafficSources = z
  .object({ Error: optionalText, PiePieces: listOf(z.object({ Label: text, Data: count })) })
  .transform(
    (wire): TrafficSources =>
      compact({
        error: wire.Error,
        sources: wire.PiePieces.map(({ Label, Data }) => ({ name: Label, value: Data })),
      }),
  );
