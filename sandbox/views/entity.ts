import type { EntityStamp, SandboxState } from '../model.ts';

/** `EntityBaseModel` of the contract. */
export function entityModel(state: SandboxState, id: string, name: string, entityType: string, stamp: EntityStamp) {
  return {
    Id: id,
    Name: name,
    CreationUser: loginOf(state, stamp.createdBy),
    Created: stamp.created,
    LastModifiedUser: loginOf(state, stamp.lastModifiedBy),
    LastModified: stamp.lastModified,
    EntityType: entityType,
    Archived: stamp.archived,
  };
}

/** What a user types to sign in; the id itself when the user is gone. */
export function loginOf(state: SandboxState, userId: string): string {
  return state.users.find((user) => user.id === userId)?.userId ?? userId;
}

/** A user's display name, or null. */
export function userName(state: SandboxState, userId: string | null): string | null {
  return state.users.find((user) => user.id === userId)?.name ?? null;
}

/** A group's name, or null. */
export function groupName(state: SandboxState, groupId: string | null): string | null {
  return state.groups.find((group) => group.id === groupId)?.name ?? null;
}
