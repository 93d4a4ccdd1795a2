import { DomainError } from '../../domain/errors.ts';
import {
  findNamesakes,
  moveItems,
  readFixedPages,
  refuseMoveOf,
  refuseMoveTo,
  refuseUnmoved,
} from '../items/move-items.ts';
import { resolveItem } from '../items/resolve-item.ts';
import { reread } from '../items/write-guard.ts';
import type { BulkAction } from './bulk-action.ts';
import type { BulkRow } from './bulk-order.ts';
import { pageByPage } from './page-by-page.ts';

/** Moves pages, each with all below it, to the end of another page's children. */
export const moveAction: BulkAction<'move'> = {
  takes: ['to'],
  callsPerPage: 4,
  undo: {
    undo: 'possible',
    undo_hint: 'Each page tells its former parent as "from"; move the pages of each former parent back in one call.',
  },

  async plan({ to }, ports) {
    if (to === undefined) throw new DomainError('BAD_INPUT', 'Say where to move: "to" is missing.');
    const destination = await resolveItem(to, ports);
    await refuseMoveTo([], destination, 'child', ports);
    const line = new Set([...(await ports.pages.ancestors(destination.id)).map(({ id }) => id), destination.id]);
    const fixed = await readFixedPages(ports);
    return {
      order: { action: 'move', toId: destination.id },
      words: `move below "${destination.name}" (${destination.id})`,
      async judge(item, context) {
        if (item.parentId === destination.id) return 'It is there already.';
        if (line.has(item.id)) {
          throw new DomainError('BAD_INPUT', `"${item.name}" (${item.id}) cannot move into itself or below itself.`);
        }
        await refuseMoveOf(item, destination, ports, { context, fixed });
        return undefined;
      },
      stamp: ({ parentId }) => [parentId],
      async warnings(open) {
        const twins = await findNamesakes(open, { parentId: destination.id }, ports);
        return [
          'The addresses of the pages change, also of those below them; outside links to the old ones break unless redirects are added.',
          ...twins.slice(0, twinsShownMax),
          ...(twins.length > twinsShownMax ? [`${twins.length - twinsShownMax} more names are there already.`] : []),
        ];
      },
    };
  },

  async prepare({ toId }, bulk) {
    const { ports, call } = bulk;
    const destination = await reread(toId, ports);
    await refuseMoveTo([], destination, 'child', ports);
    const fixed = await readFixedPages(ports);
    return pageByPage(
      {
        async look({ id, from }) {
          const item = await reread(id, ports);
          const row: BulkRow = { id, name: item.name, outcome: 'done', ...(from === undefined ? {} : { from }) };
          if (item.parentId === toId) return { item, row };
          if (item.parentId !== from) {
            throw new DomainError(
              'VERSION_CONFLICT',
              `"${item.name}" (${id}) was moved elsewhere since it was planned, and was left there. Plan it anew if it is still to be moved.`,
            );
          }
          await refuseMoveOf(item, destination, ports, { fixed });
          return { item };
        },
        async act(item, { from }) {
          await moveItems([item], destination, 'child', ports, call);
          refuseUnmoved([await reread(item.id, ports)], { parentId: toId });
          return { id: item.id, name: item.name, outcome: 'done', ...(from === undefined ? {} : { from }) };
        },
      },
      bulk,
    );
  },
};

const twinsShownMax = 5;
