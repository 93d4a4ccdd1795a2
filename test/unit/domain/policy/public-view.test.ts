import { describe, expect, it } from 'vitest';
import { type PublicFacts, publicView } from '../../../../src/domain/policy/public-view.ts';
import type { PublicSight, UnreachedReason } from '../../../../src/domain/ports/public-site.ts';

const answer = (over: Partial<PublicSight & { reached: true }> = {}): PublicSight => ({
  reached: true,
  address: 'https://www.example.edu/fees',
  status: 200,
  sha256: 'new',
  text: '',
  ...over,
});
const old = { status: 200, sha256: 'old', isSteady: true } as const;
const view = (facts: Partial<PublicFacts>) => publicView({ published: true, now: answer(), ...facts });

describe('publicView', () => {
  it.each<[string, Partial<PublicFacts>, string, string]>([
    [
      'a sentence that only the new version has, whatever else is the same',
      { newSentences: ['Fees rise.'], shownText: 'All. Fees rise. More.', before: { ...old, sha256: 'new' } },
      'yes',
      '"Fees rise."',
    ],
    ['an address that was not there before', { before: { ...old, status: 404 } }, 'yes', 'not before the publish'],
    [
      'a modification in the very second of the publish',
      {
        now: answer({ lastModified: 'Tue, 01 Dec 2026 08:00:00 GMT' }),
        publishedFromMs: Date.UTC(2026, 11, 1, 8) + 900,
      },
      'yes',
      'last modified 2026-12-01T08:00:00.000Z',
    ],
    ['a body that changed on a steady page', { before: old }, 'yes', 'changed since'],
    [
      'a tag that changed',
      { now: answer({ sha256: 'old', etag: 'b' }), before: { ...old, etag: 'a' } },
      'yes',
      'changed',
    ],
    [
      'the old body, with what caches may do',
      { now: answer({ sha256: 'old', cacheSeconds: 300 }), before: old },
      'no',
      'still what it was before the publish; caches may keep it for 300 s',
    ],
    [
      'the old body of a page that is made anew for everybody, by chance the same',
      { now: answer({ sha256: 'old' }), before: { ...old, isSteady: false } },
      'no',
      'still what it was',
    ],
    [
      'the same version once more',
      { now: answer({ sha256: 'old' }), before: old, sameVersion: true },
      'unclear',
      '200',
    ],
    ['a change on a page that always changes', { before: { ...old, isSteady: false } }, 'unclear', 'nothing'],
    [
      'a modification before the publish',
      { now: answer({ lastModified: 'Tue, 01 Dec 2026 07:59:59 GMT' }), publishedFromMs: Date.UTC(2026, 11, 1, 8) },
      'unclear',
      'nothing',
    ],
    [
      'a date that nobody can read',
      { now: answer({ lastModified: 'soon' }), publishedFromMs: 0 },
      'unclear',
      'nothing',
    ],
    ['a site that could not be reached before', { before: { status: 'unreached' } }, 'unclear', 'nothing'],
    [
      'new sentences that a template leaves out',
      { newSentences: ['Fees rise.'], shownText: 'All.' },
      'unclear',
      'nothing',
    ],
    ['a missing page', { now: answer({ status: 404 }) }, 'no', 'not there yet'],
    ['a page that is gone', { now: answer({ status: 410 }) }, 'no', 'not there yet'],
    ['trouble', { now: answer({ status: 502 }) }, 'no', 'trouble'],
    ['a sign-in', { now: answer({ status: 401 }) }, 'unclear', 'not every visitor'],
    ['an unpublished page that is gone', { published: false, now: answer({ status: 404 }) }, 'no', 'not public'],
    ['an unpublished page that is still there', { published: false }, 'yes', 'still public'],
  ])('tells %s', (_what, facts, seen, note) => {
    expect(view(facts)).toEqual({ seen, note: expect.stringContaining(note) });
  });

  it.each<UnreachedReason>(['timed_out', 'unknown_host', 'no_connection', 'foreign_address', 'too_many_redirects'])(
    'says what is in the way: %s',
    (why) => {
      expect(view({ now: { reached: false, why } })).toEqual({
        seen: 'no',
        note: expect.stringMatching(/^the (site|name)/),
      });
    },
  );
});
