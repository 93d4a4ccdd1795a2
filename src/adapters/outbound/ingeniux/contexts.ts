import type { ItemContext } from '../../../domain/model/content-item.ts';
import { inOrderOf } from './in-order.ts';

/**
 * What the caller may do with items, in the order of `ids`, unknown ones left out. A CMS that answers nothing at all may
 * have stumbled over one unknown id among several, so that then each is asked for alone.
 */
export async function contextsOf(ids: readonly string[], ask: AskContexts): Promise<readonly ItemContext[]> {
  if (ids.length === 0) return [];
  const together = await ask(ids);
  if (together.length > 0 || ids.length === 1) return inOrderOf(ids, together);
  return inOrderOf(ids, (await Promise.all(ids.map((id) => ask([id])))).flat());
}

/** The list may hold null for an id that the CMS does not know. */
export type AskContexts = (ids: readonly string[]) => Promise<readonly (ItemContext | null)[]>;
