import { CronDate, CronExpressionParser } from 'cron-parser';
import { DomainError } from '../../../domain/errors.ts';
import type { ScheduleTime } from '../../../domain/model/schedule.ts';
import type { Calendar } from '../../../domain/ports/calendar.ts';

/** The calendar of cron-parser, which knows the time zones of Node's own ICU data. */
export function createCalendar(): Calendar {
  return {
    next(time, afterMs) {
      checkZone(time.timeZone);
      return time.kind === 'once' ? timeOf(time) : nextOf(time, afterMs);
    },
  };
}

type Once = Extract<ScheduleTime, { kind: 'once' }>;
type Recurring = Extract<ScheduleTime, { kind: 'recurring' }>;

/** Without an offset: the zone says where the clock hangs. */
const localTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/;

const cronFields = 5;

function timeOf({ at, timeZone }: Once): number {
  const refuse = (cause?: unknown) =>
    new DomainError('BAD_INPUT', `The time "${shortened(at)}" is not a local date and time such as 2026-12-01T09:00.`, {
      cause,
    });
  if (!localTime.test(at)) throw refuse();
  try {
    return firstOfTwo(new CronDate(at, timeZone).getTime(), timeZone);
  } catch (error) {
    // The form fits, so no such day or minute exists; the library has no error class of its own.
    throw refuse(error);
  }
}

/** In autumn a zone has an hour twice, and the library takes the second one; rules and people mean the first. */
function firstOfTwo(ms: number, timeZone: string): number {
  const wall = new Intl.DateTimeFormat('en', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  const setBack = setBacksMs.find((back) => wall.format(ms - back) === wall.format(ms));
  return setBack === undefined ? ms : ms - setBack;
}

/** By how much zones set their clocks back: all by an hour, but for Lord Howe Island, which knows half of one. */
const setBacksMs = [3_600_000, 1_800_000];

function nextOf({ cron, timeZone }: Recurring, afterMs: number): number {
  const refuse = (cause?: unknown) =>
    new DomainError(
      'BAD_INPUT',
      `The rule "${shortened(cron)}" is not a cron rule that comes due: it takes five fields (minute, hour, day of the month, month, day of the week), such as 30 2 * * 1-5.`,
      { cause },
    );
  // The library also takes seconds and fills what is missing; people mean five fields.
  if (cron.trim().split(/\s+/).length !== cronFields) throw refuse();
  try {
    return CronExpressionParser.parse(cron, { currentDate: new Date(afterMs), tz: timeZone })
      .next()
      .getTime();
  } catch (error) {
    // The zone is known, so the rule is wrong; the library has no error class of its own.
    throw refuse(error);
  }
}

function checkZone(timeZone: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
  } catch (error) {
    // A RangeError: the only thing that was given is the zone.
    throw new DomainError(
      'BAD_INPUT',
      `There is no time zone "${shortened(timeZone)}". Names are those of the IANA database, such as Europe/Berlin or UTC.`,
      { cause: error },
    );
  }
}

/** As much of a text as an error shows. */
const shortened = (text: string): string => text.slice(0, 80);
