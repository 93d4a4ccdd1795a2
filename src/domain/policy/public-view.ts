import type { PublicSight, UnreachedReason } from '../ports/public-site.ts';

/** What a public address showed before a publish. Plain JSON: jobs keep it. */
export type PublicBefore =
  | {
      readonly status: number;
      readonly lastModified?: string;
      readonly etag?: string;
      readonly sha256: string;
      /** False where two looks in a row differed: the page is made anew for each visitor, and no change is a sign. */
      readonly isSteady: boolean;
    }
  | { readonly status: 'unreached' };

/** What is known about one item that is to be public, or not. */
export interface PublicFacts {
  /** The CMS says that the item is on the target. */
  readonly published: boolean;
  readonly now: PublicSight;
  readonly before?: PublicBefore;
  /** The version that is live may have been live before, so that nothing has to differ. */
  readonly sameVersion?: boolean;
  /** When the publish began that put it there, in milliseconds since 1970. */
  readonly publishedFromMs?: number;
  /** Sentences of the live version that the one before did not have. */
  readonly newSentences?: readonly string[];
  /** What the answer shows, as plain text. */
  readonly shownText?: string;
}

export interface PublicView {
  /** Whether visitors see the item as the CMS has published it. `unclear`: the address answers, and nothing tells. */
  readonly seen: 'yes' | 'no' | 'unclear';
  /** How it was told, or what is in the way. */
  readonly note: string;
}

/**
 * Whether visitors see what was published, as far as an answer can tell. Strongest first: a sentence that only the new
 * version has; an address that was not there before; a Last-Modified after the beginning of the publish; anything that
 * changed on a page that otherwise stays the same. An unchanged answer where something had to change is an old one.
 */
export function publicView(facts: PublicFacts): PublicView {
  const { now } = facts;
  if (!now.reached) return { seen: 'no', note: unreached[now.why] };
  if (now.status === 404 || now.status === 410) {
    return facts.published
      ? { seen: 'no', note: `status ${now.status}: it is not there yet` }
      : { seen: 'no', note: `status ${now.status}: it is not public` };
  }
  if (now.status >= 500) return { seen: 'no', note: `status ${now.status}: the site has trouble` };
  if (now.status < 200 || now.status > 299) {
    return { seen: 'unclear', note: `status ${now.status}: not every visitor gets in` };
  }
  if (!facts.published) return { seen: 'yes', note: 'still public: it goes with the next full publish of the target' };
  return publishedView(facts, now);
}

type Reached = PublicSight & { readonly reached: true };

function publishedView(facts: PublicFacts, now: Reached): PublicView {
  const { before, newSentences = [], shownText = '', publishedFromMs } = facts;
  const sentence = newSentences.find((wanted) => shownText.includes(wanted));
  if (sentence !== undefined) {
    return { seen: 'yes', note: `shows what is new in the version: "${sentence.slice(0, sentenceShownMax)}"` };
  }
  const known = before === undefined || before.status === 'unreached' ? undefined : before;
  if (known !== undefined && !isThere(known.status)) {
    return { seen: 'yes', note: `there now, and not before the publish (status ${known.status})` };
  }
  const modifiedMs = now.lastModified === undefined ? Number.NaN : Date.parse(now.lastModified);
  // HTTP tells whole seconds.
  if (publishedFromMs !== undefined && modifiedMs >= Math.floor(publishedFromMs / 1000) * 1000) {
    return { seen: 'yes', note: `last modified ${new Date(modifiedMs).toISOString()}` };
  }
  if (known !== undefined && hasChanged(known, now)) return { seen: 'yes', note: 'changed since before the publish' };
  if (known !== undefined && known.sha256 === now.sha256 && facts.sameVersion !== true) {
    const cache = now.cacheSeconds === undefined ? '' : `; caches may keep it for ${now.cacheSeconds} s`;
    return { seen: 'no', note: `still what it was before the publish${cache}` };
  }
  return { seen: 'unclear', note: `status ${now.status}; nothing in the answer tells its version` };
}

const sentenceShownMax = 80;

const isThere = (status: number): boolean => status !== 404 && status !== 410;

function hasChanged(before: PublicBefore & { readonly status: number }, now: Reached): boolean {
  const differs = (one: string | undefined, other: string | undefined): boolean =>
    one !== undefined && other !== undefined && one !== other;
  if (!before.isSteady) return false;
  return (
    before.sha256 !== now.sha256 || differs(before.etag, now.etag) || differs(before.lastModified, now.lastModified)
  );
}

const unreached: Readonly<Record<UnreachedReason, string>> = {
  timed_out: 'the site did not answer in time',
  unknown_host: 'the name of the site leads nowhere',
  no_connection: 'the site could not be reached',
  foreign_address: 'the site leads to an address that is not asked',
  too_many_redirects: 'the site leads from redirect to redirect',
};
