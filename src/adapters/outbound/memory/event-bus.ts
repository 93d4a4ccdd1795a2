import type { DomainEvent } from '../../../domain/events.ts';
import type { EventBus } from '../../../domain/ports/event-bus.ts';

/**
 * Tells the listeners of this process. Events are delivered one after the other, each to all listeners at once.
 *
 * `onProblem` is told what a listener threw.
 */
export function createMemoryEventBus(options: { readonly onProblem: (error: unknown) => void }): EventBus {
  const subscriptions = new Set<Subscription>();

  const tell = async (subscription: Subscription, event: DomainEvent): Promise<void> => {
    // A listener that was told earlier of the same event may have ended this subscription.
    if (!subscriptions.has(subscription)) return;
    try {
      await subscription.listener(event);
    } catch (error) {
      // Law: one listener's failure stops neither the others nor the publisher.
      options.onProblem(error);
    }
  };

  return {
    async publish(events) {
      for (const event of events) {
        await Promise.all([...subscriptions].map((subscription) => tell(subscription, event)));
      }
    },
    subscribe(listener) {
      const subscription = { listener };
      subscriptions.add(subscription);
      return () => {
        subscriptions.delete(subscription);
      };
    },
    async close() {
      subscriptions.clear();
    },
  };
}

interface Subscription {
  readonly listener: (event: DomainEvent) => void | Promise<void>;
}
