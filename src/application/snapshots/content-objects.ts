import type { Field } from '../../domain/model/content-item.ts';
import type { SnapshotContent, SnapshotItem } from '../../domain/model/snapshot.ts';
import type { SnapshotStore } from '../../domain/ports/snapshot-store.ts';
import { listFields } from '../items/list-fields.ts';

/** Content as an object of the store. The same fields are the same bytes. */
export function encodeContent({ fields }: SnapshotContent): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ fields }));
}

/**
 * The fields of an item as the snapshot keeps them; none for what has no fields.
 *
 * @throws DomainError STORAGE_UNAVAILABLE when they cannot be read.
 */
export async function fieldsOf(
  { contentHash }: SnapshotItem,
  store: Pick<SnapshotStore, 'object'>,
): Promise<readonly Field[]> {
  if (contentHash === undefined) return [];
  const text = new TextDecoder().decode(await store.object(contentHash));
  // Only `encodeContent` makes such objects, and their names prove what they hold.
  return (JSON.parse(text) as SnapshotContent).fields;
}

/** Assets that fields refer to: whole values and attributes that are an id, and links and images in markup. Pure. */
export function assetsIn(fields: readonly Field[]): readonly string[] {
  const texts = listFields(fields).flatMap(({ field }) => [field.value, ...Object.values(field.attributes)]);
  const ids = texts.flatMap((text) =>
    wholeId.test(text) ? [text] : [...text.matchAll(idInMarkup)].flatMap(([, id]) => id ?? []),
  );
  return [...new Set(ids)];
}

const wholeId = /^a\/\d+$/;
const idInMarkup = /\b(?:href|src)\s*=\s*["'](a\/\d+)(?:[?#][^"']*)?["']/g;
