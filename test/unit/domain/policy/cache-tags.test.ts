import { expect, test } from 'vitest';
import { itemTag, tagsDroppedBy } from '../../../../src/domain/policy/cache-tags.ts';

const changes = ['fields', 'lock', 'version', 'structure', 'workflow', 'marking'] as const;

test.each(changes)('a change of %s drops its items and the lists that show them', (change) => {
  const tags = tagsDroppedBy({ type: 'content_changed', itemIds: ['x1', 'a/2'], change, subject: 's' });
  expect(tags).toEqual(expect.arrayContaining(['item:x1', 'item:a/2', 'tree', 'search']));
  expect(tags).not.toContain('configuration');
});

test('a publish drops what tells of publishing', () => {
  const tags = tagsDroppedBy({ type: 'publish_finished', targetId: 't', itemIds: ['x1'], subject: 's' });
  expect(tags).toEqual(expect.arrayContaining([itemTag('x1'), 'publishing']));
});

test('what may have been missed drops every kind of remembered read', () => {
  expect(tagsDroppedBy({ type: 'events_missed' })).toEqual(['tree', 'search', 'work', 'publishing', 'configuration']);
});

test('events that change no content drop nothing', () => {
  expect(tagsDroppedBy({ type: 'token_revoked', tokenId: 't' })).toEqual([]);
  expect(tagsDroppedBy({ type: 'job_changed', jobId: 'j', owner: 'o', state: 'queued' })).toEqual([]);
});
