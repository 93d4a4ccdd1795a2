import type { ContentChange, DomainEvent } from '../events.ts';

/**
 * The tags that remembered reads carry beside those of single items.
 *
 * - `tree`: where items are: children, ancestors, outlines, paths.
 * - `search`: what is found by words, names, schemas or references.
 * - `work`: who has to do what: worklists and workflow reports.
 * - `publishing`: targets and publish logs.
 * - `configuration`: schemas, rules, workflow definitions, categories, users: nothing that a content event changes.
 */
export type CacheTag = (typeof everyTag)[number];
const everyTag = ['tree', 'search', 'work', 'publishing', 'configuration'] as const;

/** The tag of every remembered read that names this item in its arguments. */
export const itemTag = (itemId: string): string => `item:${itemId}`;

/** Which tags an event makes void. Pure: dropping them is the reaction's business. */
export function tagsDroppedBy(event: DomainEvent): readonly string[] {
  switch (event.type) {
    case 'content_changed':
      return [...event.itemIds.map(itemTag), ...tagsOfChange[event.change]];
    case 'publish_finished':
      return [...event.itemIds.map(itemTag), 'publishing', 'tree', 'search', 'work'];
    case 'events_missed':
      // Which items changed is not known. What is answered again without asking the CMS carries one of these.
      return everyTag;
    case 'job_changed':
    case 'schedule_settled':
    case 'token_revoked':
    case 'grant_revoked':
      return [];
  }
}

/** Lists show names, locks, versions and marks of their items, so that hardly a change leaves them as they were. */
const tagsOfChange: Readonly<Record<ContentChange, readonly CacheTag[]>> = {
  fields: ['tree', 'search'],
  lock: ['tree', 'search', 'work'],
  version: ['tree', 'search', 'work', 'publishing'],
  structure: ['tree', 'search', 'work', 'publishing'],
  workflow: ['tree', 'search', 'work', 'publishing'],
  marking: ['tree', 'search', 'work', 'publishing'],
};
