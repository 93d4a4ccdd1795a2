import { describe, expect, it } from 'vitest';
import type { IngeniuxEvent } from '../../../../src/adapters/outbound/ingeniux/events.ts';
import { noMetrics } from '../../../../src/infrastructure/telemetry/metrics.ts';
import { watchCms } from '../../../../src/infrastructure/telemetry/observe-cms.ts';
import { noTelemetry } from '../../../../src/infrastructure/telemetry/start.ts';

describe('what the driver of the CMS tells', () => {
  it.each([
    [{ kind: 'token_renewed', grant: 'refresh_token' }, ['cms_token_refresh_total', { outcome: 'ok' }]],
    [{ kind: 'token_awaited' }, ['cms_token_refresh_total', { outcome: 'lock_wait' }]],
    [
      { kind: 'token_not_renewed', outcome: 'indeterminate' },
      ['cms_token_refresh_total', { outcome: 'indeterminate' }],
    ],
    [{ kind: 'held_back', callClass: 'read' }, ['circuit_breaker_rejections_total', { breaker: 'read' }]],
    [
      { kind: 'retry', operation: 'x', attempt: 1, waitMs: 1, reason: 'refused' },
      ['cms_retries_total', { reason: 'other' }],
    ],
  ] satisfies readonly (readonly [IngeniuxEvent, readonly unknown[]])[])('%j is counted', (event, counted) => {
    const counts: unknown[] = [];
    const metrics = { ...noMetrics, count: (...args: unknown[]) => void counts.push(args) };
    watchCms({ ...noTelemetry, metrics }, 'https://cms.example.edu/').onEvent(event);
    expect(counts).toEqual([counted]);
  });
});
