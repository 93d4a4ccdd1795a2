import { type Candidate, DomainError, type NextCall } from '../../domain/errors.ts';
import type { ContentItem } from '../../domain/model/content-item.ts';
import { pageSizeMax } from '../../domain/model/paging.ts';
import type { PublishingTarget } from '../../domain/model/publishing.ts';
import { type ItemReference, parseItemReference } from '../../domain/policy/item-reference.ts';
import type { NamedItem, SearchHit } from '../../domain/ports/cms/search.ts';
import type { Ports } from '../../domain/ports/index.ts';
import { isAssetId, itemPath } from './item-path.ts';

type Needs = Pick<Ports, 'pages' | 'assets' | 'search' | 'publishing'>;

/** Enough to choose from, few enough to read. */
const candidatesMax = 5;

/**
 * The item that a caller's text names: by id, by path on any publishing target, by URL of a target, by asset path, by
 * the trail of names that answers show, or by a name that only one item has.
 *
 * @throws DomainError NOT_FOUND with the nearest items, AMBIGUOUS with the candidates.
 */
export async function resolveItem(text: string, ports: Needs): Promise<ContentItem> {
  const reference = parseItemReference(text);
  const item = await findByReference(reference, ports);
  if (item !== undefined) return item;
  const { candidates, ...help } = await nearest(reference, ports);
  throw new DomainError(
    'NOT_FOUND',
    `No page, component or asset "${shown(text)}" is visible to this user.${help.note ?? ''}`,
    {
      ...(candidates.length === 0 ? {} : { candidates }),
      ...(help.next === undefined ? {} : { next: help.next }),
    },
  );
}

/** Several items, in the order given; what is named twice comes once. */
export async function resolveItems(texts: readonly string[], ports: Needs): Promise<readonly ContentItem[]> {
  const items = await Promise.all(texts.map((text) => resolveItem(text, ports)));
  return [...new Map(items.map((item) => [item.id, item])).values()];
}

async function findByReference(reference: ItemReference, ports: Needs): Promise<ContentItem | undefined> {
  switch (reference.form) {
    case 'page_id':
      return ports.pages.get(reference.id);
    case 'asset_id':
      return ports.assets.get(reference.id);
    case 'path':
      return findByPath(reference.path, ports);
    case 'url':
      return findByUrl(reference, ports);
    case 'trail':
      return (await findByTrail(reference.names, ports)) ?? findByPath(`/${reference.names.join('/')}`, ports);
    case 'name':
      return findByName(reference.name, ports);
  }
}

/** A target and where it is published. */
interface Base {
  readonly target: PublishingTarget;
  /** Absent where the CMS tells an address without a host. */
  readonly host?: string;
  /** Without a slash at the end; empty at the root of the host. */
  readonly path: string;
}

/**
 * The targets, those of the whole site first: a target that starts at a section calls that section `/`, and whoever
 * writes a path without a host rarely means that.
 */
async function basesOf(ports: Needs): Promise<readonly Base[]> {
  const [targets, root] = await Promise.all([ports.publishing.targets(), ports.pages.root()]);
  const whole = targets.filter(({ rootPageId }) => rootPageId === undefined || rootPageId === root.id);
  return [...whole, ...targets.filter((target) => !whole.includes(target))].map((target) => {
    const url = URL.canParse(target.baseUrl ?? '', anyHost) ? new URL(target.baseUrl ?? '', anyHost) : undefined;
    if (url === undefined) return { target, path: '' };
    const isAbsolute = url.origin !== new URL(anyHost).origin;
    return { target, path: url.pathname.replace(/\/$/, ''), ...(isAbsolute ? { host: plainHost(url.host) } : {}) };
  });
}

const anyHost = 'http://base.invalid';

function plainHost(host: string): string {
  return host.replace(/^www\./, '');
}

/** What is left of a path below a base; `undefined` when it is not below it. */
function insideOf(base: Base, path: string): string | undefined {
  if (path === base.path) return '/';
  return path.startsWith(`${base.path}/`) ? path.slice(base.path.length) : undefined;
}

/** A page's path may differ from target to target: they are asked in order, and the first that knows it answers. */
async function findByPath(path: string, ports: Needs): Promise<ContentItem | undefined> {
  for (const base of await basesOf(ports)) {
    const found = await ports.pages.findByPath(insideOf(base, path) ?? path, base.target.id);
    if (found !== undefined) return ports.pages.get(found.pageId);
  }
  return ports.assets.findByPath(path);
}

/**
 * The page at a URL of one of the targets. Another site's page may have the same path: where the targets tell their
 * hosts, a URL of another host names nothing here.
 */
async function findByUrl(
  { host, path }: { readonly host: string; readonly path: string },
  ports: Needs,
): Promise<ContentItem | undefined> {
  const bases = await basesOf(ports);
  if (isForeign(host, bases)) return undefined;
  const closestFirst = bases
    .filter((base) => base.host === plainHost(host))
    .sort((one, other) => other.path.length - one.path.length);
  for (const base of closestFirst) {
    const inside = insideOf(base, path);
    const found = inside === undefined ? undefined : await ports.pages.findByPath(inside, base.target.id);
    if (found !== undefined) return ports.pages.get(found.pageId);
  }
  return findByPath(path, ports);
}

function isForeign(host: string, bases: readonly Base[]): boolean {
  return bases.some((base) => base.host !== undefined) && bases.every((base) => base.host !== plainHost(host));
}

/** By the names above an item, from the root or from any place below it. */
async function findByTrail(names: readonly string[], ports: Needs): Promise<ContentItem | undefined> {
  const wanted = names.map((name) => name.toLowerCase());
  const found = await ports.search.byName(names.at(-1) ?? '', { startIndex: 0, pageSize: 50 });
  const same = found.items.filter(({ path }) =>
    wanted.every((name, index) => path.at(index - wanted.length)?.toLowerCase() === name),
  );
  const whole = same.filter(({ path }) => path.length === wanted.length);
  return only(whole.length > 0 ? whole : same, names.join(' / '), ports);
}

async function findByName(name: string, ports: Needs): Promise<ContentItem | undefined> {
  const found = await ports.search.byName(name, { startIndex: 0, pageSize: 50 });
  return only(
    found.items.filter((item) => item.name.toLowerCase() === name.toLowerCase()),
    name,
    ports,
  );
}

/** @throws DomainError AMBIGUOUS when there are several. */
async function only(same: readonly NamedItem[], text: string, ports: Needs): Promise<ContentItem | undefined> {
  if (same.length > 1) {
    throw new DomainError(
      'AMBIGUOUS',
      `${same.length} items are called "${shown(text)}". Use the id of the one you mean.`,
      {
        candidates: same
          .slice(0, candidatesMax)
          .map((item) => ({ id: item.id, name: item.name, path: item.path.join(' / ') })),
      },
    );
  }
  const one = same[0];
  if (one === undefined) return undefined;
  return isAssetId(one.id) ? ports.assets.get(one.id) : ports.pages.get(one.id);
}

/** What to offer instead of something that is not there. */
interface Nearest {
  readonly candidates: readonly Candidate[];
  readonly next?: NextCall;
  readonly note?: string;
}

async function nearest(reference: ItemReference, ports: Needs): Promise<Nearest> {
  switch (reference.form) {
    case 'page_id':
    case 'asset_id':
      // Nothing is near an id: its number says nothing about content.
      return { candidates: [] };
    case 'name':
      return nearestByWords(reference.name, ports);
    case 'trail':
      return nearestByWords(reference.names.at(-1) ?? '', ports);
    case 'path':
      return nearestByPath(reference.path, ports);
    case 'url': {
      const bases = await basesOf(ports);
      if (!isForeign(reference.host, bases)) return nearestByPath(reference.path, ports);
      const namesake = await findByPath(reference.path, ports);
      const hosts = [...new Set(bases.flatMap(({ host }) => (host === undefined ? [] : [host])))].join(', ');
      return {
        candidates: namesake === undefined ? [] : [await candidateOf(namesake, ports)],
        note: ` The host ${shown(reference.host)} is not one of this site's (${hosts})${namesake === undefined ? '' : '; the candidate has the same path here'}.`,
      };
    }
  }
}

async function nearestByWords(words: string, ports: Needs): Promise<Nearest> {
  const hits = await ports.search.ranked(
    { keywords: words, includePages: true, includeAssets: true, includeRecycled: true },
    { startIndex: 0, pageSize: 2 * candidatesMax },
  );
  // Who names a deleted page wants to know where it is; otherwise the recycle folder is noise.
  const isWanted = (hit: SearchHit) => !hit.recycled || hit.name.toLowerCase() === words.toLowerCase();
  const candidates = hits.items.filter(isWanted).slice(0, candidatesMax);
  return {
    candidates: await Promise.all(candidates.map((hit) => candidateOf(hit, ports))),
    next: { tool: 'search_content', input: { query: words } },
    ...(candidates.some(({ recycled }) => recycled) ? { note: ' One of that name lies in the recycle folder.' } : {}),
  };
}

/** Paths are guessed from names: what lies under the part of the path that exists is nearest. */
async function nearestByPath(path: string, ports: Needs): Promise<Nearest> {
  const parts = path.split('/').filter(Boolean);
  const words = wordsOf(parts.at(-1) ?? '');
  const found = await nearestByWords(words.join(' '), ports);
  for (let length = parts.length - 1; length > 0 && parts.length - length <= levelsUpMax; length -= 1) {
    const above = await findByPath(`/${parts.slice(0, length).join('/')}`, ports);
    if (above === undefined || isAssetId(above.id)) continue;
    const children = await ports.pages.children(above.id, { startIndex: 0, pageSize: pageSizeMax });
    const similar = await Promise.all(
      children.items
        .filter((child) => wordsOf(child.name).some((word) => words.some((wanted) => isSimilar(word, wanted))))
        .slice(0, candidatesMax)
        .map((child) => candidateOf(child, ports)),
    );
    const others = found.candidates.filter(({ id }) => similar.every((candidate) => candidate.id !== id));
    return {
      candidates: [...similar, ...others].slice(0, candidatesMax),
      next: { tool: 'browse_tree', input: { at: above.id } },
      note: ` Of this path, "${above.name}" (${above.id}) is there.`,
    };
  }
  return found;
}

/** Longer paths are not guessed; each level costs a call per target. */
const levelsUpMax = 4;

function wordsOf(text: string): readonly string[] {
  return text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
}

/** `careers` and `career`, `fees` and `fee`: one begins as the other does. */
function isSimilar(one: string, other: string): boolean {
  const shorter = Math.min(one.length, other.length);
  return shorter >= 3 && one.slice(0, shorter) === other.slice(0, shorter);
}

async function candidateOf(item: ContentItem, ports: Needs): Promise<Candidate> {
  return { id: item.id, name: item.name, path: await itemPath(item, ports) };
}

function shown(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
