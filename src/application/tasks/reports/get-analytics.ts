import { z } from 'zod';
import { DomainError } from '../../../domain/errors.ts';
import { defineTask } from '../../define-task.ts';
import { isAssetId } from '../../items/item-path.ts';
import { resolveItem } from '../../items/resolve-item.ts';
import { resolveTarget } from '../../items/resolve-target.ts';
import { itemParameter, targetParameter } from '../parameters.ts';

/** A check instead of a pattern, which every client would have to read. */
const date = z
  .string()
  .refine(
    (text) => /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)),
    'give a date such as 2026-01-31',
  );

/** Tells how many visitors there were. */
export const getAnalytics = defineTask({
  name: 'get_analytics',
  title: 'Get analytics',
  summary:
    'Show visitor figures of the site on a publishing target for a period and where visitors came from; for one page, whether it is measured and its live address. Needs an analytics service that is connected in the CMS.',
  toolset: 'reports',
  effect: 'read',
  idempotent: true,
  heedsFreeze: false,
  scopes: ['cms:read'],
  needs: ['analytics', 'pages', 'assets', 'search', 'publishing'],
  input: z
    .object({
      item: itemParameter.optional(),
      target: targetParameter,
      from: date.describe('ISO date'),
      to: date.describe('ISO date, included'),
    })
    .strict(),
  output: z.object({
    target: z.object({ id: z.string(), name: z.string() }),
    from: z.string(),
    to: z.string(),
    connected: z.boolean(),
    provider: z.string().optional(),
    figures: z
      .array(z.object({ name: z.string(), value: z.string(), series: z.array(z.number()).optional() }))
      .optional(),
    sources: z.array(z.object({ name: z.string(), value: z.number() })).optional(),
    page: z.object({ id: z.string(), name: z.string(), live_url: z.string().optional() }).optional(),
    notes: z.array(z.string()).optional(),
  }),
  publishesOutputSchema: false,

  async execute({ item: text, target: targetText, from, to }, ports) {
    if (from > to) throw new DomainError('BAD_INPUT', '"from" is after "to".');
    const target = await resolveTarget(targetText, ports.publishing);
    const period = { targetId: target.id, from, to };
    const base = { target: { id: target.id, name: target.name }, from, to };
    if (text === undefined) {
      const site = await ports.analytics.site(period);
      if (!site.connected) return { ...base, connected: false, notes: [notConnected] };
      const sources = await ports.analytics.sources(target.id);
      return {
        ...base,
        connected: true,
        ...(site.provider === undefined ? {} : { provider: site.provider }),
        figures: site.figures.map(({ name, value, series }) => ({
          name,
          value,
          ...(series.length === 0 ? {} : { series: series.slice(0, pointsMax) }),
        })),
        sources: sources.sources.slice(0, sourcesMax).map(({ name, value }) => ({ name, value })),
        notes:
          sources.error === undefined
            ? ['The CMS chooses the period of the sources itself.']
            : [`The CMS has no sources: ${sources.error.slice(0, errorCharactersMax)}`],
      };
    }
    const item = await resolveItem(text, ports);
    if (isAssetId(item.id)) throw new DomainError('BAD_INPUT', 'Only pages are measured, not assets.');
    const page = await ports.analytics.page(item.id, period);
    return {
      ...base,
      connected: page.connected,
      ...(page.provider === undefined ? {} : { provider: page.provider }),
      page: {
        id: item.id,
        name: item.name,
        ...(page.liveUrl === undefined ? {} : { live_url: page.liveUrl }),
      },
      notes: [page.connected ? (page.liveUrl === undefined ? notLive : noPageFigures) : notConnected],
    };
  },
});

const noPageFigures =
  'The API of this CMS tells no figures of a single page; look its live address up in the analytics service.';
const notLive = 'The page is not published on this target, so nobody can have visited it there.';
const notConnected = 'No analytics service is connected to this target; an administrator does that in the CMS.';
/** A point per day for about three months. */
const pointsMax = 92;
const sourcesMax = 20;
const errorCharactersMax = 200;
