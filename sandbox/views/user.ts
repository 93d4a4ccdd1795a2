import type { SandboxGroup, SandboxState, SandboxUser } from '../model.ts';
import { compactDate } from './dates.ts';
import { entityModel } from './entity.ts';

/** `UserModel` of the contract; no e-mail, no rights, no groups. */
export function userModel(state: SandboxState, user: SandboxUser) {
  return {
    ...entityModel(state, user.id, user.name, 'User', user),
    UserId: user.userId,
    IsTaskUser: user.isTaskUser,
    Picture: user.picture,
    Title: user.title,
    LastActive: user.lastActive === null ? null : compactDate(user.lastActive),
    Disabled: user.disabled,
  };
}

/** `UserGroupModel` of the contract. */
export function groupModel(state: SandboxState, group: SandboxGroup) {
  return {
    ...entityModel(state, group.id, group.name, 'UserGroup', group),
    UserIds: group.userIds,
    GroupType: group.groupType,
  };
}
