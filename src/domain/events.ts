/**
 * What happened, told to reactions (drop cached reads, notify subscribers, …) in this process and, with Redis, in
 * every process. Plain JSON: an event crosses processes. Never holds content or secrets.
 */
export type DomainEvent =
  | {
      readonly type: 'content_changed';
      readonly itemIds: readonly string[];
      readonly change: ContentChange;
      readonly subject: string;
    }
  | {
      readonly type: 'publish_finished';
      readonly targetId: string;
      readonly itemIds: readonly string[];
      readonly subject: string;
    }
  | { readonly type: 'job_changed'; readonly jobId: string; readonly owner: string; readonly state: string }
  | {
      readonly type: 'schedule_settled';
      readonly scheduleId: string;
      readonly owner: string;
      readonly outcome: 'started' | 'missed';
    }
  /** This process was cut off from the others for a while: whatever they told meanwhile it has not heard. */
  | { readonly type: 'events_missed' }
  | { readonly type: 'token_revoked'; readonly tokenId: string }
  | { readonly type: 'grant_revoked'; readonly grantId: string };

/** How the content changed. `structure` changes move, add or remove nodes, so lists and paths are stale as well. */
export type ContentChange = 'fields' | 'lock' | 'version' | 'structure' | 'workflow' | 'marking';

export type DomainEventType = DomainEvent['type'];
