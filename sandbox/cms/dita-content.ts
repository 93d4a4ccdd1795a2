import type { AssetItem, SandboxState } from '../model.ts';
import { nameOf } from './content.ts';
import { assetPath } from './structured-urls.ts';
import { isRecycled } from './tree.ts';

export type DitaKind = 'map' | 'topic' | 'ditaval';

const KINDS: Record<string, DitaKind> = { ditamap: 'map', dita: 'topic', ditaval: 'ditaval' };

/** One element of a DITA file that points somewhere or defines a key. */
export type DitaElement = {
  name: string;
  attributes: Record<string, string>;
  children: DitaElement[];
};

/** One way from a DITA file to another file. */
export type DitaReference = {
  /** Name of the element: `topicref`, `mapref`, `conref`, `xref`, `ditavalref`, `image`, … */
  relation: string;
  href: string;
  /** The file pointed to; null for an address outside of the CMS and for a file that is not there. */
  target: AssetItem | null;
  /** Outside of the CMS, or of another map: neither part of the map nor broken. */
  isOutside: boolean;
};

/** The kind of a DITA file, or null for every other asset. */
export function ditaKindOf(asset: AssetItem): DitaKind | null {
  return KINDS[fileOf(asset)?.extension ?? ''] ?? null;
}

export function isDitaMap(asset: AssetItem | undefined): asset is AssetItem {
  return asset !== undefined && ditaKindOf(asset) === 'map';
}

/** The text of the working copy, else of the newest version. */
export function ditaText(asset: AssetItem): string {
  return fileOf(asset)?.text ?? '';
}

/** The title inside of the file, else the file's name. */
export function ditaTitle(asset: AssetItem): string {
  const title = /<title>([\s\S]*?)<\/title>/.exec(ditaText(asset))?.[1];
  return title?.replace(/<[^>]*>/g, '').trim() || nameOf(asset);
}

/** The elements of a file that carry an address or keys, each below the nearest such one around it. */
export function ditaElements(text: string): DitaElement[] {
  const root: DitaElement = { name: '', attributes: {}, children: [] };
  const open: DitaElement[] = [root];
  const plain: boolean[] = [];
  for (const [, closing, name = '', rawAttributes = '', empty] of text.matchAll(TAG)) {
    if (closing === '/') {
      if (plain.pop() === false) open.pop();
      continue;
    }
    const attributes = Object.fromEntries(
      [...rawAttributes.matchAll(ATTRIBUTE)].map(([, key = '', value = '']) => [key, value]),
    );
    const isOfUse = REFERRING.some((attribute) => attribute in attributes);
    if (isOfUse) {
      const element: DitaElement = { name, attributes, children: [] };
      open.at(-1)?.children.push(element);
      if (empty !== '/') open.push(element);
    }
    if (empty !== '/') plain.push(!isOfUse);
  }
  return root.children;
}

const TAG = /<(\/?)([A-Za-z][\w:.-]*)((?:\s+[\w:.-]+\s*=\s*"[^"]*")*)\s*(\/?)>/g;
const ATTRIBUTE = /([\w:.-]+)\s*=\s*"([^"]*)"/g;
const REFERRING = ['href', 'conref', 'keys', 'keyref'];

/** The same elements as one list, outer ones first. */
export function* walkDita(elements: DitaElement[]): Generator<DitaElement> {
  for (const element of elements) {
    yield element;
    yield* walkDita(element.children);
  }
}

/** Where a file points to, in the order of the file. */
export function ditaReferences(state: SandboxState, asset: AssetItem): DitaReference[] {
  return [...walkDita(ditaElements(ditaText(asset)))].flatMap((element) => referencesOf(state, asset, element));
}

/** The address of one element, resolved from the file it stands in. */
export function referencesOf(state: SandboxState, from: AssetItem, element: DitaElement): DitaReference[] {
  const { href, conref, scope } = element.attributes;
  const addresses: [string, string | undefined][] = [
    [element.name, href],
    ['conref', conref],
  ];
  return addresses.flatMap(([relation, address]) => {
    if (address === undefined || address.startsWith('#')) return [];
    const isOutside = scope === 'external' || scope === 'peer' || /^[a-z][\w+.-]*:/i.test(address);
    return [{ relation, href: address, isOutside, target: isOutside ? null : fileAt(state, from, address) }];
  });
}

/** One file that can be reached from another one. */
export type DitaPart = { asset: AssetItem; reference: DitaReference; distance: number };

/** What is in a file at any distance, nearest first; each file once. */
export function partsOf(state: SandboxState, asset: AssetItem): DitaPart[] {
  const found = new Map<string, DitaPart>();
  let from = [asset];
  for (let distance = 1; from.length > 0; distance += 1) {
    const next: AssetItem[] = [];
    for (const reference of from.flatMap((source) => ditaReferences(state, source))) {
      const target = reference.target;
      if (!target || target.id === asset.id || found.has(target.id)) continue;
      found.set(target.id, { asset: target, reference, distance });
      next.push(target);
    }
    from = next;
  }
  return [...found.values()];
}

/** The files that lead to a file at any distance, nearest first. */
export function ownersOf(state: SandboxState, asset: AssetItem): DitaPart[] {
  const found = new Map<string, DitaPart>();
  const dita = Object.values(state.assets).filter((candidate) => ditaKindOf(candidate) !== null);
  let wanted = new Set([asset.id]);
  for (let distance = 1; wanted.size > 0; distance += 1) {
    const next = new Set<string>();
    for (const owner of dita) {
      const reference = ditaReferences(state, owner).find(({ target }) => target && wanted.has(target.id));
      if (!reference || owner.id === asset.id || found.has(owner.id)) continue;
      found.set(owner.id, { asset: owner, reference, distance });
      next.add(owner.id);
    }
    wanted = next;
  }
  return [...found.values()];
}

/** A map with everything that is in it. */
export function collectionOf(state: SandboxState, map: AssetItem): AssetItem[] {
  return [map, ...partsOf(state, map).map(({ asset }) => asset)];
}

/** Where the file of a relative address lies. */
function fileAt(state: SandboxState, from: AssetItem, address: string): AssetItem | null {
  const base = assetPath(state, from).split('/').slice(0, -1);
  const segments = (address.split('#')[0] ?? '').split('/');
  for (const segment of segments) {
    if (segment === '..') base.pop();
    else if (segment !== '.') base.push(segment);
  }
  const wanted = base.join('/').toLowerCase();
  return (
    Object.values(state.assets).find(
      (asset) => !isRecycled(state, asset) && assetPath(state, asset).toLowerCase() === wanted,
    ) ?? null
  );
}

function fileOf(asset: AssetItem) {
  return (asset.checkedOut ?? asset.versions.at(-1))?.file ?? null;
}
