import { may, type Operation } from './operation.ts';

/** Operations of the API tag `UserGroups` that the ports call. */
export const userGroupsOperations = {
  UserGroups_GetUserGroups: {
    id: 'UserGroups_GetUserGroups',
    method: 'GET',
    path: '/groups',
    parameters: { startIndex: may.number, pageSize: may.number },
    body: 'none',
    effect: 'read',
    idempotent: true,
    slow: false,
    freshness: 'configuration',
    tags: ['configuration'],
  },
} as const satisfies Record<string, Operation>;
