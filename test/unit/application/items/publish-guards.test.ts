import { describe, expect, it } from 'vitest';
import {
  approvalStamp,
  findHindrances,
  hindranceQuestion,
  type PublishGuards,
} from '../../../../src/application/items/publish-guards.ts';
import type { ContentItem } from '../../../../src/domain/model/content-item.ts';
import type { ContentFreeze } from '../../../../src/domain/model/site.ts';
import type { ReportFinding } from '../../../../src/domain/ports/cms/reports.ts';
import type { Ports } from '../../../../src/domain/ports/index.ts';
import { createFakeClock } from '../../../support/fake-clock.ts';

const dueAtMs = Date.UTC(2031, 2, 30, 7);
const minuteMs = 60_000;
const item = (id: string, over: Partial<ContentItem> = {}): ContentItem => ({
  id,
  name: `Page ${id}`,
  kind: 'page',
  childrenCount: 0,
  version: 3,
  checkedOut: false,
  markedTargetIds: [],
  categoryIds: [],
  access: 'full',
  modifiedAt: '2031-03-01T10:00:00Z',
  ...over,
});

interface Scene {
  readonly nowMs?: number;
  readonly freeze?: ContentFreeze;
  readonly items?: readonly ContentItem[];
  readonly broken?: readonly string[];
}

/** A CMS in which all is well but what the scene says, at the very moment that the publish is due. */
function scene({ nowMs = dueAtMs, freeze, items = [item('x1'), item('x2')], broken = [] }: Scene) {
  const ports = {
    clock: createFakeClock(nowMs),
    // What is remembered says that all is well.
    site: { contentFreeze: async (options?: { fresh: boolean }) => (options?.fresh ? freeze : undefined) },
    pages: { get: async (id: string) => items.find((one) => one.id === id) },
    assets: { get: async (id: string) => items.find((one) => one.id === id) },
    reports: {
      run: async ({ rootId }: { readonly rootId: string }): Promise<readonly Partial<ReportFinding>[]> =>
        broken.includes(rootId) ? [{ itemId: rootId }] : [],
    },
  };
  // Of each port what the guards read.
  return ports as unknown as Pick<Ports, 'pages' | 'assets' | 'site' | 'reports' | 'clock'>;
}

const approved = ['x1', 'x2'].map((id) => ({ id, name: `Page ${id}`, stamp: approvalStamp(item(id)) }));
const guards: PublishGuards = { dueAtMs, untilMs: dueAtMs + 60 * minuteMs, itemsMax: 2, approved };
const freezeOf = (fromMs: number, toMs: number): ContentFreeze => ({
  startsAt: new Date(fromMs).toISOString(),
  endsAt: new Date(toMs).toISOString(),
  message: 'Audit',
  allowsMe: false,
});

describe('what stands against a scheduled publish', () => {
  it('is nothing when all is as it was approved', async () => {
    expect(await findHindrances(guards, scene({}))).toEqual([]);
  });

  it.each<[string, Scene, Partial<PublishGuards>, string]>([
    ['a content freeze', { freeze: freezeOf(dueAtMs - minuteMs, dueAtMs + minuteMs) }, {}, 'content freeze until 2031'],
    ['the end of the window', { nowMs: dueAtMs + 60 * minuteMs + 1 }, {}, 'The window ended at 2031-03-30T08:00'],
    ['more items than may be', {}, { itemsMax: 1 }, '2 items would be published, and at most 1 may be'],
    ['an item that is gone', { items: [item('x1')] }, {}, '"Page x2" (x2) is not there any more'],
    ['a check-in', { items: [item('x1', { version: 4 }), item('x2')] }, {}, '"Page x1" (x1) was edited'],
    ['a check-out', { items: [item('x1', { checkedOut: true }), item('x2')] }, {}, '"Page x1" (x1) was edited'],
    [
      'an edit of a draft',
      { items: [item('x1', { modifiedAt: '2031-03-02T10:00:00Z' }), item('x2')] },
      {},
      '"Page x1" (x1) was edited',
    ],
    ['a broken link', { broken: ['x2'] }, {}, '"Page x2" (x2) has 1 broken link'],
  ])('is %s', async (_what, given, over, says) => {
    expect(await findHindrances({ ...guards, ...over }, scene(given))).toEqual([expect.stringContaining(says)]);
  });

  it.each<[string, Scene, Partial<PublishGuards>]>([
    ['a freeze that has ended', { freeze: freezeOf(dueAtMs - 9 * minuteMs, dueAtMs - minuteMs) }, {}],
    ['a freeze that does not stop this user', { freeze: { message: 'Audit', allowsMe: true } }, {}],
    ['a freeze to come', { freeze: freezeOf(dueAtMs + minuteMs, dueAtMs + 9 * minuteMs) }, {}],
    ['the last moment of the window', { nowMs: dueAtMs + 60 * minuteMs }, {}],
    ['as many items as may be', {}, { itemsMax: 2 }],
    ['an edit or a broken link of something else', { items: [item('x1'), item('x2'), item('x3')], broken: ['x3'] }, {}],
  ])('is not %s', async (_what, given, over) => {
    expect(await findHindrances({ ...guards, ...over }, scene(given))).toEqual([]);
  });

  it('is not any delay where a late publish is better than none', async () => {
    const { untilMs: _untilMs, ...withoutEnd } = guards;
    expect(await findHindrances(withoutEnd, scene({ nowMs: dueAtMs + 9_000 * minuteMs }))).toEqual([]);
  });

  it('looks for broken links on pages alone, and tells of everything at once', async () => {
    const asset = item('a/7', { kind: 'asset' });
    const withAsset = { ...guards, itemsMax: 1, approved: [{ id: 'a/7', name: 'Logo', stamp: approvalStamp(asset) }] };
    expect(await findHindrances(withAsset, scene({ items: [asset], broken: ['a/7'] }))).toEqual([]);
    const all = await findHindrances(
      { ...guards, itemsMax: 1 },
      scene({
        nowMs: dueAtMs + 61 * minuteMs,
        freeze: freezeOf(dueAtMs, dueAtMs + 90 * minuteMs),
        items: [item('x1', { version: 4 })],
        broken: ['x1'],
      }),
    );
    expect(all).toHaveLength(6);
    expect(hindranceQuestion(all).message).toMatch(
      /^The scheduled publish holds, and nothing was published\. .*freeze.*window.*at most 1.*edited.*scheduled anew\.$/,
    );
    expect(hindranceQuestion(all).fields['decision']).toMatchObject({ options: ['check_again', 'give_up'] });
  });

  it.each(['freeze', 'edit', 'end of the window'])(
    'is a %s while the slow look for links is under way',
    async (what) => {
      const page = item('x1');
      let freeze: ContentFreeze | undefined;
      const clock = createFakeClock(dueAtMs);
      const ports = {
        clock,
        site: { contentFreeze: async () => freeze },
        pages: { get: async () => page },
        reports: {
          run: async () => {
            if (what === 'freeze') freeze = freezeOf(dueAtMs - minuteMs, dueAtMs + minuteMs);
            if (what === 'edit') Object.assign(page, { version: 4 });
            if (what === 'end of the window') clock.advance(61 * minuteMs);
            return [];
          },
        },
      } as unknown as Pick<Ports, 'pages' | 'assets' | 'site' | 'reports' | 'clock'>;
      expect(await findHindrances({ ...guards, approved: approved.slice(0, 1) }, ports)).toHaveLength(1);
    },
  );

  it('tells no more than a person reads', async () => {
    const many = Array.from({ length: 30 }, (_, index) => ({ id: `x${index + 10}`, name: 'Gone', stamp: '' }));
    const told = await findHindrances({ ...guards, itemsMax: 50, approved: many }, scene({}));
    expect(told).toHaveLength(21);
    expect(told.at(-1)).toBe('And 10 more.');
  });
});
