import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { TracerProvider } from '@opentelemetry/sdk-trace';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Metrics, noMetrics } from '../../../src/infrastructure/telemetry/metrics.ts';
import { createSpanSender } from '../../../src/infrastructure/telemetry/send-spans.ts';
import { poll } from '../../support/poll.ts';

/** Several batches, and a little less than the queue holds. */
const spanCount = 2_000;
const refusals = 2;

describe('the sender of spans', () => {
  const closers: (() => unknown)[] = [];
  afterEach(async () => {
    for (let close = closers.pop(); close !== undefined; close = closers.pop()) await close();
    vi.unstubAllEnvs();
  });

  it('sends one batch at a time, also after batches that were refused, and counts each of these', async () => {
    const held: ServerResponse[] = [];
    let most = 0;
    let isWell = false;
    const collector = createServer((request, response) => {
      request.resume();
      request.once('end', () => {
        if (isWell || request.method === 'GET')
          return response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
        held.push(response);
        most = Math.max(most, held.length);
      });
    }).listen(0, '127.0.0.1');
    await once(collector, 'listening');
    closers.push(
      () => collector.closeAllConnections(),
      () => collector.close(),
    );
    const endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
    vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', endpoint);
    const counted: string[] = [];
    const metrics: Metrics = { ...noMetrics, count: (name) => void counted.push(name) };
    const provider = new TracerProvider({ spanProcessors: [createSpanSender('http/json', metrics)] });
    closers.push(() => provider.shutdown());
    const tracer = provider.getTracer('test');
    const end = (count: number): void => {
      for (let made = 0; made < count; made += 1) tracer.startSpan('made').end();
    };

    end(spanCount);
    for (let refused = 0; refused < refusals; refused += 1) {
      await poll('a batch to come', () => held.length > 0);
      // Each ended span is an occasion to send.
      end(1);
      // A request that was sent by now has come before the answer to this one.
      await (await fetch(endpoint)).text();
      // Not to be tried again.
      for (const response of held.splice(0)) response.writeHead(400).end();
    }
    await poll('the next batch to come', () => held.length > 0);
    end(1);
    isWell = true;
    for (const response of held.splice(0)) response.writeHead(400).end();
    await provider.forceFlush();

    expect(most).toBe(1);
    expect(counted).toEqual(Array.from({ length: refusals + 1 }, () => 'otel_export_failures_total'));
  });
});
