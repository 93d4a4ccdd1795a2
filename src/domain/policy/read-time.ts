import { DomainError } from '../errors.ts';
import type { ScheduleTime } from '../model/schedule.ts';

/** With an offset, as programs say it. */
const withOffset = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;
/** With the name of a time zone, as people say it. */
const withZone = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?) ([A-Za-z][A-Za-z0-9_+\-/]*)$/;

/**
 * When something is to happen once. A zone by name keeps the wall clock's time over a change of daylight saving time.
 *
 * @throws DomainError BAD_INPUT for a time without a zone: whose morning is meant is nothing to guess.
 */
export function readTime(text: string): ScheduleTime & { readonly kind: 'once' } {
  const ms = withOffset.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isFinite(ms)) {
    return { kind: 'once', at: new Date(ms).toISOString().slice(0, 'yyyy-mm-ddThh:mm:ss'.length), timeZone: 'UTC' };
  }
  const [, at, timeZone] = withZone.exec(text) ?? [];
  if (at !== undefined && timeZone !== undefined) return { kind: 'once', at, timeZone };
  throw new DomainError(
    'BAD_INPUT',
    '"at" is a time with its zone: 2026-12-01T09:00+01:00, 2026-12-01T08:00Z or 2026-12-01T09:00 Europe/Berlin.',
  );
}
