import type { DomainEvent } from '../../../domain/events.ts';
import type { Principal } from '../../../domain/model/principal.ts';
import type { EventBus } from '../../../domain/ports/event-bus.ts';
import { contentUri, jobUri, targetUri } from './resources/uris.ts';

/** Tells connected clients which resources changed: only those that their principal may know of. */
export interface Announcer {
  /** Calls `onChanged` with the URI of each changed resource until the answered function is called. */
  listen(principal: Principal, onChanged: (uri: string) => void): () => void;
  close(): void;
}

/** One subscription to the event bus for any number of clients. */
export function createAnnouncer(events: EventBus): Announcer {
  const listeners = new Set<{ readonly principal: Principal; readonly onChanged: (uri: string) => void }>();
  const unsubscribe = events.subscribe((event) => {
    for (const { principal, onChanged } of listeners) {
      for (const uri of changedUris(event, principal)) onChanged(uri);
    }
  });
  return {
    listen(principal, onChanged) {
      const listener = { principal, onChanged };
      listeners.add(listener);
      return () => listeners.delete(listener);
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
    case 'token_revoked':
    case 'grant_revoked':
      return [];
  }
}
