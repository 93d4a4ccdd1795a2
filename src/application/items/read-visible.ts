import { DomainError } from '../../domain/errors.ts';
import type { ContentItem } from '../../domain/model/content-item.ts';
import type { Ports } from '../../domain/ports/index.ts';
import { isAssetId } from './item-path.ts';

/** An item that some list of the CMS names, or `undefined` when it is gone or not for this user to see. */
export async function readVisible(
  id: string,
  ports: Pick<Ports, 'pages' | 'assets'>,
): Promise<ContentItem | undefined> {
  try {
    const item = isAssetId(id) ? await ports.assets.get(id) : await ports.pages.get(id);
    return item?.access === 'none' ? undefined : item;
  } catch (thrown) {
    // Lists may name what the user has no access to; that must not cost the answer about the others.
    if (thrown instanceof DomainError && thrown.code === 'FORBIDDEN') return undefined;
    throw thrown;
  }
}
