import { z } from 'zod';
import type { LogLine, ReplicationLog, SiteStatistics } from '../../../../domain/ports/cms/health.ts';
import { compact, count, flag, optionalText, text, time } from './values.ts';

/** `LogViewerLogLine`. */
export const logLine = z
  .object({ Message: text, Type: text, Time: time })
  .transform((wire): LogLine => compact({ at: wire.Time, level: wire.Type, message: wire.Message }));

/** Properties of an object that are numbers. */
const numbers = z
  .record(z.string(), z.unknown())
  .nullish()
  .transform((wire) =>
    Object.fromEntries(
      Object.entries(wire ?? {}).flatMap(([name, value]) => (typeof value === 'number' ? [[name, value]] : [])),
    ),
  );

/** `StatsResponse`. */
export const siteStatistics = z
  .object({ general: z.record(z.string(), z.unknown()).nullish(), period: numbers })
  .transform(
    ({ general, period }): SiteStatistics =>
      compact({
        version: optionalText.parse(general?.['siteVersion']),
        now: numbers.parse(general),
        since: period,
      }),
  );

/** `ReplicationCompleteLogModel`. */
export const replicationLog = z
  .object({
    StartTime: time,
    TotalTimeSeconds: count,
    CancelledByUser: flag,
    Replicated: count,
    Removed: count,
    Skipped: count,
    StoppingError: optionalText,
  })
  .transform(
    (wire): ReplicationLog =>
      compact({
        startedAt: wire.StartTime,
        seconds: wire.TotalTimeSeconds,
        replicated: wire.Replicated,
        removed: wire.Removed,
        skipped: wire.Skipped,
        cancelled: wire.CancelledByUser,
        error: wire.StoppingError,
      }),
  );
