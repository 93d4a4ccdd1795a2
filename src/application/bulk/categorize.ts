import { DomainError } from '../../domain/errors.ts';
import type { Category } from '../../domain/model/site.ts';
import {
  applyCategories,
  planCategories,
  readCategoryChange,
  refuseUncategorizable,
} from '../items/categorize-items.ts';
import { reread } from '../items/write-guard.ts';
import type { BulkAction } from './bulk-action.ts';
import { pageByPage } from './page-by-page.ts';

/** Adds and removes categories; other ones stay. */
export const categorizeAction: BulkAction<'categorize'> = {
  takes: ['add', 'remove'],
  callsPerPage: 6,
  undo: {
    undo: 'partial',
    undo_hint:
      'Send the done pages again with add and remove exchanged; a page that had one of several added categories before loses it then.',
  },

  async plan(given, ports) {
    const { add = [], remove = [] } = given;
    if (add.length + remove.length === 0) {
      throw new DomainError('BAD_INPUT', 'Say which categories: give "add" or "remove" or both.');
    }
    const change = await readCategoryChange({ add, remove }, ports);
    const { added, removed } = 'exactly' in change ? { added: change.exactly, removed: [] } : change;
    const words = [
      ...(added.length === 0 ? [] : [`add ${namesOf(added)}`]),
      ...(removed.length === 0 ? [] : [`take off ${namesOf(removed)}`]),
    ];
    return {
      order: { action: 'categorize', addIds: idsOf(added), removeIds: idsOf(removed) },
      words: words.join(' and '),
      async judge(item, context) {
        await refuseUncategorizable(item, ports, context);
        const isSo =
          added.every(({ id }) => item.categoryIds.includes(id)) &&
          removed.every(({ id }) => !item.categoryIds.includes(id));
        return isSo ? 'Its categories are so already.' : undefined;
      },
      stamp: () => [],
      warnings: async () => [],
    };
  },

  async prepare({ addIds, removeIds }, bulk) {
    const { ports, call } = bulk;
    const change = await readCategoryChange({ add: addIds, remove: removeIds }, ports);
    return pageByPage(
      {
        async look({ id }) {
          const item = await reread(id, ports);
          await refuseUncategorizable(item, ports);
          const { changes } = await planCategories(item, change, ports);
          return changes ? { item } : { item, row: { id, name: item.name, outcome: 'done' } };
        },
        async act(item) {
          await applyCategories([await planCategories(item, change, ports)], change, ports, call);
          return { id: item.id, name: item.name, outcome: 'done' };
        },
      },
      bulk,
    );
  },
};

const idsOf = (categories: readonly Category[]): string[] => categories.map(({ id }) => id);
const namesOf = (categories: readonly Category[]): string => categories.map(({ name }) => `"${name}"`).join(', ');
