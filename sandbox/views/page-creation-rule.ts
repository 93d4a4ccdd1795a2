import { schemaOf } from '../cms/content.ts';
import type { PageCreationRule, SandboxState } from '../model.ts';
import { groupName, loginOf, userName } from './entity.ts';

/** `PCRInfo` of the contract. */
export function ruleInfo(state: SandboxState, rule: PageCreationRule) {
  const schema = schemaOf(state, rule);
  return {
    Id: rule.id,
    Name: rule.name,
    Description: rule.description,
    SchemaName: schema.friendlyName,
    SchemaId: schema.id,
    SchemaIcon: schema.icon,
    CreatedById: loginOf(state, rule.createdBy),
    CreatedByName: userName(state, rule.createdBy),
    Users: rule.userIds.map((id) => ({ Id: id, Name: userName(state, id) })),
    Groups: rule.groupIds.map((id) => ({ Id: id, Name: groupName(state, id) })),
    ParentPageCount: rule.parents.length,
    UserCount: rule.userIds.length,
    GroupCount: rule.groupIds.length,
  };
}

/** `PCRDetails` of the contract. */
export function ruleDetails(state: SandboxState, rule: PageCreationRule) {
  return {
    ...ruleInfo(state, rule),
    ParentPages: rule.parents.map(({ pageId, parentOnly }) => ({ PageId: pageId, ParentOnly: parentOnly })),
  };
}
