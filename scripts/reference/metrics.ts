import { isListed, type MetricRow, metricTable } from '../../src/infrastructure/telemetry/metrics.ts';

/** docs/reference/metrics.md. */
export function renderMetrics(): string {
  const rows: readonly (readonly [string, MetricRow])[] = Object.entries(metricTable);
  const lines = [
    '# Metrics',
    '',
    'Made from `src/infrastructure/telemetry/metrics.ts` by `npm run gen`; do not edit by hand.',
    '',
    'What `serve` and `worker` show at `/metrics` of METRICS_HOST and METRICS_PORT, in the text format of Prometheus. How to read them: [monitor](../operations/monitor.md).',
    '',
    'No label holds a user, a client, an item or a session. Counters whose labels are listed here are there at zero from the start; a histogram appears with its first measurement.',
    '',
    '| Metric | Kind | Labels | What it tells |',
    '|---|---|---|---|',
    ...rows.map(([name, row]) => `| \`${name}\` | ${kinds[row.kind]} | ${labels(row)} | ${row.help} |`),
    '',
    '## Buckets',
    '',
    'Upper bounds, in seconds.',
    '',
    '| Histogram | Buckets |',
    '|---|---|',
    ...rows.flatMap(([name, { buckets }]) =>
      buckets === undefined ? [] : [`| \`${name}\` | ${buckets.join(', ')} |`],
    ),
    '',
  ];
  return lines.join('\n');
}

const kinds: Readonly<Record<MetricRow['kind'], string>> = {
  counter: 'counter',
  observed_counter: 'counter',
  gauge: 'gauge',
  histogram: 'histogram',
};

function labels(row: MetricRow): string {
  return Object.entries(row.labels)
    .map(([label, values]) => `\`${label}\`: ${isListed(values) ? values.map(word).join(', ') : values.bound}`)
    .join('; ');
}

const word = (value: string): string => (value === '' ? '(empty)' : `\`${value}\``);
