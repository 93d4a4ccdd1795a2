import type { ContentElement } from '../model.ts';
import { canRead } from './access.ts';
import type { Actor } from './actor.ts';
import { completeElements, latestVersion, nameOf, plainText, schemaOf, walkElements } from './content.ts';
import { type AnyItem, isRecycled } from './tree.ts';

export type RankedQuery = {
  keywords: string;
  fieldName: string;
  schemaName: string;
  locale: string;
  useCheckedOutContent: boolean;
  includeRecycled: boolean;
  includePages: boolean;
  includeAssets: boolean;
};

export type Ranked = { item: AnyItem; rank: number; recycled: boolean };

/** A match in the name says more about an item than one in its text. */
const NAME_WEIGHT = 4;

/** Full-text search: items that hold at least one of the words, those with more of them first. */
export function rankedSearch(actor: Actor, query: RankedQuery): Ranked[] {
  const { state } = actor;
  const words = wordsOf(query.keywords);
  if (words.length === 0) return [];
  const items: AnyItem[] = [
    ...(query.includePages ? Object.values(state.pages) : []),
    ...(query.includeAssets ? Object.values(state.assets) : []),
  ];
  return items
    .filter((item) => canRead(actor, item))
    .filter((item) => query.schemaName === '' || isOfSchema(actor, item, query.schemaName))
    .filter((item) => query.locale === '' || item.locale.toLowerCase() === query.locale.toLowerCase())
    .map((item) => ({ item, rank: rankOf(actor, item, words, query), recycled: isRecycled(state, item) }))
    .filter((entry) => entry.rank > 0 && (query.includeRecycled || !entry.recycled))
    .sort((a, b) => b.rank - a.rank);
}

function rankOf(actor: Actor, item: AnyItem, words: string[], query: RankedQuery): number {
  const content = (query.useCheckedOutContent ? item.checkedOut : null) ?? latestVersion(item);
  if (!content) return 0;
  const elements = completeElements(schemaOf(actor.state, item), content.elements)
    .filter(({ field }) => query.fieldName === '' || field.name.toLowerCase() === query.fieldName.toLowerCase())
    .map(({ element }) => element);
  const text = wordsOf(textOf(elements, content.file?.text ?? ''));
  const name = query.fieldName === '' ? wordsOf(content.name) : [];
  const scores = words.map((word) => NAME_WEIGHT * countOf(name, word) + Math.log2(1 + countOf(text, word)));
  const found = scores.filter((score) => score > 0).length;
  if (found === 0) return 0;
  const strength = scores.reduce((sum, score) => sum + score, 0) / words.length;
  // The share of words found decides first; how often they occur only breaks ties.
  return found / words.length + strength / (1 + strength) / 10;
}

function countOf(text: string[], word: string): number {
  return text.filter((candidate) => candidate === word || (word.length >= 4 && candidate.startsWith(word))).length;
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

function textOf(elements: ContentElement[], fileText: string): string {
  const values = [...walkElements(elements)].flatMap((element) => [
    plainText(element.value),
    ...Object.values(element.attributes),
  ]);
  return [...values, fileText].join(' ');
}

function isOfSchema(actor: Actor, item: AnyItem, name: string): boolean {
  const schema = schemaOf(actor.state, item);
  const wanted = name.toLowerCase();
  return [schema.rootName, schema.friendlyName, schema.id].some((candidate) => candidate.toLowerCase() === wanted);
}

/** The name search behind pickers: an id, or a part of a name. */
export function matchesPicker(item: AnyItem, text: string): boolean {
  const wanted = text.trim().toLowerCase();
  return item.id.toLowerCase() === wanted || nameOf(item).toLowerCase().includes(wanted);
}
