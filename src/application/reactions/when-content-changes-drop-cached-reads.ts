import { tagsDroppedBy } from '../../domain/policy/cache-tags.ts';
import type { Cache } from '../../domain/ports/cache.ts';
import { defineReaction, type Reaction } from '../define-reaction.ts';

/**
 * After a write, no remembered read that it made void is answered again, in any process that shares the store; nor is
 * any where a write may have been missed.
 */
export function whenContentChangesDropCachedReads(
  cache: Pick<Cache, 'drop'>,
): Reaction<'content_changed' | 'publish_finished' | 'events_missed'> {
  return defineReaction({
    name: 'when_content_changes_drop_cached_reads',
    events: ['content_changed', 'publish_finished', 'events_missed'],
    react: (event) => cache.drop(tagsDroppedBy(event)),
  });
}
