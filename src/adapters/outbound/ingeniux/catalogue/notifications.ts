import { may, type Operation } from './operation.ts';

/** Operations of the API tag `Notifications` that the ports call. */
export const notificationsOperations = {
  Notifications_GetContentFreeze: {
    id: 'Notifications_GetContentFreeze',
    method: 'GET',
    path: '/notifications/contentfreeze',
    parameters: {},
    body: 'none',
    effect: 'read',
    idempotent: true,
    slow: false,
    freshness: 'freeze',
    tags: ['configuration'],
  },
  Notifications_GetAlerts: {
    id: 'Notifications_GetAlerts',
    method: 'GET',
    path: '/notifications/alerts',
    parameters: { all: may.flag },
    body: 'none',
    effect: 'read',
    idempotent: true,
    slow: false,
    freshness: 'state',
    tags: ['configuration'],
  },
} as const satisfies Record<string, Operation>;
