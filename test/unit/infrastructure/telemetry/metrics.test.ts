import { describe, expect, it } from 'vitest';
import {
  initialLabels,
  isListed,
  type MetricRow,
  metricTable,
} from '../../../../src/infrastructure/telemetry/metrics.ts';
import { foreignMetrics, selectors } from '../../../support/expressions.ts';

const table: Readonly<Record<string, MetricRow>> = metricTable;

/** Labels that Prometheus gives to everything that it reads, and the one of buckets. */
const labelsOfAll: readonly string[] = ['job', 'instance', 'le'];

describe('the table of metrics', () => {
  it.each(Object.entries(table))('%s is named, explained and bounded as Prometheus asks for', (name, row) => {
    const isCounter = row.kind === 'counter' || row.kind === 'observed_counter';
    expect(name.endsWith('_total')).toBe(isCounter);
    expect(row.help).toMatch(/^[A-Z0-9].*\.$/);
    expect(row.kind === 'histogram').toBe(row.buckets !== undefined);
    const buckets = row.buckets ?? [];
    expect([...buckets].sort((one, other) => one - other)).toEqual(buckets);
    for (const set of initialLabels(row)) expect(Object.keys(set).sort()).toEqual(Object.keys(row.labels).sort());
  });

  it('begins every counter with listed labels at zero', () => {
    expect(initialLabels(table['cms_requests_total'] as MetricRow)).toEqual([
      { outcome: 'ok' },
      { outcome: 'refused' },
      { outcome: 'error' },
    ]);
    expect(initialLabels(table['oauth_refresh_reuse_detected_total'] as MetricRow)).toEqual([{}]);
  });

  it('holds every metric, label and value that rules and dashboards ask for', () => {
    const asked = selectors().filter(({ metric }) => !foreignMetrics.test(metric));
    expect(asked.length).toBeGreaterThan(80);
    const wrong = asked.flatMap(({ where, metric, matchers }) => {
      const row = table[metric] ?? table[metric.replace(/_(bucket|count|sum)$/, '')];
      if (row === undefined) return [`${where}: there is no ${metric}`];
      return matchers.flatMap(({ label, operator, value }) => {
        if (labelsOfAll.includes(label)) return [];
        const values = row.labels[label];
        if (values === undefined) return [`${where}: ${metric} has no label ${label}`];
        if (!isListed(values) || value === '') return [];
        const words = operator.includes('~') ? value.split('|') : [value];
        return words.flatMap((word) =>
          values.includes(word) ? [] : [`${where}: ${metric}.${label} is never ${word}`],
        );
      });
    });
    expect(wrong).toEqual([]);
  });
});
