import type { Actor } from './actor.ts';

/** The stream keeps no more than this. */
const MAX_ACTIVITIES = 500;

/** Adds a line to the activity stream of the dashboard. */
export function recordActivity(actor: Actor, action: string, content: string): void {
  actor.state.activities.unshift({ userId: actor.user.id, action, content, time: actor.now });
  actor.state.activities.length = Math.min(actor.state.activities.length, MAX_ACTIVITIES);
}
