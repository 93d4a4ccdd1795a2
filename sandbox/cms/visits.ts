import type { PageItem, PublishingTarget, SandboxState } from '../model.ts';
import { structuredUrl } from './structured-urls.ts';

/** What visitors did on one page, or on several, in one day. */
export type DayFigures = { visits: number; views: number; visitors: number; bounces: number; seconds: number };

const DAY_MS = 86_400_000;

/** The days from one to another as `yyyy-MM-dd`, both included. */
export function daysBetween(from: string, to: string): string[] {
  const days: string[] = [];
  for (let ms = Date.parse(from); ms <= Date.parse(to); ms += DAY_MS)
    days.push(new Date(ms).toISOString().slice(0, 10));
  return days;
}

/**
 * The visit history of a page on a target: a function of the page's id and the day, so that nothing is stored and two
 * readers see the same. Zero while the page is not published there, before it was created, and for days to come.
 */
export function figuresOf(
  state: SandboxState,
  target: PublishingTarget,
  page: PageItem,
  day: string,
  today: string,
): DayFigures {
  const path = target.id in page.published ? structuredUrl(state, target, page) : null;
  if (path === null || day < page.created.slice(0, 10) || day > today) return NOTHING;
  const visits = Math.floor(popularity(page, path) * weekday(day) * (0.7 + 0.6 * chance(`${page.id} ${day}`)));
  const bounces = Math.floor(visits * (0.3 + 0.3 * chance(page.id)));
  return {
    visits,
    views: visits + Math.floor((visits - bounces) * 1.7),
    visitors: Math.floor(visits * 0.82),
    bounces,
    seconds: visits * Math.floor(20 + 100 * chance(`${page.id} seconds`)),
  };
}

/** The sum of several figures. */
export function sumOf(figures: DayFigures[]): DayFigures {
  return figures.reduce(
    (sum, entry) => ({
      visits: sum.visits + entry.visits,
      views: sum.views + entry.views,
      visitors: sum.visitors + entry.visitors,
      bounces: sum.bounces + entry.bounces,
      seconds: sum.seconds + entry.seconds,
    }),
    NOTHING,
  );
}

/** Parts a number by shares that sum up to 1, without losing or adding a visit. */
export function partedBy(total: number, shares: [name: string, share: number][]): { name: string; value: number }[] {
  let share = 0;
  let given = 0;
  return shares.map(([name, own], index) => {
    share += own;
    const upTo = index === shares.length - 1 ? total : Math.floor(total * share);
    const value = upTo - given;
    given = upTo;
    return { name, value };
  });
}

const NOTHING: DayFigures = { visits: 0, views: 0, visitors: 0, bounces: 0, seconds: 0 };

/** Visits of an ordinary day: the home page has most, and each level below has fewer. */
function popularity(page: PageItem, path: string): number {
  const depth = path === '' ? 0 : path.split('/').length;
  return (640 / 4 ** Math.min(depth, 3)) * (0.4 + 1.2 * chance(`${page.id} popularity`));
}

/** Weekends are quiet. */
function weekday(day: string): number {
  const number = new Date(`${day}T00:00:00Z`).getUTCDay();
  return number === 0 || number === 6 ? 0.45 : 1;
}

/** A number from 0 to below 1 that a text always gives (FNV-1a, 32 bits). */
function chance(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  // The last bits of similar texts are similar; a last mix spreads them.
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return ((hash ^ (hash >>> 13)) >>> 0) / 2 ** 32;
}
