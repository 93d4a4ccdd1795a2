import { describe, expect, it } from 'vitest';
import type { OperationDescription } from '../../../../src/domain/model/operation.ts';
import { createOperationSearch } from '../../../../src/domain/policy/operation-search.ts';

function operation(id: string, summary: string, synonyms: readonly string[] = []): OperationDescription {
  return {
    id,
    tag: id.split('_')[0] ?? '',
    method: 'GET',
    path: `/${id.toLowerCase().replace('_', '/')}`,
    parameters: [],
    answer: 'nothing',
    effect: 'read',
    idempotent: true,
    slow: false,
    sensitive: false,
    adminOnly: false,
    summary,
    synonyms,
    quirks: [],
  };
}

const operations = [
  operation('Pages_Rename', 'Change the name of a page'),
  operation('Pages_DeletePage', 'Move a page into the recycle folder', ['trash']),
  operation('Publishing_GetRedirects', 'List redirects', ['301', 'forwarding']),
];

/** As crude as a stem can be. */
const stem = (word: string) => word.replace(/(?:ing|ed|s)$/, '');

describe('createOperationSearch', () => {
  const search = createOperationSearch(operations, stem);
  const idsOf = (query: string) => search(query).map(({ id }) => id);

  it.each([
    ['a word of the summary', 'recycle', ['Pages_DeletePage']],
    ['a part of the id', 'GetRedirects', ['Publishing_GetRedirects']],
    ['another form of a word', 'forwarded', ['Publishing_GetRedirects']],
    ['a word that means the same', 'title', ['Pages_Rename']],
    ['no word that it knows', 'weather', []],
    ['nothing but fillers', 'what is the', []],
    ['no word at all', '?!', []],
  ])('finds by %s', (_title, query, ids) => {
    expect(idsOf(query)).toEqual(ids);
  });

  it('puts what has more of the words first', () => {
    expect(idsOf('erase this page')).toEqual(['Pages_DeletePage', 'Pages_Rename']);
    expect(idsOf('page name')).toEqual(['Pages_Rename', 'Pages_DeletePage']);
  });

  it('reads the operations once, however often it is asked', () => {
    const stemmed: string[] = [];
    const counting = createOperationSearch(operations, (word) => {
      stemmed.push(word);
      return stem(word);
    });
    stemmed.length = 0;
    counting('rename pages');
    counting('redirects');
    expect(stemmed).toEqual(['rename', 'pages', 'redirects']);
  });

  it('searches among none', () => {
    expect(createOperationSearch([], stem)('page')).toEqual([]);
  });
});
