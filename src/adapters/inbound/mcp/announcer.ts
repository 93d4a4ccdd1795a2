import type { DomainEvent } from '../../../domain/events.ts';
import type { Principal } from '../../../domain/model/principal.ts';
import type { EventBus } from '../../../domain/ports/event-bus.ts';
import { contentUri, jobUri, targetUri } from './resources/uris.ts';

/** Tells connected clients which resources changed: only those that their principal may know of. */
export interface Announcer {
  /** Tells the listener until the answered function is called. */
  listen(principal: Principal, listener: ChangeListener): () => void;
  close(): void;
}

export interface ChangeListener {
  /** A resource changed. */
  onChanged(uri: string): void;
  /** Nobody knows which ones did: whatever the client watches it should read again. */
  onMissed(): void;
}

/** One subscription to the event bus for any number of clients. */
export function createAnnouncer(events: EventBus): Announcer {
  const listeners = new Set<{ readonly principal: Principal; readonly listener: ChangeListener }>();
  const unsubscribe = events.subscribe((event) => {
    for (const { principal, listener } of listeners) {
      if (event.type === 'events_missed') listener.onMissed();
      for (const uri of changedUris(event, principal)) listener.onChanged(uri);
    }
  });
  return {
    listen(principal, listener) {
      const entry = { principal, listener };
      listeners.add(entry);
      return () => listeners.delete(entry);
    },
    close() {
      unsubscribe();
      listeners.clear();
    },
  };
}

function changedUris(event: DomainEvent, principal: Principal): readonly string[] {
  switch (event.type) {
    case 'job_changed':
      return event.owner === principal.subject ? [jobUri(event.jobId)] : [];
    case 'content_changed':
      return principal.scopes.includes('cms:read') ? event.itemIds.map(contentUri) : [];
    case 'publish_finished':
      return principal.scopes.includes('cms:read') ? [targetUri(event.targetId)] : [];
    case 'schedule_settled':
    case 'events_missed':
    case 'token_revoked':
    case 'grant_revoked':
      return [];
  }
}
