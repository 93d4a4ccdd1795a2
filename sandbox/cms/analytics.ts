import { invalidArgument } from '../exceptions.ts';
import type { PageItem, PublishingTarget } from '../model.ts';
import { canRead } from './access.ts';
import type { Actor } from './actor.ts';
import { nameOf } from './content.ts';
import { isRecycled } from './tree.ts';
import { type DayFigures, daysBetween, figuresOf, partedBy, sumOf } from './visits.ts';

/** The one service the sandbox knows; nobody is asked. */
export const analyticsProvider = 'Google Analytics';

export type Period = { days: string[]; today: string };

/** Longer than anybody looks back. */
const DAYS_MAX = 1100;

/** @throws CmsException (ArgumentException) for dates that are not `yyyy-MM-dd`, or in the wrong order. */
export function periodOf(now: string, startDate: string, endDate: string): Period {
  const check = (text: string, name: string) => {
    if (!/^\d{4}-\d\d-\d\d$/.test(text) || Number.isNaN(Date.parse(text))) {
      throw invalidArgument(`"${text}" is no date of the form yyyy-MM-dd.`, name);
    }
  };
  check(startDate, 'startDate');
  check(endDate, 'endDate');
  if (startDate > endDate) throw invalidArgument('The start date is after the end date.', 'startDate');
  if (Date.parse(endDate) - Date.parse(startDate) > DAYS_MAX * 86_400_000) {
    throw invalidArgument(`A period has at most ${DAYS_MAX} days.`, 'startDate');
  }
  return { days: daysBetween(startDate, endDate), today: now.slice(0, 10) };
}

/** The pages that count: all that are published, or the one given. */
export function measuredPages(actor: Actor, target: PublishingTarget, page: PageItem | null): PageItem[] {
  if (page) return [page];
  return Object.values(actor.state.pages).filter(
    (candidate) => target.id in candidate.published && !isRecycled(actor.state, candidate),
  );
}

/** The figures of each day over all pages. */
export function figuresPerDay(actor: Actor, target: PublishingTarget, pages: PageItem[], period: Period): DayFigures[] {
  return period.days.map((day) => sumOf(pages.map((page) => figuresOf(actor.state, target, page, day, period.today))));
}

/** One figure by name, with its value, its text, and its course over the days. */
export type Figure = { name: string; value: number; text: string; series: number[] };

/** The figures that the overviews show. */
export function overviewOf(perDay: DayFigures[]): Figure[] {
  const total = sumOf(perDay);
  const share = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);
  const bounceRate = (figures: DayFigures) => Math.round(1000 * share(figures.bounces, figures.visits)) / 10;
  const average = (figures: DayFigures) => Math.round(share(figures.seconds, figures.visits));
  const counted = (name: string, pick: (figures: DayFigures) => number): Figure => ({
    name,
    value: pick(total),
    text: pick(total).toLocaleString('en-US'),
    series: perDay.map(pick),
  });
  return [
    counted('Visits', ({ visits }) => visits),
    counted('Page views', ({ views }) => views),
    counted('Visitors', ({ visitors }) => visitors),
    {
      name: 'Bounce rate',
      value: Math.round(bounceRate(total)),
      text: `${bounceRate(total)} %`,
      series: perDay.map(bounceRate),
    },
    {
      name: 'Average visit',
      value: average(total),
      text: `${average(total)} s`,
      series: perDay.map(average),
    },
  ];
}

/** Where visits came from, with what, and from where: shares of every day alike. */
export const visitShares = {
  Mediums: [
    ['organic', 0.46],
    ['direct', 0.27],
    ['referral', 0.14],
    ['social', 0.08],
    ['email', 0.05],
  ],
  Referrers: [
    ['google.com', 0.41],
    ['(direct)', 0.27],
    ['bing.com', 0.07],
    ['commonapp.org', 0.11],
    ['instagram.com', 0.09],
    ['newsletter.northfield.example', 0.05],
  ],
  Devices: [
    ['mobile', 0.55],
    ['desktop', 0.4],
    ['tablet', 0.05],
  ],
  Browsers: [
    ['Chrome', 0.52],
    ['Safari', 0.33],
    ['Edge', 0.08],
    ['Firefox', 0.07],
  ],
  Countries: [
    ['United States', 0.83],
    ['Canada', 0.07],
    ['India', 0.06],
    ['Portugal', 0.04],
  ],
} as const satisfies Record<string, readonly (readonly [string, number])[]>;

export type ReportRow = { name: string; pageId: string | null; value: number };

/** The rows of a report, by the last part of its type's full name. Null for an unknown one. */
export function reportRows(
  actor: Actor,
  target: PublishingTarget,
  pages: PageItem[],
  period: Period,
  reportName: string,
): ReportRow[] | null {
  if (reportName in visitShares) {
    const shares = visitShares[reportName as keyof typeof visitShares].map(([name, share]): [string, number] => [
      name,
      share,
    ]);
    const { visits } = sumOf(figuresPerDay(actor, target, pages, period));
    return partedBy(visits, shares).map((row) => ({ ...row, pageId: null }));
  }
  if (reportName !== 'TopPages') return null;
  return pages
    .filter((page) => canRead(actor, page))
    .map((page) => ({
      name: nameOf(page),
      pageId: page.id,
      value: sumOf(figuresPerDay(actor, target, [page], period)).views,
    }))
    .toSorted((a, b) => b.value - a.value || a.name.localeCompare(b.name))
    .slice(0, TOP_PAGES);
}

const TOP_PAGES = 25;
