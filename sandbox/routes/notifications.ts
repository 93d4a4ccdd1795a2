import { activeFreeze } from '../cms/content-freeze.ts';
import type { Route } from '../route.ts';
import { compactDate } from '../views/dates.ts';

/** Tag *Notifications* of the contract. */
export const notificationRoutes: Route[] = [
  {
    operationId: 'Notifications_GetContentFreeze',
    method: 'GET',
    path: '/notifications/contentfreeze',
    effect: 'read',
    handle(call) {
      const freeze = activeFreeze(call.state, call.now) ?? call.state.contentFreeze;
      if (!freeze) return { StartTime: null, EndTime: null, AllowMe: true, Message: null };
      return {
        StartTime: compactDate(freeze.startTime),
        EndTime: compactDate(freeze.endTime),
        AllowMe: freeze.allowedUserIds.includes(call.user.id),
        Message: freeze.message,
      };
    },
  },
  {
    operationId: 'Notifications_GetAlerts',
    method: 'GET',
    path: '/notifications/alerts',
    query: { all: 'bool=false' },
    effect: 'read',
    handle(call) {
      const alerts = call.state.alerts
        .map((alert) => ({
          Id: alert.id,
          Title: alert.title,
          CreatedAt: alert.createdAt,
          Observed: alert.observedBy.includes(call.user.id),
          Message: alert.message,
          Severity: alert.severity,
        }))
        .filter((alert) => call.query.flag('all') || !alert.Observed);
      return { systemAlerts: alerts, dbAlerts: [] };
    },
  },
];
