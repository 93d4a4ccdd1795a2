import { buildDashboard, type DashboardTable } from './build.ts';
import { cms } from './cms.ts';
import { identity } from './identity.ts';
import { overview } from './overview.ts';
import { queues } from './queues.ts';
import { runtime } from './runtime.ts';
import { slo } from './slo.ts';
import { tools } from './tools.ts';

/** The dashboards, by the name of their file below ops/grafana/dashboards. */
export const dashboards = { overview, tools, cms, identity, queues, runtime, slo } as const satisfies Record<
  string,
  DashboardTable
>;

export const renderDashboard = (table: DashboardTable): string => `${JSON.stringify(buildDashboard(table), null, 2)}\n`;
