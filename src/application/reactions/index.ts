import type { DomainEvent, DomainEventType } from '../../domain/events.ts';
import type { Cache } from '../../domain/ports/cache.ts';
import type { EventBus } from '../../domain/ports/event-bus.ts';
import { whenContentChangesDropCachedReads } from './when-content-changes-drop-cached-reads.ts';

/** What reactions work with. */
export interface ReactionPorts {
  readonly cache: Pick<Cache, 'drop'>;
}

/** Any reaction, for the table. `react` is a method on purpose: that lets narrower reactions stand in it without casts. */
export interface AnyReaction {
  readonly name: string;
  readonly events: readonly DomainEventType[];
  react(event: DomainEvent): Promise<void>;
}

/** The table: everything that follows from events. */
export function createReactions(ports: ReactionPorts): readonly AnyReaction[] {
  return [whenContentChangesDropCachedReads(ports.cache)];
}

/**
 * Lets the reactions hear the bus, each as a listener of its own, so that one that fails does not stop the others.
 * Answers the function that ends it.
 */
export function startReactions(events: EventBus, reactions: readonly AnyReaction[]): () => void {
  const ends = reactions.map((reaction) =>
    events.subscribe(async (event) => {
      if (reaction.events.includes(event.type)) await reaction.react(event);
    }),
  );
  return () => {
    for (const end of ends) end();
  };
}
