import { DomainError, errorTable } from '../../domain/errors.ts';
import type { PublishingTarget } from '../../domain/model/publishing.ts';
import { type PublicBefore, type PublicFacts, type PublicView, publicView } from '../../domain/policy/public-view.ts';
import type { Ports } from '../../domain/ports/index.ts';
import type { PublicSight, PublicSite } from '../../domain/ports/public-site.ts';
import { isAssetId } from './item-path.ts';
import { isTextField, listFields } from './list-fields.ts';
import { pause } from './pause.ts';
import { visibleText } from './visible-text.ts';

type Needs = Pick<Ports, 'pages' | 'publicSite' | 'clock'>;

/**
 * Where visitors find an item on a target; `undefined` where the operator has named no site, where the CMS does not tell
 * this user, and for what has no address of its own: components, folders, and assets.
 */
export async function publicAddress(
  itemId: string,
  target: PublishingTarget,
  { pages, publicSite }: Pick<Needs, 'pages' | 'publicSite'>,
): Promise<string | undefined> {
  if (isAssetId(itemId) || publicSite.addressOf(target, '') === undefined) return undefined;
  const path = await unlessRefused(() => pages.pathOf(itemId, target.id), undefined);
  return path === undefined ? undefined : publicSite.addressOf(target, path.path);
}

/** A look at what visitors get fails nothing: what the CMS refuses to tell is left out. What may pass later rises. */
async function unlessRefused<T>(ask: () => Promise<T>, otherwise: T): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    // Anything else than a refusal is a defect, or ends the whole call.
    if (!(error instanceof DomainError) || errorTable[error.code].retry === 'later') throw error;
    return otherwise;
  }
}

/** What an address shows before a publish: two looks, because what differs anyway cannot be a sign later. */
export async function lookBeforePublish(address: string, site: PublicSite, signal: AbortSignal): Promise<PublicBefore> {
  const first = await site.look(address, signal);
  const second = first.reached ? await site.look(address, signal) : first;
  if (!first.reached || !second.reached) return { status: 'unreached' };
  const { status, lastModified, etag, sha256 } = second;
  return {
    status,
    ...(lastModified === undefined ? {} : { lastModified }),
    ...(etag === undefined ? {} : { etag }),
    sha256,
    isSteady: first.sha256 === sha256 && first.etag === etag && first.lastModified === lastModified,
  };
}

/**
 * Sentences of a page's version that an earlier one does not have, the longest first: where they are shown, that version
 * is. The version before it counts as the earlier one where none is known.
 */
export async function newSentences(
  pageId: string,
  version: number,
  earlier: number | undefined,
  pages: Needs['pages'],
): Promise<readonly string[]> {
  const former = earlier ?? version - 1;
  const [now, before] = await Promise.all([
    sentencesOf(pageId, version, pages),
    former < 1 ? [] : sentencesOf(pageId, former, pages),
  ]);
  const known = before.join('\n');
  return [...new Set(now)]
    .filter((sentence) => sentence.length >= sentenceCharactersMin && !known.includes(sentence))
    .sort((one, other) => other.length - one.length)
    .slice(0, sentencesMax);
}

async function sentencesOf(pageId: string, version: number, pages: Needs['pages']): Promise<readonly string[]> {
  const details = await unlessRefused(() => pages.details(pageId, version), undefined);
  return listFields(details?.fields ?? [])
    .filter(({ field }) => isTextField(field))
    .flatMap(({ field }) => visibleText(field.value).split(/\n|(?<=[.!?])\s+/))
    .map(plain);
}

/** Shorter ones could stand anywhere on a page. */
const sentenceCharactersMin = 12;
/** Templates may leave out fields, but not all of so many. */
const sentencesMax = 20;

const plain = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** An address to look at, and what is known of the item that it should show. */
export interface PublicQuestion {
  readonly itemId: string;
  readonly address: string;
  readonly facts: Omit<PublicFacts, 'now' | 'shownText'>;
}

export interface SeenPublicly extends PublicView {
  readonly address: string;
  readonly checkedAtMs: number;
}

/**
 * Looks at public addresses until each shows what was published, or can never tell, or the time is up: sites are behind
 * caches. Answers by item; what a site that is down kept from being looked at is not in it.
 */
export async function lookUntilSeen(
  questions: readonly PublicQuestion[],
  waitMsMax: number,
  { publicSite, clock }: Pick<Needs, 'publicSite' | 'clock'>,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, SeenPublicly>> {
  const seen = new Map<string, SeenPublicly>();
  const endMs = clock.nowMs() + waitMsMax;
  let open = questions;
  for (let pollMs = pollMsMin; open.length > 0; pollMs = Math.min(pollMs * 1.5, pollMsMax)) {
    const up = new Set<string>();
    const down = new Set<string>();
    for (let at = 0; at < open.length; at += looksAtOnce) {
      // A few addresses of a site that is down tell enough about the others.
      const asked = open
        .slice(at, at + looksAtOnce)
        .filter(({ address }) => up.has(siteOf(address)) || !down.has(siteOf(address)));
      await Promise.all(
        asked.map(async (question) => {
          const now = await publicSite.look(question.address, signal);
          seen.set(question.itemId, answerOf(question, now, clock.nowMs()));
          (now.reached ? up : down).add(siteOf(question.address));
        }),
      );
    }
    open = open.filter(({ itemId }) => (seen.get(itemId)?.seen ?? 'no') === 'no');
    if (clock.nowMs() + pollMs > endMs) break;
    if (open.length > 0) await pause(pollMs, signal);
  }
  return seen;
}

const siteOf = (address: string): string => new URL(address).origin;

function answerOf({ address, facts }: PublicQuestion, now: PublicSight, checkedAtMs: number): SeenPublicly {
  const shownText = now.reached ? plain(visibleText(now.text)) : '';
  return { ...publicView({ ...facts, now, shownText }), address, checkedAtMs };
}

/** So that a look at many pages is no load on the site. */
const looksAtOnce = 4;
const pollMsMin = 500;
const pollMsMax = 5_000;

/** What was seen where and when, for people. */
export function describeView({ address, checkedAtMs, note }: SeenPublicly): string {
  return `${address} at ${new Date(checkedAtMs).toISOString()}: ${note}`;
}
