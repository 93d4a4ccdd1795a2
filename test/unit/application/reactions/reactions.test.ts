import { describe, expect, it } from 'vitest';
import { createMemoryEventBus } from '../../../../src/adapters/outbound/memory/event-bus.ts';
import { createReactions, startReactions } from '../../../../src/application/reactions/index.ts';
import type { DomainEvent } from '../../../../src/domain/events.ts';

const changed: DomainEvent = { type: 'content_changed', itemIds: ['x1'], change: 'fields', subject: 'somebody' };

describe('reactions', () => {
  it('drop the cached reads that a change made void, before the publish has ended', async () => {
    const dropped: string[] = [];
    const bus = createMemoryEventBus({ onProblem: () => undefined });
    const cache = { drop: async (tags: readonly string[]) => void dropped.push(...tags) };
    const end = startReactions(bus, createReactions({ cache }));
    await bus.publish([changed]);
    expect(dropped).toContain('item:x1');
    dropped.length = 0;
    await bus.publish([{ type: 'token_revoked', tokenId: 't1' }]);
    expect(dropped).toEqual([]);
    end();
    await bus.publish([changed]);
    expect(dropped).toEqual([]);
  });

  it('one that fails stops no other and is told as a problem', async () => {
    const problems: unknown[] = [];
    const heard: string[] = [];
    const bus = createMemoryEventBus({ onProblem: (error) => problems.push(error) });
    startReactions(bus, [
      { name: 'fails', events: ['content_changed'], react: () => Promise.reject(new Error('broken')) },
      { name: 'hears', events: ['content_changed'], react: async (event) => void heard.push(event.type) },
    ]);
    await bus.publish([changed]);
    expect(heard).toEqual(['content_changed']);
    expect(problems).toHaveLength(1);
  });
});
