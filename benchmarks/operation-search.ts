import { stemmer } from 'stemmer';
import { createOperationCatalogue } from '../src/adapters/outbound/ingeniux/catalogue/operation-catalogue.ts';
import { createOperationSearch } from '../src/domain/policy/operation-search.ts';
import { type Benchmark, figure } from './harness.ts';

/** What an index that is made once saves a search over the operations of the CMS's API. */
export const operationSearch: Benchmark = {
  name: 'operation-search',
  asks: 'What does a search over the 396 operations cost, with a kept index and with one made for it?',
  async run() {
    const kept = createOperationCatalogue();
    const scenarios = [
      { what: 'with a kept index', search: (query: string) => kept.search(query) },
      {
        what: 'with an index made for it',
        search: (query: string) => createOperationSearch(kept.all(), stemmer)(query),
      },
    ];
    const timings = scenarios.map((): number[] => []);
    // They take turns, so that a slow moment falls on both; the first rounds warm up.
    for (let round = -warmUpRounds; round < rounds; round += 1) {
      for (const [at, { search }] of scenarios.entries()) {
        const startedAtMs = performance.now();
        for (const query of queries) search(query);
        if (round >= 0) timings[at]?.push((performance.now() - startedAtMs) / queries.length);
      }
    }
    const medians = timings.map(median);
    return {
      columns: ['search', 'ms', 'times'],
      rows: scenarios.map(({ what }, at) => [
        what,
        (medians[at] ?? 0).toFixed(3),
        figure((medians[at] ?? 0) / (medians[0] ?? 1)),
      ]),
      remarks: [`Median of ${rounds} rounds of ${queries.length} searches each, in this process.`],
    };
  },
};

const rounds = 30;
const warmUpRounds = 5;

const queries: readonly string[] = [
  'rename a page',
  'who has this page checked out',
  'list url redirects',
  'upload an image',
  'broken links',
];

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}
