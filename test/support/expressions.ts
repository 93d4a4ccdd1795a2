import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parser } from '@prometheus-io/lezer-promql';
import { dashboards } from '../../scripts/dashboards/index.ts';
import { projectRoot } from './source-tree.ts';

const read = (...path: string[]): string => readFileSync(join(projectRoot, ...path), 'utf8');
const filesOf = (folder: string): string[] => readdirSync(join(projectRoot, folder)).sort();

const panels = Object.entries(dashboards).flatMap(([file, table]) =>
  table.rows.flatMap((row) => row.panels.map((panel) => ({ file, title: panel.title, panel }))),
);

/** Every expression that Prometheus is ever asked. */
export const expressions: readonly (readonly [string, string])[] = [
  ...panels.flatMap(({ file, title, panel }) =>
    panel.queries.map(({ expr }) => [`${file}: ${title}`, withoutVariables(expr)] as const),
  ),
  ...filesOf('ops/prometheus/rules').flatMap((file) =>
    [...read('ops/prometheus/rules', file).matchAll(/ expr: (?:>-\n((?: {10}.*\n)+)|(.*)\n)/g)].map(
      ([, folded, plain = '']) => [file, (folded ?? plain.replace(/^'|'$/g, '').replaceAll("''", "'")).trim()] as const,
    ),
  ),
];

/** A metric in an expression, with the matchers of its labels. */
export interface Selector {
  readonly where: string;
  readonly metric: string;
  readonly matchers: readonly { readonly label: string; readonly operator: string; readonly value: string }[];
}

/** Every metric that rules and dashboards ask for, less the names that rules record. */
export function selectors(): Selector[] {
  return expressions.flatMap(([where, expression]) => {
    const found: Selector[] = [];
    parser.parse(expression).iterate({
      enter: (node) => {
        if (node.name !== 'VectorSelector') return;
        const text = expression.slice(node.from, node.to);
        const metric = /^[a-zA-Z_:][\w:]*/.exec(text)?.[0];
        if (metric === undefined || metric.includes(':')) return;
        const matchers = [...text.matchAll(/(\w+)\s*(=~|!~|!=|=)\s*"([^"]*)"/g)].map(
          ([, label = '', operator = '', value = '']) => ({ label, operator, value }),
        );
        found.push({ where, metric, matchers });
      },
    });
    return found;
  });
}

/** What other programs measure: exporters, the collector, Prometheus itself. */
export const foreignMetrics = /^(up|redis_memory_\w+|node_\w+|probe_\w+|otelcol_\w+|tempo_\w+)$/;

/** As Grafana would fill it in. */
function withoutVariables(expr: string): string {
  return expr
    .replaceAll('$__rate_interval', '1m')
    .replaceAll('$__range', '3h')
    .replaceAll('$instance', '.*')
    .replaceAll('$job', 'mcp');
}
