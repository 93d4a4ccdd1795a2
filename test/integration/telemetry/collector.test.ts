import { afterEach, describe, expect, it } from 'vitest';
import { type Deployment, openDeployment } from '../../support/deployment.ts';
import { type OtlpReceiver, startOtlpReceiver } from '../../support/otlp-receiver.ts';
import { poll } from '../../support/poll.ts';
import { modernRequest } from '../../support/raw-http.ts';

/** R16: whatever becomes of the collector, the service goes on, in bounded memory, and ends when it is told to. */
describe('a collector', () => {
  /** As many spans as may wait, and more: each call makes at least three. */
  const callCount = 1_000;
  let receiver: OtlpReceiver;
  let deployment: Deployment;
  afterEach(async () => {
    await deployment.close();
    await receiver.close();
  });

  const open = async (mode: 'takes' | 'hangs' | 'refuses' | 'dead', more: Readonly<Record<string, string>> = {}) => {
    receiver = await startOtlpReceiver(mode === 'dead' ? 'takes' : mode);
    // A port that was open a moment ago, and is nobody's now.
    if (mode === 'dead') await receiver.close();
    deployment = await openDeployment('embedded', {
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      RATE_LIMIT_RPM: '100000',
      ...more,
    });
    return deployment.token();
  };
  const callOften = async (token: string, count: number): Promise<void> => {
    const lanes = Array.from({ length: 8 }, async () => {
      for (let n = 0; n < count / 8; n += 1) {
        const { headers, body, method } = modernRequest(token, 'tools/call', {
          name: 'search_operations',
          arguments: { query: 'page' },
        });
        const answer = await fetch(deployment.mcpUrl.replace(/\/mcp$/, '/mcp/x/all'), { method, headers, body });
        expect(answer.status).toBe(200);
        await answer.arrayBuffer();
      }
    });
    await Promise.all(lanes);
  };
  const metric = async (name: string): Promise<number> => {
    const line = deployment.server.stderr.find((text) => text.includes('the metrics page is open')) ?? '{}';
    const page = await (await fetch(String(JSON.parse(line).url))).text();
    return Number(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'm').exec(page)?.[1]);
  };

  it('that never answers: calls go on, spans beyond the queue are dropped and counted, the process ends', async () => {
    // The exporter itself would wait for ten minutes.
    const token = await open('hangs', { OTEL_EXPORTER_OTLP_TIMEOUT: '600000' });
    await callOften(token, callCount);
    await poll('spans are dropped', async () => (await metric('otel_spans_dropped_total')) > 0);
    expect(receiver.requests).toBeGreaterThan(0);
    await deployment.server.close();
    expect(deployment.server.process.exitCode).toBe(0);
    expect(receiver.spans).toEqual([]);
  }, 120_000);

  it.each(['refuses', 'dead'] as const)(
    'that %s: calls go on, what was not taken is counted, the process ends',
    async (mode) => {
      const token = await open(mode, { OTEL_EXPORTER_OTLP_TIMEOUT: '500' });
      await callOften(token, callCount);
      await poll('failures are counted', async () => (await metric('otel_export_failures_total')) > 0, {
        timeoutMs: 60_000,
      });
      await deployment.server.close();
      expect(deployment.server.process.exitCode).toBe(0);
    },
    120_000,
  );

  it('that is well has every span when the process has ended', async () => {
    const token = await open('takes');
    await callOften(token, 80);
    await deployment.server.close();
    expect(receiver.spans.filter(({ name }) => name === 'tools/call search_operations')).toHaveLength(80);
  }, 120_000);

  it('is sent nothing where the sampler keeps nothing, and log lines have ids all the same', async () => {
    const token = await open('takes', { OTEL_TRACES_SAMPLER: 'always_off' });
    await callOften(token, 16);
    await deployment.server.close();
    expect(receiver.spans).toEqual([]);
    const line = deployment.server.stderr.find((text) => text.includes('"task":"search_operations"'));
    expect(JSON.parse(line ?? '{}')).toHaveProperty('trace_id');
  }, 120_000);

  it('is sent protobuf by default, and nothing with OTEL_SDK_DISABLED, which has no metrics page either', async () => {
    let token = await open('takes', { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf' });
    await callOften(token, 8);
    await deployment.server.close();
    expect(receiver.headers.map((headers) => headers['content-type'])).toContain('application/x-protobuf');
    await deployment.close();
    await receiver.close();
    token = await open('takes', { OTEL_SDK_DISABLED: 'true' });
    await callOften(token, 8);
    await deployment.server.close();
    expect(receiver.requests).toBe(0);
    expect(deployment.server.stderr.join('\n')).not.toContain('metrics page');
  }, 120_000);
});
