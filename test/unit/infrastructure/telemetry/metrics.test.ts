import { describe, expect, it, onTestFinished } from 'vitest';
import { watchSecurity } from '../../../../src/infrastructure/telemetry/instrument-ports.ts';
import {
  initialLabels,
  isListed,
  type MetricRow,
  metricTable,
  noMetrics,
} from '../../../../src/infrastructure/telemetry/metrics.ts';
import { countTokens } from '../../../../src/infrastructure/telemetry/observe-http.ts';
import { noTelemetry, startTelemetry } from '../../../../src/infrastructure/telemetry/start.ts';
import { foreignMetrics, selectors } from '../../../support/expressions.ts';

const config = {
  serviceName: 'test',
  telemetryDisabled: false,
  otlpEndpoint: undefined,
  otlpProtocol: 'http/json',
  tracesSampler: 'always_off',
  tracesSamplerArg: 1,
} as const;

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

  it('is on the page at zero before anything was counted', async () => {
    const telemetry = startTelemetry({ config, onProblem: () => undefined });
    onTestFinished(() => telemetry.close());
    const page = (await telemetry.renderPage?.()) ?? '';
    const counters = Object.entries(table).filter(([, { kind }]) => kind === 'counter');
    const missing = counters.flatMap(([name, row]) =>
      initialLabels(row).flatMap((set) => {
        const labels = Object.entries(set).map(([label, value]) => `${label}="${value}"`);
        const line = `${name}${labels.length === 0 ? '' : `{${labels.join(',')}}`} 0`;
        return page.split('\n').includes(line) ? [] : [line];
      }),
    );
    expect(missing).toEqual([]);
  });

  it('begins with whatever attempt to get in there can be: the first hundred guesses are an increase', async () => {
    const counted: object[] = [];
    const metrics = { ...noMetrics, count: (_name: string, labels: object) => void counted.push(labels) };
    const recorder = watchSecurity(
      { record: async () => undefined, flush: async () => undefined, close: async () => undefined },
      { ...noTelemetry, metrics },
    );
    const grantTypes = ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code', 'x'];
    for (const grantType of grantTypes) {
      await recorder.record({ action: 'token_issued', outcome: 'ok', grantType });
      for (const reason of ['invalid_client', 'invalid_grant', 'code_reuse', 'invalid_request'])
        await recorder.record({ action: 'token_refused', outcome: 'refused', reason, grantType });
    }
    await recorder.record({
      action: 'refresh_reuse',
      outcome: 'refused',
      reason: 'invalid_grant',
      grantType: 'refresh_token',
    });
    await recorder.record({ action: 'sign_in', outcome: 'ok' });
    for (const reason of ['refused', 'limited', 'unavailable', 'x'])
      await recorder.record({ action: 'sign_in', outcome: 'refused', reason });
    const refusals = ['malformed', 'unknown', 'expired', 'revoked', 'signed_out', 'foreign_audience'] as const;
    for (const reason of refusals) await countTokens(metrics, async () => ({ ok: false, reason }))('');
    const attempts = counted.filter((labels) => 'result' in labels);
    expect(attempts.length).toBeGreaterThan(30);
    const initial = initialLabels(metricTable.authentication_attempts_total);
    for (const labels of attempts) expect(initial).toContainEqual(labels);
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
