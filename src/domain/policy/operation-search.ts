import type { OperationDescription } from '../model/operation.ts';

/** The operations that fit words best, best first; operations that share no word with the query are left out. */
export type SearchOperations = (query: string) => readonly OperationDescription[];

/**
 * Indexes the operations once and answers the search over them: BM25 over name, path, summary, synonyms and parameters,
 * each weighted by how much it tells, and more the more of the query's words an operation has. Pure.
 *
 * @param stem the form in which words of a language are compared, such as `publish` for `published`.
 */
export function createOperationSearch(
  operations: readonly OperationDescription[],
  stem: (word: string) => string,
): SearchOperations {
  const termsOf = createTerms(stem);
  const { postings, lengths } = indexed(operations, termsOf);
  const averageLength = lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, lengths.length);
  return (query) => {
    const wanted = [...new Set(termsOf(query))];
    const scores = new Map<number, { score: number; termCount: number }>();
    for (const term of wanted) {
      const found = postings.get(term) ?? new Map<number, number>();
      const rarity = Math.log(1 + (operations.length - found.size + 0.5) / (found.size + 0.5));
      for (const [at, weight] of found) {
        const length = 1 - b + (b * (lengths[at] ?? 0)) / averageLength;
        const sum = scores.get(at) ?? { score: 0, termCount: 0 };
        sum.score += (rarity * weight * (k1 + 1)) / (weight + k1 * length);
        sum.termCount += 1;
        scores.set(at, sum);
      }
    }
    return [...scores]
      .map(([at, { score, termCount }]) => ({ at, score: score * (1 + termCount / wanted.length) }))
      .toSorted((one, other) => other.score - one.score || one.at - other.at)
      .flatMap(({ at }) => operations[at] ?? []);
  };
}

/** The constants of BM25: how fast repetition stops to count, and how much long texts are held back. */
const k1 = 2;
const b = 0.75;

interface Index {
  /** By term: which operations have it, by their place in the list, with how much weight. */
  readonly postings: ReadonlyMap<string, ReadonlyMap<number, number>>;
  /** Of the operations, in weighted terms. */
  readonly lengths: readonly number[];
}

function indexed(operations: readonly OperationDescription[], termsOf: TermsOf): Index {
  const postings = new Map<string, Map<number, number>>();
  const lengths = operations.map((operation, at) => {
    let length = 0;
    for (const [text, weight] of weightedTexts(operation)) {
      for (const term of termsOf(text)) {
        const found = postings.get(term) ?? new Map<number, number>();
        found.set(at, (found.get(at) ?? 0) + weight);
        postings.set(term, found);
        length += weight;
      }
    }
    return length;
  });
  return { postings, lengths };
}

/** What tells something of an operation, and how much. */
function weightedTexts(operation: OperationDescription): readonly (readonly [string, number])[] {
  return [
    [operation.summary, 3],
    // Synonyms of one operation are ways to say one thing; each stands for itself.
    ...operation.synonyms.map((synonym) => [synonym, 2] as const),
    [operation.id, 2],
    [operation.path, 1],
    ...operation.parameters.map(({ name }) => [name, 0.3] as const),
    ...(operation.body === undefined ? [] : [[operation.body, 0.3] as const]),
  ];
}

/** The words of a text in the form in which they are compared: names are split, endings and fillers dropped. */
type TermsOf = (text: string) => readonly string[];

function createTerms(stem: (word: string) => string): TermsOf {
  const sameAs = new Map(
    sameWords.flatMap((words) => {
      const [first = '', ...others] = words.split(' ').map(stem);
      return others.map((other) => [other, first] as const);
    }),
  );
  return (text) =>
    text
      .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
      .toLowerCase()
      .split(/[^\p{L}\p{N}]+/u)
      .filter((word) => word !== '' && !fillers.has(word))
      .map((word) => stem(word))
      .map((word) => sameAs.get(word) ?? word);
}

const fillers: ReadonlySet<string> = new Set(
  'a an the of to in on for by with from at as is are be was were it its this that these those and or my our your their i we you me us do does did can could how what which where when who why please want need would like some any all into one each every has have there about his her him now go so am if will just only them they not no than then up via per something anything everything currently'.split(
    ' ',
  ),
);

/** Words that mean one thing here, one group a line. */
const sameWords: readonly string[] = [
  'delete remove erase drop bin trash discard',
  'create add make new insert',
  'list show get read see view fetch display look find give tell',
  'update change edit modify save set adjust write put',
  'copy duplicate clone',
  'move relocate',
  'cancel abort stop',
  'run start execute launch trigger',
  'download export',
  'upload import load',
  'publish live release',
  'workflow approval',
  'lock checkout',
  'version revision history',
  'schedule recurring automatic timetable',
  'progress status',
  'error problem failure',
  'statistics stats number figure',
  'user person people member',
  'group team',
  'permission security right access allow',
  'setting configuration option preference',
  'image picture photo graphic',
  'document pdf file',
  'css stylesheet',
  'tag category classify',
  'name title',
  'url address path',
  'reference link',
  'usage use',
  'broken dead',
  'traffic visitor',
  'locale language',
  'localization translation',
  'child below under sub',
  'parent above',
  'comment note',
];
