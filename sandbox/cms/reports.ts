import { randomUUID } from 'node:crypto';
import { invalidArgument } from '../exceptions.ts';
import type { ContentElement } from '../model.ts';
import { canRead, hasFullAccess, hasRight } from './access.ts';
import type { Actor } from './actor.ts';
import { touch } from './check-out.ts';
import { completeElements, holdsWorkingCopy, latestVersion, nameOf, schemaOf, walkElements } from './content.ts';
import { contentForReferences, isBroken, type Reference, referencesIn } from './references.ts';
import { assetPath } from './structured-urls.ts';
import { type AnyItem, descendantAssets, descendantPages, findItem, isAsset, isPage } from './tree.ts';

/** `SearchOperatorType` of the contract. */
export type SearchType = 'Asset' | 'BrokenReferences' | 'Text' | 'UnusedAssets' | 'Xid' | 'AssetText';

/** One running or finished search report. Lives in memory, as on the real server. */
export type ReportSession = {
  id: string;
  userId: string;
  type: SearchType;
  startedAtMs: number;
  entries: ReportEntry[];
};

/** One field of one item in which something was found. */
export type ReportEntry = {
  id: string;
  contentId: string;
  elementName: string;
  /** Which of the elements of that name, counted over the whole content in its order. */
  elementIndex: number;
  /** Null for the element's own value, else the attribute's name. */
  attributeName: string | null;
  foundValue: string;
  fullValue: string;
  typeOfValue: string;
  isCheckedIn: boolean;
  searchText: string;
  type: SearchType;
  caseSensitive: boolean;
};

/** A report is complete after so many ticks. */
const TICKS_PER_REPORT = 4;

const MAX_SESSIONS = 200;

/** @returns 0 to 100. */
export function progressOf(session: ReportSession, nowMs: number, tickMs: number): number {
  const ticks = tickMs <= 0 ? TICKS_PER_REPORT : Math.floor((nowMs - session.startedAtMs) / tickMs);
  return Math.min(100, Math.floor((100 * ticks) / TICKS_PER_REPORT));
}

/** Starts a session with its findings; they are handed out when it is complete. */
export function openSession(sessions: Map<string, ReportSession>, session: Omit<ReportSession, 'id'>): ReportSession {
  const opened = { ...session, id: randomUUID() };
  sessions.set(opened.id, opened);
  const oldest = sessions.keys().next().value;
  if (sessions.size > MAX_SESSIONS && oldest !== undefined) sessions.delete(oldest);
  return opened;
}

/** The pages a report looks at: a page alone, with everything below it, or the whole site. */
export function reportPages(actor: Actor, rootPageId: string, includeChildren: boolean): AnyItem[] {
  const { state } = actor;
  const root = state.pages[rootPageId || state.rootPageId];
  if (!root) throw invalidArgument(`There is no page ${rootPageId}.`, 'RootPageId');
  const pages = includeChildren || rootPageId === '' ? [root, ...descendantPages(state, root.id)] : [root];
  return pages.filter((page) => canRead(actor, page));
}

/** Every field whose value holds the text, in the working copy or else in the newest version. */
export function findText(
  actor: Actor,
  items: AnyItem[],
  text: string,
  ignoreCase: boolean,
  type: SearchType,
): ReportEntry[] {
  if (text === '') throw invalidArgument('The search text must not be empty.', 'SearchText');
  return items.flatMap((item) =>
    valuesOf(actor, item).flatMap((place) => {
      const at = indexOf(place.value, text, ignoreCase);
      if (at === -1) return [];
      return [
        {
          id: randomUUID(),
          contentId: item.id,
          elementName: place.name,
          elementIndex: place.index,
          attributeName: place.attributeName,
          foundValue: place.value.slice(at, at + text.length),
          fullValue: place.value,
          typeOfValue: place.attributeName === null ? 'Element' : 'Attribute',
          isCheckedIn: item.checkedOut === null,
          searchText: text,
          type,
          caseSensitive: !ignoreCase,
        },
      ];
    }),
  );
}

/** Every reference to one item, by any spelling of its id. */
export function findReferences(actor: Actor, items: AnyItem[], targetId: string, type: SearchType): ReportEntry[] {
  return items.flatMap((item) =>
    referencesIn(actor.state, item, contentForReferences(item))
      .filter((reference) => reference.targetId === targetId)
      .flatMap((reference) => referenceEntry(actor, item, reference, type)),
  );
}

/** Every reference that names an item which is not there. */
export function findBroken(actor: Actor, items: AnyItem[]): ReportEntry[] {
  return items.flatMap((item) =>
    referencesIn(actor.state, item, contentForReferences(item))
      .filter((reference) => isBroken(actor.state, reference))
      .flatMap((reference) => referenceEntry(actor, item, reference, 'BrokenReferences')),
  );
}

/** Assets below a folder that no page and no other asset points to. */
export function findUnusedAssets(actor: Actor, folderId: string): ReportEntry[] {
  const used = new Set(
    [...Object.values(actor.state.pages), ...Object.values(actor.state.assets)].flatMap((item) =>
      referencesIn(actor.state, item, contentForReferences(item)).map((reference) => reference.targetId),
    ),
  );
  return descendantAssets(actor.state, folderId)
    .filter(isAsset)
    .filter((asset) => canRead(actor, asset) && !used.has(asset.id))
    .map((asset) => ({
      id: randomUUID(),
      contentId: asset.id,
      elementName: '',
      elementIndex: 0,
      attributeName: null,
      foundValue: assetPath(actor.state, asset),
      fullValue: assetPath(actor.state, asset),
      typeOfValue: 'Asset',
      isCheckedIn: asset.checkedOut === null,
      searchText: '',
      type: 'UnusedAssets',
      caseSensitive: false,
    }));
}

/**
 * Replaces what was found in the listed entries by a new text, inside of the value, every occurrence.
 * Skipped: items that are checked in, that the caller does not hold or may not edit, and values that no longer have
 * the text. @returns the ids of the entries that were changed.
 */
export function replaceEntries(actor: Actor, session: ReportSession, entryIds: string[], newValue: string): string[] {
  return entryIds.filter((entryId) => {
    const entry = session.entries.find((candidate) => candidate.id === entryId);
    const item = entry ? findItem(actor.state, entry.contentId) : null;
    return entry && item ? replaceEntry(actor, entry, item, newValue) : false;
  });
}

function replaceEntry(actor: Actor, entry: ReportEntry, item: AnyItem, newValue: string): boolean {
  const editRight = isPage(item) ? 'IGX_USER_RIGHT_EDIT' : 'IGX_USER_RIGHT_CAN_EDIT_ASSETS';
  if (!item.checkedOut || !holdsWorkingCopy(actor.state, actor.user, item)) return false;
  if (!hasFullAccess(actor, item) || !hasRight(actor.state, actor.user, editRight)) return false;
  item.checkedOut.elements = materialised(actor, item, item.checkedOut.elements);
  const element = [...walkElements(item.checkedOut.elements)].filter((part) => part.name === entry.elementName)[
    entry.elementIndex
  ];
  if (!element) return false;
  const before = entry.attributeName === null ? element.value : (element.attributes[entry.attributeName] ?? '');
  if (indexOf(before, entry.foundValue, !entry.caseSensitive) === -1) return false;
  const after = replaceAll(before, entry.foundValue, newValue, !entry.caseSensitive);
  if (entry.attributeName === null) element.value = after;
  else element.attributes[entry.attributeName] = after;
  touch(actor, item);
  return true;
}

type Place = { name: string; index: number; attributeName: string | null; value: string };

function valuesOf(actor: Actor, item: AnyItem): Place[] {
  const content = item.checkedOut ?? latestVersion(item);
  const elements = materialised(actor, item, content?.elements ?? []);
  const seen = new Map<string, number>();
  return [...walkElements(elements)].flatMap((element) => {
    const index = seen.get(element.name) ?? 0;
    seen.set(element.name, index + 1);
    const own = { name: element.name, index, attributeName: null, value: element.value };
    const attributes = Object.entries(element.attributes).map(([attributeName, value]) => ({
      name: element.name,
      index,
      attributeName,
      value,
    }));
    return [own, ...attributes];
  });
}

/** The elements with their defaults filled in, so that positions are the same when finding and when replacing. */
function materialised(actor: Actor, item: AnyItem, elements: ContentElement[]): ContentElement[] {
  return completeElements(schemaOf(actor.state, item), elements).map(({ element }) => element);
}

function referenceEntry(actor: Actor, item: AnyItem, reference: Reference, type: SearchType): ReportEntry[] {
  const place = valuesOf(actor, item).find((candidate) => candidate.value.includes(reference.raw));
  if (!place) return [];
  return [
    {
      id: randomUUID(),
      contentId: item.id,
      elementName: place.name,
      elementIndex: place.index,
      attributeName: place.attributeName,
      foundValue: reference.raw,
      fullValue: place.value,
      typeOfValue: place.attributeName === null ? 'Element' : 'Attribute',
      isCheckedIn: item.checkedOut === null,
      searchText: reference.raw,
      type,
      caseSensitive: true,
    },
  ];
}

/** `ReportEntry` of the contract. */
export function reportEntryModel(actor: Actor, entry: ReportEntry) {
  const item = findItem(actor.state, entry.contentId);
  const creator = actor.state.users.find((user) => user.id === item?.createdBy);
  return {
    Id: entry.id,
    ContentName: item ? nameOf(item) : null,
    ContentId: entry.contentId,
    CreationUser: creator?.userId ?? null,
    CreationUserEmail: creator?.email ?? null,
    CreatedDate: item?.created ?? null,
    LastModifiedDate: item?.lastModified ?? null,
    Name: entry.attributeName ?? entry.elementName,
    FoundValue: entry.foundValue,
    FullValue: entry.fullValue,
    TypeOfValue: entry.typeOfValue,
    IsCheckedIn: entry.isCheckedIn,
    SearchText: entry.searchText,
    SearchType: entry.type,
    CaseSensitive: entry.caseSensitive,
  };
}

function indexOf(value: string, text: string, ignoreCase: boolean): number {
  return ignoreCase ? value.toLowerCase().indexOf(text.toLowerCase()) : value.indexOf(text);
}

function replaceAll(value: string, text: string, replacement: string, ignoreCase: boolean): string {
  if (!ignoreCase) return value.replaceAll(text, () => replacement);
  const pattern = new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'gi');
  return value.replace(pattern, () => replacement);
}
