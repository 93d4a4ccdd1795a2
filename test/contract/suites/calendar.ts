import { describe, expect, it } from 'vitest';
import type { Calendar } from '../../../src/domain/ports/calendar.ts';

/** The laws of src/domain/ports/calendar.ts. */
export function calendarContract(name: string, open: () => Calendar): void {
  const calendar = open();
  const at = (iso: string) => Date.parse(iso);
  const cron = (rule: string, timeZone = 'UTC') => ({ kind: 'recurring', cron: rule, timeZone }) as const;
  const once = (at: string, timeZone: string) => ({ kind: 'once', at, timeZone }) as const;
  const iso = (ms: number) => new Date(ms).toISOString();

  describe(`Calendar: ${name}`, () => {
    it('answers the first time of a rule strictly after a moment', () => {
      expect(iso(calendar.next(cron('0 9 * * *'), at('2026-03-01T08:59:59Z')))).toBe('2026-03-01T09:00:00.000Z');
      expect(iso(calendar.next(cron('0 9 * * *'), at('2026-03-01T09:00:00Z')))).toBe('2026-03-02T09:00:00.000Z');
      expect(iso(calendar.next(cron('*/15 8-17 * * 1-5'), at('2026-03-06T17:50:00Z')))).toBe(
        '2026-03-09T08:00:00.000Z',
      );
    });

    it('goes by the wall clock of the zone, over changes of daylight saving time', () => {
      const rule = cron('30 9 * * *', 'Europe/Berlin');
      expect(iso(calendar.next(rule, at('2026-03-28T00:00:00Z')))).toBe('2026-03-28T08:30:00.000Z');
      expect(iso(calendar.next(rule, at('2026-03-29T00:00:00Z')))).toBe('2026-03-29T07:30:00.000Z');
      expect(iso(calendar.next(once('2026-12-01T09:00', 'America/New_York'), 0))).toBe('2026-12-01T14:00:00.000Z');
      expect(iso(calendar.next(once('2026-07-01T09:00:30', 'America/New_York'), 0))).toBe('2026-07-01T13:00:30.000Z');
    });

    it('takes a time that the zone skips in spring as the time after the gap', () => {
      expect(iso(calendar.next(once('2026-03-29T02:30', 'Europe/Berlin'), 0))).toBe('2026-03-29T01:30:00.000Z');
      expect(iso(calendar.next(cron('30 2 * * *', 'Europe/Berlin'), at('2026-03-28T12:00:00Z')))).toBe(
        '2026-03-29T01:30:00.000Z',
      );
    });

    it('takes a time that the zone has twice in autumn once', () => {
      const rule = cron('30 2 * * *', 'Europe/Berlin');
      const first = calendar.next(rule, at('2026-10-24T12:00:00Z'));
      expect(iso(first)).toBe('2026-10-25T00:30:00.000Z');
      expect(iso(calendar.next(rule, first))).toBe('2026-10-26T01:30:00.000Z');
      for (const [time, zone, first] of [
        ['2026-10-25T02:30', 'Europe/Berlin', '2026-10-25T00:30:00.000Z'],
        ['2026-10-25T03:00', 'Europe/Berlin', '2026-10-25T02:00:00.000Z'],
        ['2026-11-01T01:59:59', 'America/New_York', '2026-11-01T05:59:59.000Z'],
        ['2026-04-05T01:45', 'Australia/Lord_Howe', '2026-04-04T14:45:00.000Z'],
        ['2026-10-25T02:30', 'UTC', '2026-10-25T02:30:00.000Z'],
      ] as const) {
        expect(iso(calendar.next(once(time, zone), 0)), `${time} ${zone}`).toBe(first);
      }
    });

    it('answers the time of a one-time schedule however long ago it was', () => {
      expect(iso(calendar.next(once('2020-01-01T00:00', 'UTC'), at('2026-01-01T00:00:00Z')))).toBe(
        '2020-01-01T00:00:00.000Z',
      );
    });

    it('refuses what it cannot read, and tells what it expects', () => {
      const refused = [
        [cron('61 * * * *'), 'five fields'],
        [cron('* * * *'), 'five fields'],
        [cron('0 0 0 * * *'), 'five fields'],
        [cron(''), 'five fields'],
        [cron('0 0 30 2 *'), 'five fields'],
        [cron('0 9 * * *', 'Europe/Nowhere'), 'time zone'],
        [once('tomorrow', 'UTC'), 'local date and time'],
        [once('2026-13-01T09:00', 'UTC'), 'local date and time'],
        [once('2026-12-01T09:00Z', 'UTC'), 'local date and time'],
        [once('2026-12-01T09:00', ''), 'time zone'],
      ] as const;
      for (const [time, word] of refused) {
        expect(() => calendar.next(time, at('2026-03-01T00:00:00Z')), JSON.stringify(time)).toThrow(
          expect.objectContaining({ code: 'BAD_INPUT', message: expect.stringContaining(word) }),
        );
      }
    });
  });
}
