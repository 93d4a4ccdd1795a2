import type { OperationDescription } from '../model/operation.ts';

/**
 * The operations that fit words best, best first: BM25 over name, path, summary, synonyms and parameters, each weighted
 * by how much it tells. Operations that share no word with the query are left out. Pure.
 */
export function searchOperations(
  query: string,
  operations: readonly OperationDescription[],
): readonly OperationDescription[] {
  const wanted = [...new Set(words(query))];
  const documents = operations.map(indexed);
  const averageLength = documents.reduce((sum, { length }) => sum + length, 0) / Math.max(1, documents.length);
  const rarity = new Map(wanted.map((word) => [word, rarityOf(word, documents)]));
  return documents
    .map(({ operation, weights, length }) => ({
      operation,
      score: wanted.reduce((sum, word) => {
        const weight = weights.get(word) ?? 0;
        const saturated = (weight * (k1 + 1)) / (weight + k1 * (1 - b + (b * length) / averageLength));
        return sum + (rarity.get(word) ?? 0) * saturated;
      }, 0),
    }))
    .filter(({ score }) => score > 0)
    .toSorted((one, other) => other.score - one.score)
    .map(({ operation }) => operation);
}

/** The usual constants of BM25: how fast repetition stops to count, and how much long texts are held back. */
const k1 = 1.2;
const b = 0.5;

interface Indexed {
  readonly operation: OperationDescription;
  /** Weighted occurrences by word. */
  readonly weights: ReadonlyMap<string, number>;
  readonly length: number;
}

function indexed(operation: OperationDescription): Indexed {
  const weights = new Map<string, number>();
  let length = 0;
  const add = (text: string, weight: number) => {
    for (const word of words(text)) {
      weights.set(word, (weights.get(word) ?? 0) + weight);
      length += weight;
    }
  };
  add(operation.summary, 3);
  // Synonyms of one operation are ways to say one thing; each stands for itself.
  for (const synonym of operation.synonyms) add(synonym, 2);
  add(operation.id, 2);
  add(operation.path, 1);
  for (const { name } of operation.parameters) add(name, 0.3);
  if (operation.body !== undefined) add(operation.body, 0.3);
  return { operation, weights, length };
}

function rarityOf(word: string, documents: readonly Indexed[]): number {
  const count = documents.filter(({ weights }) => weights.has(word)).length;
  return Math.log(1 + (documents.length - count + 0.5) / (count + 0.5));
}

/** The words of a text in the form in which they are compared: names are split, endings and fillers dropped. */
function words(text: string): readonly string[] {
  return text
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '' && !fillers.has(word))
    .map((word) => stem(word))
    .map((word) => sameAs.get(word) ?? word);
}

const fillers: ReadonlySet<string> = new Set(
  'a an the of to in on for by with from at as is are be was were it its this that these those and or my our your their i we you me us do does did can could how what which where when who please want need would like some any all into one each every has have there about his her now go'.split(
    ' ',
  ),
);

/** English endings, as far as one rule each goes; query and catalogue meet in the same wrong stem just as well. */
function stem(word: string): string {
  if (word.length <= 3 || singulars.has(word)) return word;
  const singular = word
    .replace(/ies$/, 'y')
    .replace(/(ss|sh|ch|x)es$/, '$1')
    .replace(/([^s])s$/, '$1');
  const base = singular.replace(/(?:ing|ed|e)$/, '');
  const short = base.length >= 3 ? base : singular;
  // Doubled by the ending: "tagged" and "tag" are one.
  return short.replace(/([bdglmnprt])\1$/, '$1');
}

/** Words that only look like plurals. */
const singulars: ReadonlySet<string> = new Set(['news', 'status', 'analytics', 'css']);

/** Everyday verbs that mean one thing to an API; by their stems. */
const sameAs: ReadonlyMap<string, string> = new Map(
  [
    ['delet', 'remov', 'eras', 'drop', 'bin', 'trash'],
    ['creat', 'add', 'mak', 'new', 'insert'],
    ['list', 'show', 'get', 'read', 'see', 'view', 'fetch', 'display', 'look', 'find', 'giv', 'tell'],
    ['updat', 'chang', 'edit', 'modify', 'sav', 'set', 'adjust', 'writ'],
    ['pictur', 'imag', 'photo'],
    ['group', 'team'],
    ['user', 'person', 'peopl', 'account'],
    ['tag', 'category', 'topic'],
    ['nam', 'titl'],
  ].flatMap(([first = '', ...others]) => others.map((word) => [word, first] as const)),
);
