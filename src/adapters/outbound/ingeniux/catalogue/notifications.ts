import { may, operationsOf, preset } from './operation.ts';

/** Operations of the API tag `Notifications`. */
export const notificationsOperations = operationsOf('Notifications', {
  Notifications_GetContentFreeze: {
    method: 'GET',
    path: '/notifications/contentfreeze',
    answer: 'ContentFreezeNotifcation',
    effect: 'read',
    idempotent: true,
    freshness: 'freeze',
    tags: ['configuration'],
    summary: 'Tells whether and when content is frozen for changes, and whether the caller is exempt',
    synonyms: ['maintenance', 'read-only', 'locked site', 'blackout', 'editing stopped', 'moratorium'],
    quirks: ['Check it before the first write; AllowMe exempts the caller.'],
    tool: 'get_context',
  },
  Notifications_GetAlerts: {
    method: 'GET',
    path: '/notifications/alerts',
    parameters: { all: preset(may.flag, false) },
    answer: 'AlertCollectionModel',
    effect: 'read',
    idempotent: true,
    freshness: 'state',
    tags: ['configuration'],
    summary: 'Lists system and database alerts, new ones only or all',
    synonyms: ['warnings', 'problems', 'errors', 'messages', 'health', 'notices'],
    quirks: ['Two lists with camelCase names: systemAlerts and dbAlerts.'],
    tool: 'get_site_health',
  },
});
