import type { CmsUsers } from '../../../domain/ports/cms/users.ts';
import type { Calls } from './calls.ts';
import { operations } from './catalogue/index.ts';
import { camelPaging } from './wire/page.ts';
import { user, userGroup } from './wire/site.ts';

export function createUsers(calls: Calls): CmsUsers {
  return {
    list: (page) => calls.page(operations.User_GetUsers, { groupId: '', ...camelPaging(page) }, page, user),
    groups: (page) => calls.page(operations.UserGroups_GetUserGroups, camelPaging(page), page, userGroup),
  };
}
