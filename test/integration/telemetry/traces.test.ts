import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectAgent } from '../../support/agent-clients.ts';
import { type Deployment, openDeployment } from '../../support/deployment.ts';
import { type OtlpReceiver, type ReceivedSpan, startOtlpReceiver } from '../../support/otlp-receiver.ts';
import { poll } from '../../support/poll.ts';
import { modernRequest } from '../../support/raw-http.ts';

/** R25: what a client traces goes on through the server, the CMS and the worker, and holds nothing that is secret. */
describe.each(['redis', 'embedded'] as const)('traces over the processes of %s', (storage) => {
  const canaries = ['canary-query-7731', 'canary-text-9942', 'sandbox-secret-editor', 'canary-header-1203'];
  const callCount = 200;
  let receiver: OtlpReceiver;
  let deployment: Deployment;
  let token: string;

  beforeAll(async () => {
    receiver = await startOtlpReceiver();
    deployment = await openDeployment(storage, {
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_EXPORTER_OTLP_HEADERS: 'x-collector-key=abc',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
      RATE_LIMIT_RPM: '5000',
    });
    token = await deployment.token();
  }, 120_000);
  afterAll(async () => {
    await deployment.close();
    await receiver.close();
  });

  const call = async (name: string, args: object, trace: Trace): Promise<Record<string, unknown>> => {
    const request = modernRequest(token, 'tools/call', { name, arguments: args }, { traceparent: trace.traceparent });
    const answer = await fetch(`${deployment.mcpUrl}?query=canary-query-7731`, request);
    const text = await answer.text();
    expect(answer.status, text).toBe(200);
    return JSON.parse(text) as Record<string, unknown>;
  };
  const spansOf = (trace: Trace) => receiver.spans.filter(({ traceId }) => traceId === trace.traceId);

  it(`take up the context of ${callCount} calls, and tell nothing of what was said`, async () => {
    const traces = Array.from({ length: callCount }, newTrace);
    const lanes = Array.from({ length: 8 }, async (_, lane) => {
      for (const [index, trace] of traces.entries()) {
        if (index % 8 !== lane) continue;
        if (index % 2 === 0)
          expect(await call('get_content', { items: ['/admissions/tuition'] }, trace)).not.toHaveProperty(
            'result.isError',
          );
        else await call('search_content', { query: 'canary-text-9942' }, trace);
      }
    });
    await Promise.all(lanes);
    await poll(
      'all calls arrive at the collector',
      () => traces.every((trace) => spansOf(trace).some((span) => span.name.startsWith('tools/call '))),
      { timeoutMs: 60_000, everyMs: 200 },
    );
    for (const trace of traces) {
      const spans = spansOf(trace);
      const mcp = spans.filter((span) => span.attributes['mcp.method.name'] === 'tools/call');
      expect(mcp).toHaveLength(1);
      expect(mcp[0]).toMatchObject({
        name: expect.stringMatching(/^tools\/call (get_content|search_content)$/),
        kind: 2,
        parentSpanId: trace.spanId,
        attributes: {
          'gen_ai.operation.name': 'execute_tool',
          'mcp.protocol.version': '2026-07-28',
          'network.transport': 'tcp',
        },
      });
      const [link] = mcp[0]?.links ?? [];
      const http = receiver.spans.find((span) => span.spanId === link?.spanId);
      expect(http).toMatchObject({ name: 'POST /mcp', kind: 2, attributes: { 'http.response.status_code': 200 } });
      for (const span of spans) expect(ancestor(span, spans), `${span.name} hangs in the air`).toBe(trace.spanId);
    }
    const some = receiver.spans.filter(({ kind }) => kind === 3);
    expect(some.length).toBeGreaterThan(0);
    expect(some.every(({ name }) => /^(GET|POST|PUT|DELETE)( \/[\w/{}.-]+)?$/.test(name))).toBe(true);
  }, 180_000);

  it('go on in the process that runs the job', async () => {
    const trace = newTrace();
    const agent = await connectAgent('v2 auto', deployment.mcpUrl, token);
    try {
      await call('publish_content', { items: ['/admissions/tuition'], target: 'Production' }, trace);
    } finally {
      await agent.close();
    }
    const spans = await poll(
      'the run of the job arrives',
      () => {
        const found = spansOf(trace);
        return found.some(({ name }) => name === 'process publishing') && found;
      },
      { timeoutMs: 120_000, everyMs: 200 },
    );
    const named = (name: string): ReceivedSpan => {
      const span = spans.find((candidate) => candidate.name === name);
      if (span === undefined) throw new Error(`no span ${name} in ${spans.map((each) => each.name).join(', ')}`);
      return span;
    };
    const send = named('send publishing');
    const process = named('process publishing');
    const run = named('job:publish_content');
    expect(send).toMatchObject({ kind: 4, parentSpanId: named('publish_content').spanId });
    expect(process).toMatchObject({ kind: 5, parentSpanId: send.spanId });
    expect(process.attributes['messaging.message.id']).toBe(send.attributes['messaging.message.id']);
    expect(run.parentSpanId).toBe(process.spanId);
    expect(named('publish_content').parentSpanId).toBe(named('tools/call publish_content').spanId);
    expect(spans.filter(({ kind }) => kind === 3).some((span) => ancestors(span, spans).has(run.spanId))).toBe(true);
    if (storage === 'redis') expect(process.instance).not.toBe(send.instance);
  }, 180_000);

  it('hold no error for what a caller did wrong, and none of the words of a failed tool', async () => {
    const trace = newTrace();
    await call('get_job', { job: 'job_canary-text-9942' }, trace);
    const spans = await poll('the call arrives', () => {
      const found = spansOf(trace);
      return found.some(({ name }) => name === 'tools/call get_job') && found;
    });
    expect(spans.find(({ name }) => name === 'tools/call get_job')?.attributes['error.type']).toBe('tool_error');
    const task = await poll('the task arrives', () => spansOf(trace).find(({ name }) => name === 'get_job'));
    expect(task.isError).toBe(false);
    expect(task.attributes['error.type']).toBe('NOT_FOUND');
  });

  it('hold no secret, no query and no text of a page, and go out with the headers of the operator', () => {
    const sent = receiver.bodies.join('\n');
    for (const canary of [...canaries, token, 'Bearer', 'Tuition']) expect(sent).not.toContain(canary);
    expect(sent).toContain('deployment.environment.name');
    expect(receiver.headers.every((headers) => headers['x-collector-key'] === 'abc')).toBe(true);
  });

  it('give every log line of a call their ids', () => {
    const lines = [...deployment.server.stderr, ...(deployment.worker?.stderr ?? [])]
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter(({ task }) => typeof task === 'string');
    expect(lines.length).toBeGreaterThan(callCount);
    for (const line of lines) {
      expect(line['trace_id']).toMatch(/^[0-9a-f]{32}$/);
      expect(line['span_id']).toMatch(/^[0-9a-f]{16}$/);
      expect(line['requestId']).toBeDefined();
    }
    expect(receiver.spans.map(({ traceId }) => traceId)).toContain(lines[0]?.['trace_id']);
  });
});

interface Trace {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceparent: string;
}

function newTrace(): Trace {
  const [traceId, spanId] = [randomBytes(16).toString('hex'), randomBytes(8).toString('hex')];
  return { traceId, spanId, traceparent: `00-${traceId}-${spanId}-01` };
}

function ancestors(span: ReceivedSpan, spans: readonly ReceivedSpan[]): Set<string> {
  const found = new Set<string>();
  for (let at: ReceivedSpan | undefined = span; at?.parentSpanId !== undefined; ) {
    const { parentSpanId } = at as ReceivedSpan & { readonly parentSpanId: string };
    if (found.has(parentSpanId)) break;
    found.add(parentSpanId);
    at = spans.find(({ spanId }) => spanId === parentSpanId);
  }
  return found;
}

/** The id at the top of a span's line of parents. */
const ancestor = (span: ReceivedSpan, spans: readonly ReceivedSpan[]): string | undefined =>
  [...ancestors(span, spans)].at(-1);
