import type { DomainEvent, DomainEventType } from '../domain/events.ts';

/** What follows from an event, in every process that hears it. */
export interface Reaction<T extends DomainEventType = DomainEventType> {
  readonly name: string;
  readonly events: readonly T[];
  react(event: Extract<DomainEvent, { type: T }>): Promise<void>;
}

/** Exists only so that the type of `react`'s event follows from `events`. */
export function defineReaction<T extends DomainEventType>(reaction: Reaction<T>): Reaction<T> {
  return reaction;
}
