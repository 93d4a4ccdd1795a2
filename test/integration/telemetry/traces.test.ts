import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectAgent } from '../../support/agent-clients.ts';
import { type Deployment, openDeployment } from '../../support/deployment.ts';
import { newTrace, type Trace } from '../../support/new-trace.ts';
import { type OtlpReceiver, type ReceivedSpan, startOtlpReceiver } from '../../support/otlp-receiver.ts';
import { poll } from '../../support/poll.ts';
import { mcpHeaders, modernRequest, rpc } from '../../support/raw-http.ts';

/** R25: what a client traces goes on through the server, the CMS and the worker, and holds nothing that is secret. */
describe.each(['redis', 'embedded'] as const)('traces over the processes of %s', (storage) => {
  const canaries = {
    query: 'canary-query-7731',
    text: 'canary-text-9942',
    secret: 'sandbox-secret-editor',
    // Of the words of a CMS that fails, of names that nobody knows, and of what a sign-in sends.
    failure: 'canary-failure-3318',
    name: 'canary-name-5520',
    password: 'canary-password-8846',
    code: 'canary-code-2207',
    bearer: 'canary-bearer-4410',
  };
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
    Object.assign(request.headers, { 'ingeniux-toolsets': 'default,reports' });
    const answer = await fetch(`${deployment.mcpUrl}?query=${canaries.query}`, request);
    const text = await answer.text();
    expect(answer.status, text).toBe(200);
    return JSON.parse(text) as Record<string, unknown>;
  };
  const spansOf = (trace: Trace) => receiver.spans.filter(({ traceId }) => traceId === trace.traceId);

  it(`take up the context of ${callCount} calls, and tell nothing of what was said`, async () => {
    const traces = Array.from({ length: callCount }, newTrace);
    const asked = [
      ['get_content', { items: ['/admissions/tuition'] }],
      ['search_content', { query: canaries.text }],
      // Runs as a job: on Redis, in another process.
      ['run_report', { report: 'page_references', item: '/admissions/tuition', text: canaries.text }],
      ['get_context', {}],
    ] as const;
    const lanes = Array.from({ length: 8 }, async (_, lane) => {
      for (const [index, trace] of traces.entries()) {
        if (index % 8 !== lane) continue;
        const [name, args] = asked[index % asked.length] as (typeof asked)[number];
        const { result } = await call(name, args, trace);
        expect(result, name).toBeDefined();
        expect(result, name).not.toHaveProperty('isError');
      }
    });
    await Promise.all(lanes);
    // A process sends its spans as they end, in batches: the request around a call, or a parent, may come with the next.
    const hasCome = ({ spanId }: Trace, spans: readonly ReceivedSpan[], tool: string): boolean => {
      const names = new Set(spans.map(({ name }) => name));
      const call = spans.find(({ name }) => name === `tools/call ${tool}`);
      return (
        receiver.spans.some((span) => span.spanId === call?.links[0]?.spanId) &&
        (tool !== 'run_report' || names.has('process reports')) &&
        spans.every((span) => ancestor(span, spans) === spanId)
      );
    };
    await poll(
      'all calls arrive at the collector, whole',
      () => traces.every((trace, index) => hasCome(trace, spansOf(trace), asked[index % asked.length]?.[0] ?? '')),
      { timeoutMs: 60_000, everyMs: 200 },
    );
    for (const [index, trace] of traces.entries()) {
      const spans = spansOf(trace);
      const mcp = spans.filter((span) => span.attributes['mcp.method.name'] === 'tools/call');
      expect(mcp).toHaveLength(1);
      expect(mcp[0]).toMatchObject({
        name: `tools/call ${asked[index % asked.length]?.[0]}`,
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
      const [send, run] = ['send reports', 'process reports'].map((name) => spans.find((span) => span.name === name));
      if (asked[index % asked.length]?.[0] === 'run_report') expect(run?.parentSpanId).toBe(send?.spanId);
      if (storage === 'redis') {
        const instances = new Set(spans.map(({ instance }) => instance));
        expect(instances.size).toBe(run === undefined ? 1 : 2);
      }
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
      'the call and the run of its job arrive',
      () => {
        const found = spansOf(trace);
        const ended = ['process publishing', 'tools/call publish_content'];
        return ended.every((name) => found.some((span) => span.name === name)) && found;
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

  it('are taken up by requests that the SDK answers itself, of either era', async () => {
    const traced = new Map<string, Trace>();
    const traceOf = (method: string): Trace => {
      const trace = newTrace();
      traced.set(method, trace);
      return trace;
    };
    const lists = ['server/discover', 'tools/list', 'resources/list', 'resources/templates/list', 'prompts/list'];
    for (const method of lists) {
      const answer = await fetch(
        deployment.mcpUrl,
        modernRequest(token, method, {}, { traceparent: traceOf(method).traceparent }),
      );
      expect(await answer.json(), method).toHaveProperty('result');
    }
    const listening = new AbortController();
    const listen = async (notifications: unknown, trace: Trace) =>
      fetch(deployment.mcpUrl, {
        ...modernRequest(token, 'subscriptions/listen', { notifications }, { traceparent: trace.traceparent }),
        signal: listening.signal,
      });
    const stream = await listen({ resourceSubscriptions: ['ingeniux://context'] }, traceOf('subscriptions/listen'));
    expect(stream.headers.get('content-type')).toContain('event-stream');
    const refused = newTrace();
    expect(await (await listen(canaries.text, refused)).json()).toHaveProperty('error.code', -32_602);

    // The session of an old client.
    const opened = await fetch(deployment.mcpUrl, {
      method: 'POST',
      headers: mcpHeaders(token),
      body: legacy('initialize', traceOf('initialize'), {
        protocolVersion: '2025-11-25',
        capabilities: {},
        clientInfo: { name: 'raw', version: '1' },
      }),
    });
    await opened.text();
    const session = mcpHeaders(token, { 'mcp-session-id': opened.headers.get('mcp-session-id') ?? '' });
    const oldMethods = [
      ['ping', {}],
      ['logging/setLevel', { level: 'error' }],
      ['resources/subscribe', { uri: `ingeniux://content/${canaries.name}` }],
    ] as const;
    for (const [method, params] of oldMethods) {
      const body = legacy(method, traceOf(method), params);
      const answer = await fetch(deployment.mcpUrl, { method: 'POST', headers: session, body });
      expect(await answer.text(), method).toContain('"result"');
    }
    await fetch(deployment.mcpUrl, { method: 'DELETE', headers: session });

    await poll('all of them arrive, the one that is still listened to as well', () =>
      [...traced.values(), refused].every((trace) => spansOf(trace).length > 0),
    );
    for (const [method, trace] of traced) {
      const spans = spansOf(trace);
      expect(spans, method).toHaveLength(1);
      const isOld = method === 'initialize' || oldMethods.some(([old]) => old === method);
      expect(spans[0], method).toMatchObject({
        name: method,
        kind: 2,
        parentSpanId: trace.spanId,
        isError: false,
        attributes: {
          'mcp.method.name': method,
          'mcp.protocol.version': isOld ? '2025-11-25' : '2026-07-28',
          'network.transport': 'tcp',
          'jsonrpc.request.id': '1',
        },
      });
      expect(spans[0]?.links).toHaveLength(1);
    }
    expect(spansOf(refused)[0]).toMatchObject({
      name: 'subscriptions/listen',
      isError: false,
      attributes: { 'error.type': '-32602', 'rpc.response.status_code': '-32602' },
    });
    listening.abort();
    await poll('the HTTP requests arrive, the stream last', () =>
      [...traced.values()].every((trace) => {
        const link = spansOf(trace)[0]?.links[0];
        return receiver.spans.some(({ spanId, name }) => spanId === link?.spanId && name === 'POST /mcp');
      }),
    );
  }, 120_000);

  it('hold no error for what a caller did wrong, and none of the words of a failed tool', async () => {
    const trace = newTrace();
    await call('get_job', { job: `job_${canaries.text}` }, trace);
    const spans = await poll('the call arrives', () => {
      const found = spansOf(trace);
      return found.some(({ name }) => name === 'tools/call get_job') && found;
    });
    expect(spans.find(({ name }) => name === 'tools/call get_job')?.attributes['error.type']).toBe('tool_error');
    const task = await poll('the task arrives', () => spansOf(trace).find(({ name }) => name === 'get_job'));
    expect(task.isError).toBe(false);
    expect(task.attributes['error.type']).toBe('NOT_FOUND');
  });

  it('tell of what failed by codes alone: no words of the CMS, no names that were made up, nothing of a sign-in', async () => {
    const post = (path: string, body: Record<string, string>) =>
      fetch(`${deployment.url}${path}`, { method: 'POST', body: new URLSearchParams(body), redirect: 'manual' });
    const broken = newTrace();
    deployment.sandbox.faults.add({
      kind: 'exception',
      type: 'SystemException',
      message: canaries.failure,
      times: 20,
    });
    await call('search_content', { query: canaries.text }, broken);
    deployment.sandbox.faults.clear();
    const ask = async (method: string, params: Record<string, unknown>) =>
      (await fetch(deployment.mcpUrl, modernRequest(token, method, params))).text();
    await ask('tools/call', { name: canaries.name, arguments: {} });
    await ask('prompts/get', { name: canaries.name });
    await ask('resources/read', { uri: `ingeniux://${canaries.name}` });
    await ask(`method/${canaries.name}`, {});
    await fetch(deployment.mcpUrl, { method: 'POST', headers: { authorization: `Bearer ${canaries.bearer}` } });
    await fetch(`${deployment.url}/oauth/authorize?client_id=${canaries.name}&state=${canaries.code}`);
    await fetch(`${deployment.url}/oauth/callback?code=${canaries.code}&state=${canaries.code}`);
    await fetch(`${deployment.url}/oauth/interaction/${canaries.code}`);
    await fetch(`${deployment.url}/${canaries.code}?password=${canaries.password}`);
    await post(`/oauth/interaction/${canaries.code}/sign-in`, { username: 'ada', password: canaries.password });
    await post('/oauth/token', {
      grant_type: 'authorization_code',
      client_id: canaries.name,
      code: canaries.code,
      code_verifier: canaries.password,
    });
    const failed = await poll('the failed call arrives', () => {
      const spans = spansOf(broken);
      return spans.some(({ name }) => name === 'tools/call search_content') && spans;
    });
    expect(failed.some(({ isError }) => isError)).toBe(true);
    await poll('the last request arrives', () => receiver.spans.some(({ name }) => name === 'POST /oauth/token'));
    expect(receiver.spans.flatMap(({ events }) => events)).toEqual([]);
    const messages = new Set(receiver.spans.flatMap(({ statusMessage: message }) => (message ? [message] : [])));
    expect(messages.size).toBeGreaterThan(0);
    for (const message of messages) expect(message).toMatch(/^[A-Z_]+$/);
  }, 60_000);

  it('hold no secret, no query and no text of a page, and go out with the headers of the operator', () => {
    const sent = receiver.bodies.join('\n');
    for (const canary of [...Object.values(canaries), token, 'Bearer', 'Tuition']) expect(sent).not.toContain(canary);
    expect(sent).toContain('deployment.environment.name');
    expect(receiver.headers.every((headers) => headers['x-collector-key'] === 'abc')).toBe(true);
  });

  it('give every log line of a call their ids, beside those of the request and of who asked', () => {
    const lines = [...deployment.server.stderr, ...(deployment.worker?.stderr ?? [])]
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter(({ task }) => typeof task === 'string');
    expect(lines.length).toBeGreaterThan(callCount);
    for (const line of lines) {
      expect(line['trace_id']).toMatch(/^[0-9a-f]{32}$/);
      expect(line['span_id']).toMatch(/^[0-9a-f]{16}$/);
      expect(line['requestId']).toBeDefined();
      expect(line['subject']).toBe('ada');
    }
    expect(receiver.spans.map(({ traceId }) => traceId)).toContain(lines[0]?.['trace_id']);
  });
});

/** A request of revision 2025-11-25 with a trace of its own. */
const legacy = (method: string, { traceparent }: Trace, params: object): string =>
  rpc(method, { ...params, _meta: { traceparent } });

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
