import { z } from 'zod';
import { DomainError } from '../../../domain/errors.ts';
import type { ContentItem } from '../../../domain/model/content-item.ts';
import type { Ports } from '../../../domain/ports/index.ts';
import type { Call } from '../../call.ts';
import { defineTask } from '../../define-task.ts';
import { eachItem } from '../../items/each-item.ts';
import { isAssetId } from '../../items/item-path.ts';
import { resolveItems } from '../../items/resolve-item.ts';
import { contextOf, guardWrite, refuseForeignLock, reread } from '../../items/write-guard.ts';
import { itemsParameter } from '../parameters.ts';
import { receiptView, viewChanged } from '../views.ts';

type Needs = Pick<Ports, 'pages' | 'assets'>;

const checkedOut = z.object({
  id: z.string(),
  name: z.string(),
  outcome: z.enum(['checked_out', 'already_yours', 'failed']),
  version: z.int().describe('Newest checked-in version'),
  code: z.string().optional(),
  message: z.string().optional(),
});

/** Takes the locks of items, so that nobody else edits them meanwhile. */
export const checkOutContent = defineTask({
  name: 'check_out_content',
  title: 'Check out',
  summary:
    'Lock pages, components or assets for editing without changing them yet. Says who holds what is locked already. Editing checks out by itself, so this only reserves.',
  toolset: 'authoring',
  effect: 'additive',
  idempotent: true,
  heedsFreeze: true,
  scopes: ['cms:read', 'cms:write'],
  needs: ['pages', 'assets', 'search', 'publishing'],
  input: z.object({ items: itemsParameter }).strict(),
  output: receiptView.extend({ items: z.array(checkedOut) }),
  publishesOutputSchema: false,

  async execute(input, ports, call) {
    const items = await resolveItems(input.items, ports);
    const outcomes = await eachItem(items, (item) => checkOut(item, ports, call));
    const taken = outcomes.flatMap((outcome) =>
      outcome.done && outcome.value.isNew ? [viewChanged(outcome.item, outcome.value.after)] : [],
    );
    return {
      items: outcomes.map((outcome) =>
        outcome.done
          ? {
              id: outcome.item.id,
              name: outcome.value.after.name,
              outcome: outcome.value.isNew ? ('checked_out' as const) : ('already_yours' as const),
              version: outcome.value.after.version,
            }
          : {
              id: outcome.item.id,
              name: outcome.item.name,
              outcome: 'failed' as const,
              version: outcome.item.version,
              code: outcome.error.code,
              message: outcome.error.message,
            },
      ),
      changed: taken,
      undo: taken.length === 0 ? ('no' as const) : ('partial' as const),
      ...(taken.length === 0
        ? {}
        : {
            undo_hint:
              'Check in again, which makes a version. Giving a check-out up without one works for assets, and for pages only where this CMS offers it.',
          }),
      warnings: [],
    };
  },
});

async function checkOut(
  item: ContentItem,
  ports: Needs,
  call: Call,
): Promise<{ readonly after: ContentItem; readonly isNew: boolean }> {
  if (item.kind === 'asset_folder') {
    throw new DomainError('BAD_INPUT', `"${item.name}" (${item.id}) is an asset folder and cannot be checked out.`);
  }
  const context = await guardWrite(item, ports);
  refuseForeignLock(item, context);
  if (item.checkedOut) return { after: item, isNew: false };
  await (isAssetId(item.id) ? ports.assets : ports.pages).checkOut(item.id);
  call.emit({ type: 'content_changed', itemIds: [item.id], change: 'lock', subject: call.principal.subject });
  const after = await reread(item.id, ports);
  // Somebody may have been faster between the look and the act.
  refuseForeignLock(after, await contextOf(item.id, ports));
  if (after.checkedOut) return { after, isNew: true };
  throw new DomainError(
    'WRITE_UNVERIFIED',
    `The CMS took the check-out of "${item.name}" (${item.id}), but shows it checked in.`,
    { next: { tool: 'get_content', input: { items: [item.id] } } },
  );
}
