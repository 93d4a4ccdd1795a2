import { canRead, groupsOf, levelOf, requireRight } from '../cms/access.ts';
import { newStamp } from '../cms/actor.ts';
import { nameOf, schemaOf } from '../cms/content.ts';
import { type AnyItem, isPage, isRecycled } from '../cms/tree.ts';
import { contractRoutes } from '../contract/contract-routes.ts';
import type { ApiCall, Route } from '../route.ts';
import { compactDate } from '../views/dates.ts';
import { groupName } from '../views/entity.ts';
import { camelPaging, paginated, pascalPaging, sortedBy } from '../views/paging.ts';
import { groupModel, userModel } from '../views/user.ts';

/** Tags *User* and *UserGroups* of the contract. */
export const userRoutes: Route[] = [
  {
    operationId: 'User_GetUsers',
    method: 'GET',
    path: '/users',
    query: { groupId: 'string=', ...camelPaging },
    effect: 'read',
    handle(call) {
      const groupId = call.query.text('groupId');
      const members = call.state.groups.find((group) => group.id === groupId)?.userIds ?? [];
      const users = call.state.users.filter((user) => groupId === '' || members.includes(user.id));
      return paginated(call, users, (user) => userModel(call.state, user));
    },
  },
  {
    operationId: 'User_GetUser',
    method: 'GET',
    path: '/users/user',
    query: { id: 'string!' },
    effect: 'read',
    handle(call) {
      const id = call.query.text('id');
      const user = call.state.users.find((candidate) => candidate.id === id || candidate.userId === id);
      return user ? userModel(call.state, user) : null;
    },
  },
  {
    operationId: 'User_GetAssignments',
    method: 'GET',
    path: '/users/assignments',
    query: {
      IncludeGroups: 'bool',
      IncludeUser: 'bool',
      IncludeCheckedOut: 'bool',
      IncludeCheckedIn: 'bool',
      FilterDisabledWorkstate: 'bool',
      TypeFilter: 'string',
      SearchString: 'string',
      Sort: 'string',
      SortDirection: 'string',
      UserId: 'string',
      GroupId: 'string',
      ...pascalPaging,
    },
    effect: 'read',
    indexed: true,
    handle: assignments,
  },
  {
    operationId: 'UserGroups_GetUserGroups',
    method: 'GET',
    path: '/groups',
    query: camelPaging,
    effect: 'read',
    handle: (call) => paginated(call, call.state.groups, (group) => groupModel(call.state, group)),
  },
  {
    operationId: 'UserGroups_GetGroup',
    method: 'GET',
    path: '/groups/group',
    query: { name: 'string!' },
    effect: 'read',
    handle(call) {
      const name = call.query.text('name').toLowerCase();
      const group = call.state.groups.find((candidate) => candidate.name.toLowerCase() === name);
      return group ? groupModel(call.state, group) : null;
    },
  },
  {
    operationId: 'UserGroups_CreateGroup',
    method: 'PUT',
    path: '/groups/new-group',
    query: { name: 'string!' },
    effect: 'write',
    handle: createGroup,
  },
  {
    operationId: 'UserGroups_Search',
    method: 'GET',
    path: '/groups/search',
    query: { SearchText: 'string', AllowFullListing: 'bool', ...pascalPaging },
    effect: 'read',
    handle(call) {
      const text = call.query.text('SearchText').trim().toLowerCase();
      const groups =
        text === '' && !call.query.flag('AllowFullListing')
          ? []
          : call.state.groups.filter((group) => group.name.toLowerCase().includes(text));
      return paginated(call, groups, (group) => groupModel(call.state, group));
    },
  },
  ...contractRoutes({
    Settings_GetTaskUsers(call) {
      const text = call.query.text('q').trim().toLowerCase();
      return call.state.users
        .filter((user) => user.isTaskUser && user.name.toLowerCase().includes(text))
        .map((user) => userModel(call.state, user));
    },
  }),
];

/** None of the four Include flags has a default; without any of them the list is empty. */
function assignments(call: ApiCall) {
  const { query, state } = call;
  const wantedUser = query.text('UserId');
  const user = wantedUser
    ? state.users.find((candidate) => candidate.id === wantedUser || candidate.userId === wantedUser)
    : call.user;
  const groupIds = query.text('GroupId')
    ? [query.text('GroupId')]
    : user
      ? groupsOf(state, user).map(({ id }) => id)
      : [];
  const text = query.text('SearchString').toLowerCase();
  const type = query.text('TypeFilter').toLowerCase();
  const items: AnyItem[] = [...Object.values(state.pages), ...Object.values(state.assets)];
  const rows = items
    .filter(
      (item) =>
        (query.flag('IncludeUser') && user && item.assignedUserId === user.id) ||
        (query.flag('IncludeGroups') && item.assignedGroupId !== null && groupIds.includes(item.assignedGroupId)),
    )
    .filter((item) => (item.checkedOut ? query.flag('IncludeCheckedOut') : query.flag('IncludeCheckedIn')))
    .filter((item) => canRead(call, item))
    .filter((item) => !query.flag('FilterDisabledWorkstate') || isActive(call, item))
    .filter(
      (item) =>
        type === '' ||
        contentTypeOf(item).toLowerCase() === type ||
        schemaOf(state, item).rootName.toLowerCase() === type,
    )
    .filter((item) => nameOf(item).toLowerCase().includes(text))
    .map((item) => assignmentRow(call, item));
  const sorted = sortedBy(
    rows,
    query.text('Sort'),
    query.text('SortDirection') || 'ASC',
    (row, field) => Object.entries(row).find(([name]) => name.toLowerCase() === field.toLowerCase())?.[1],
  );
  return paginated(call, sorted, (row) => row);
}

function contentTypeOf(item: AnyItem): 'Page' | 'Asset' {
  return isPage(item) ? 'Page' : 'Asset';
}

function isActive(call: ApiCall, item: AnyItem): boolean {
  const workstate = call.state.workstates.find((candidate) => candidate.id === item.workflow?.stateId);
  return workstate?.active ?? true;
}

/** `AssignmentListInfo` of the contract. */
function assignmentRow(call: ApiCall, item: AnyItem) {
  const { state } = call;
  const schema = schemaOf(state, item);
  return {
    Id: item.id,
    Name: nameOf(item),
    CheckedOut: item.checkedOut !== null,
    Changed: compactDate(item.lastModified),
    LastComment: item.workflow?.comment ?? item.versions.at(-1)?.comment ?? null,
    Icon: schema.icon,
    Type: schema.friendlyName,
    ContentType: contentTypeOf(item),
    AssignedGroupName: groupName(state, item.assignedGroupId),
    Locale: item.locale,
    NodePermission: levelOf(state, call.user, item),
    Recycled: isRecycled(state, item),
    Workstate: state.workstates.find((workstate) => workstate.id === item.workflow?.stateId)?.name ?? null,
    MarkedPublishingTargetIds: Object.keys(item.marks),
  };
}

/** A group that exists already is answered with an empty object, not with an error (contract §5). */
function createGroup(call: ApiCall) {
  requireRight(call, 'IGX_USER_RIGHT_ADMIN');
  const name = call.query.text('name').trim();
  const exists = call.state.groups.some((group) => group.name.toLowerCase() === name.toLowerCase());
  const stamp = newStamp(call);
  if (exists || name === '') {
    return {
      ...groupModel(call.state, { ...stamp, id: '', name: '', groupType: '', userIds: [], rights: [] }),
      Id: null,
      Name: null,
    };
  }
  call.state.counters.group += 1;
  const group = {
    ...stamp,
    id: `UserGroups/${call.state.counters.group}`,
    name,
    groupType: 'UserGroup',
    userIds: [],
    rights: [],
  };
  call.state.groups.push(group);
  return groupModel(call.state, group);
}
