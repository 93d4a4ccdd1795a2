// From the tables of this folder to the JSON that Grafana reads.
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  DatasourceVariableBuilder,
  MappingType,
  type Panel,
  QueryVariableBuilder,
  RowBuilder,
  VariableRefresh,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as HeatmapBuilder } from '@grafana/grafana-foundation-sdk/heatmap';
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as StateTimelineBuilder } from '@grafana/grafana-foundation-sdk/statetimeline';
import { PanelBuilder as TimeseriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';

/** One dashboard as a table of rows of panels. */
export interface DashboardTable {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly rows: readonly { readonly title: string; readonly panels: readonly PanelTable[] }[];
}

export interface PanelTable {
  readonly title: string;
  /** What one sees, and when it should worry. */
  readonly description: string;
  readonly kind: 'graph' | 'stat' | 'heatmap' | 'states';
  /** A unit of Grafana: `s`, `bytes`, `percentunit`, `reqps`, `short` … */
  readonly unit: string;
  readonly queries: readonly { readonly expr: string; readonly legend: string }[];
  /** In columns of 24; a graph is 8 wide, a stat 4. */
  readonly width?: number;
  /** Named values of a state. */
  readonly states?: Readonly<Record<string, { readonly text: string; readonly color: string }>>;
}

/** What every query carries, so that one dashboard serves many installations. */
export const selector = 'job="$job",instance=~"$instance"';

const datasource = { type: 'prometheus', uid: '$datasource' };
const heights = { graph: 8, stat: 4, heatmap: 8, states: 6 };
const widths = { graph: 8, stat: 4, heatmap: 12, states: 12 };

export function buildDashboard(table: DashboardTable): Dashboard {
  const builder = new DashboardBuilder(table.title)
    .uid(table.uid)
    .description(table.description)
    .tags(['mcp', 'ingeniux'])
    .readonly()
    .tooltip(DashboardCursorSync.Crosshair)
    .refresh('30s')
    .time({ from: 'now-3h', to: 'now' })
    .timezone('browser')
    .link(new DashboardLinkBuilder('MCP dashboards').type(DashboardLinkType.Dashboards).tags(['mcp']).asDropdown(true))
    .withVariable(new DatasourceVariableBuilder('datasource').label('Data source').type('prometheus'))
    .withVariable(
      new QueryVariableBuilder('job')
        .label('Job')
        .datasource(datasource)
        .query('label_values(build_info, job)')
        .refresh(VariableRefresh.OnTimeRangeChanged),
    )
    .withVariable(
      new QueryVariableBuilder('instance')
        .label('Process')
        .datasource(datasource)
        .query('label_values(build_info{job="$job"}, instance)')
        .refresh(VariableRefresh.OnTimeRangeChanged)
        .multi(true)
        .includeAll(true)
        .allValue('.*'),
    );
  for (const row of table.rows) {
    builder.withRow(new RowBuilder(row.title));
    for (const panel of row.panels) builder.withPanel(buildPanel(panel));
  }
  return builder.build();
}

function buildPanel(table: PanelTable): Builder<Panel> {
  const panel = builders[table.kind](table)
    .title(table.title)
    .description(table.description)
    .datasource(datasource)
    .unit(table.unit)
    .height(heights[table.kind])
    .span(table.width ?? widths[table.kind]);
  for (const { expr, legend } of table.queries) {
    const query = new DataqueryBuilder()
      .expr(expr)
      .legendFormat(legend)
      .exemplar(table.kind === 'graph');
    panel.withTarget(table.kind === 'heatmap' ? query.format(PromQueryFormat.Heatmap) : query);
  }
  return panel;
}

/** How each kind of panel begins. */
const builders = {
  graph: (_table: PanelTable) => new TimeseriesBuilder().lineWidth(1).fillOpacity(10).min(0),
  stat: (_table: PanelTable) => new StatBuilder(),
  heatmap: (_table: PanelTable) => new HeatmapBuilder(),
  states: ({ states = {} }: PanelTable) =>
    new StateTimelineBuilder().mappings([
      {
        type: MappingType.ValueToText,
        options: Object.fromEntries(
          Object.entries(states).map(([value, { text, color }], index) => [value, { text, color, index }]),
        ),
      },
    ]),
} as const;
