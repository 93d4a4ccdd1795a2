import { describe, expect, it } from 'vitest';
import { createCalendar } from '../../../../src/adapters/outbound/node/calendar.ts';
import { readTime } from '../../../../src/domain/policy/read-time.ts';

describe('the time of something that happens once', () => {
  const msOf = (text: string) => createCalendar().next(readTime(text), 0);

  it.each([
    ['2026-12-01T09:00+01:00', '2026-12-01T08:00:00.000Z'],
    ['2026-12-01T08:00Z', '2026-12-01T08:00:00.000Z'],
    ['2026-12-01T08:00:30.500Z', '2026-12-01T08:00:30.000Z'],
    ['2026-12-01T09:00 Europe/Berlin', '2026-12-01T08:00:00.000Z'],
    ['2026-07-01T09:00 Europe/Berlin', '2026-07-01T07:00:00.000Z'],
    ['2026-12-01T09:00:10 America/New_York', '2026-12-01T14:00:10.000Z'],
  ])('%s is %s', (text, iso) => {
    expect(new Date(msOf(text)).toISOString()).toBe(iso);
  });

  it.each(['2026-12-01T09:00', 'tomorrow', '2026-13-45T09:00Z', '2026-12-01', '', '2026-12-01T09:00 Nowhere/Else'])(
    'refuses %s',
    (text) => {
      expect(() => msOf(text)).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }));
    },
  );
});
