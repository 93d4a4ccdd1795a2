import type { CmsHealth } from '../../../domain/ports/cms/health.ts';
import type { Calls } from './calls.ts';
import { operations } from './catalogue/index.ts';
import { logLine, replicationLog, siteStatistics } from './wire/health.ts';
import { pascalPaging } from './wire/page.ts';
import { alerts, named, user } from './wire/site.ts';

export function createHealth(calls: Calls): CmsHealth {
  return {
    alerts: async () => (await calls.one(operations.Notifications_GetAlerts, { all: true }, alerts)) ?? [],
    // The order is not documented; an empty sort leaves it to the CMS, whose log view shows the newest first.
    log: (page) => calls.page(operations.Logs_GetCMSLog, { sort: '', ...pascalPaging(page) }, page, logLine),
    statistics: (since) =>
      calls.value(operations.Reports_GetStats, { periodDataOnly: false, begingDate: since }, siteStatistics),
    onlineUsers: async (countMax) =>
      (await calls.list(operations.Dashboard_GetOnlineUsers, { count: countMax }, user)).map(({ name }) => name),
    // The answer carries passwords and keys of the destinations: the decoder drops all but ids and names.
    replicationTargets: (targetId) =>
      calls.list(operations.Replication_ReplicationTargets, { publishingTargetId: targetId }, named),
    replicationLog: (replicationTargetId) =>
      calls.one(operations.Replication_GetReplicationLogDetails, { replicationTargetId }, replicationLog),
  };
}
