import { accessRefused } from '../exceptions.ts';
import type { PermissionLevel, SandboxGroup, SandboxState, SandboxUser, UserRight } from '../model.ts';
import type { Actor } from './actor.ts';
import { type AnyNode, parentOf } from './tree.ts';

/** The groups a user belongs to. */
export function groupsOf(state: SandboxState, user: SandboxUser): SandboxGroup[] {
  return state.groups.filter((group) => group.userIds.includes(user.id));
}

export function isAdministrator(state: SandboxState, user: SandboxUser): boolean {
  return groupsOf(state, user).some((group) => group.rights.includes('IGX_USER_RIGHT_ADMIN'));
}

export function hasRight(state: SandboxState, user: SandboxUser, right: UserRight): boolean {
  return isAdministrator(state, user) || groupsOf(state, user).some((group) => group.rights.includes(right));
}

/** The user's permission on a node: the nearest entry for the user on the way to the root, else full access. */
export function levelOf(state: SandboxState, user: SandboxUser, node: AnyNode): PermissionLevel {
  if (isAdministrator(state, user)) return 'FULL_ACCESS';
  const groupIds = groupsOf(state, user).map((group) => group.id);
  let current: AnyNode | null = node;
  while (current) {
    const entries = current.security ?? [];
    const own = entries.filter((entry) => entry.userId === user.id);
    const ofGroups = entries.filter((entry) => entry.groupId !== null && groupIds.includes(entry.groupId));
    const levels = (own.length > 0 ? own : ofGroups).map((entry) => entry.level);
    if (levels.length > 0) return levels.reduce((best, level) => (RANK[level] > RANK[best] ? level : best));
    current = parentOf(state, current);
  }
  return 'FULL_ACCESS';
}

const RANK: Record<PermissionLevel, number> = { NO_ACCESS: 0, READ_ONLY: 1, FULL_ACCESS: 2 };

export function canRead(actor: Actor, node: AnyNode): boolean {
  return levelOf(actor.state, actor.user, node) !== 'NO_ACCESS';
}

export function hasFullAccess(actor: Actor, node: AnyNode): boolean {
  return levelOf(actor.state, actor.user, node) === 'FULL_ACCESS';
}

/** @throws CmsException (SecurityException) */
export function requireRead(actor: Actor, node: AnyNode): void {
  if (!canRead(actor, node)) throw accessRefused(`User ${actor.user.userId} has no access to ${node.id}.`);
}

/** @throws CmsException (SecurityException) */
export function requireFullAccess(actor: Actor, node: AnyNode): void {
  if (!hasFullAccess(actor, node)) {
    throw accessRefused(`User ${actor.user.userId} does not have full access to ${node.id}.`);
  }
}

/** @throws CmsException (SecurityException) when the user has none of the rights. */
export function requireRight(actor: Actor, ...anyOf: UserRight[]): void {
  if (!anyOf.some((right) => hasRight(actor.state, actor.user, right))) {
    throw accessRefused(`User ${actor.user.userId} does not have the right ${anyOf.join(' or ')}.`);
  }
}
