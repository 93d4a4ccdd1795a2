import { tagsDroppedBy } from '../../domain/policy/cache-tags.ts';
import type { Cache } from '../../domain/ports/cache.ts';
import { defineReaction, type Reaction } from '../define-reaction.ts';

/** After a write, no remembered read that it made void is answered again, in any process that shares the store. */
export function whenContentChangesDropCachedReads(
  cache: Pick<Cache, 'drop'>,
): Reaction<'content_changed' | 'publish_finished'> {
  return defineReaction({
    name: 'when_content_changes_drop_cached_reads',
    events: ['content_changed', 'publish_finished'],
    react: (event) => cache.drop(tagsDroppedBy(event)),
  });
}
