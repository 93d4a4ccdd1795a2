import type { DomainEvent } from '../events.ts';

/**
 * Tells what happened.
 *
 * Laws:
 * - `publish` ends when every listener of this process has ended: a read after a write sees the cache dropped.
 * - With Redis, listeners of other processes hear it too, soon after; each process hears an event once.
 * - A process that was cut off from the others hears none of what they tell meanwhile. When it is back, its listeners
 *   are told `events_missed`, before anything that is told later: whoever must not miss anything reads again then.
 * - A listener that throws does not stop the others; `onProblem` of the bus is told.
 * - After `unsubscribe` a listener hears nothing more.
 */
export interface EventBus {
  publish(events: readonly DomainEvent[]): Promise<void>;
  subscribe(listener: (event: DomainEvent) => void | Promise<void>): () => void;
  close(): Promise<void>;
}
