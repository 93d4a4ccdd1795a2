import type { EntityStamp } from '../model.ts';

/** Who made an entity and when; without a later change it was last modified when it was made. Times are ISO, UTC. */
export function stamp(
  created: string,
  createdBy: string,
  lastModified = created,
  lastModifiedBy = createdBy,
): EntityStamp {
  return { created, createdBy, lastModified, lastModifiedBy, archived: false };
}
