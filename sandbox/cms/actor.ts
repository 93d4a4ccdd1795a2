import type { EntityStamp, SandboxState, SandboxUser } from '../model.ts';

/** Who acts on which state, and when. Every rule of the CMS is asked with one of these. */
export type Actor = {
  state: SandboxState;
  user: SandboxUser;
  /** ISO 8601 in UTC; one call has one time. */
  now: string;
};

/** The stamp of what the caller makes now. */
export function newStamp({ now, user }: Actor): EntityStamp {
  return { created: now, createdBy: user.id, lastModified: now, lastModifiedBy: user.id, archived: false };
}
