import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newTrace, type Trace } from '../../support/new-trace.ts';
import { type OtlpReceiver, type ReceivedSpan, startOtlpReceiver } from '../../support/otlp-receiver.ts';
import { poll } from '../../support/poll.ts';
import { initializeBody, modernRequest, rpc } from '../../support/raw-http.ts';
import { startCommand, temporaryFolder } from '../../support/server-process.ts';

/** R25 over a pipe: every request has its span, those that the SDK answers in front of its servers as well. */
describe('traces over stdio', () => {
  const folder = temporaryFolder();
  let receiver: OtlpReceiver;
  let child: ChildProcess;
  let lines: string[];

  beforeEach(async () => {
    receiver = await startOtlpReceiver();
    lines = [];
    child = startCommand(
      ['stdio'],
      {
        DATA_DIR: folder.path,
        SANDBOX_PORT: '0',
        OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
        OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      },
      'pipe',
    );
    child.stderr?.resume();
    if (child.stdout !== null) createInterface(child.stdout).on('line', (line) => lines.push(line));
  });
  afterEach(async () => {
    const ended = child.exitCode === null ? once(child, 'close') : undefined;
    child.kill('SIGKILL');
    await ended;
    await receiver.close();
    folder.remove();
  });

  const send = (body: string): void => {
    child.stdin?.write(`${body}\n`);
  };
  const answers = () => lines.map((line) => JSON.parse(line) as Answer);
  const answered = (id: number) =>
    poll(`the answer to ${id}`, () => answers().find((answer) => idOf(answer) === id), { timeoutMs: 60_000 });
  const spanOf = (trace: Trace): Promise<ReceivedSpan> =>
    poll(
      'its span arrives',
      () => receiver.spans.find(({ traceId, kind }) => traceId === trace.traceId && kind === 2),
      { timeoutMs: 60_000, everyMs: 200 },
    );
  const modern = (id: number, method: string, params: Record<string, unknown>, { traceparent }: Trace): string =>
    JSON.stringify({ ...JSON.parse(modernRequest('', method, params, { traceparent }).body), id });

  it('take up a listen until its acknowledgement, a refused one, and those around them', async () => {
    const [first, listen, refused, after] = [newTrace(), newTrace(), newTrace(), newTrace()];
    send(modern(1, 'tools/list', {}, first));
    send(
      modern(2, 'subscriptions/listen', { notifications: { resourceSubscriptions: ['ingeniux://context'] } }, listen),
    );
    send(modern(3, 'subscriptions/listen', { notifications: 'canary-text-9942' }, refused));
    send(modern(4, 'prompts/list', {}, after));
    expect(await answered(2)).toHaveProperty('method', 'notifications/subscriptions/acknowledged');
    expect(await answered(3)).toHaveProperty('error.code', -32_602);
    const wanted = [
      [first, 'tools/list', '1'],
      [listen, 'subscriptions/listen', '2'],
      [refused, 'subscriptions/listen', '3'],
      [after, 'prompts/list', '4'],
    ] as const;
    for (const [trace, name, id] of wanted) {
      // The one that is listened to is told of while its stream is open.
      expect(await spanOf(trace), name).toMatchObject({
        name,
        parentSpanId: trace.spanId,
        isError: false,
        links: [],
        attributes: {
          'mcp.method.name': name,
          'mcp.protocol.version': '2026-07-28',
          'network.transport': 'pipe',
          'jsonrpc.request.id': id,
        },
      });
    }
    expect((await spanOf(listen)).attributes).not.toHaveProperty('error.type');
    expect((await spanOf(refused)).attributes).toMatchObject({ 'error.type': '-32602' });
    for (const { traceId } of [listen, refused]) {
      expect(receiver.spans.filter((span) => span.traceId === traceId)).toHaveLength(1);
    }
    expect(receiver.bodies.join('\n')).not.toContain('canary');
  }, 120_000);

  it('tell of an old client that asks for what its revision has not', async () => {
    const trace = newTrace();
    send(initializeBody);
    await answered(1);
    send(rpc('subscriptions/listen', { notifications: {}, _meta: { traceparent: trace.traceparent } }, 2));
    expect(await answered(2)).toHaveProperty('error.code', -32_601);
    expect((await spanOf(trace)).attributes).toMatchObject({
      'error.type': '-32601',
      'mcp.protocol.version': '2025-11-25',
    });
  }, 120_000);
});

interface Answer {
  readonly id?: number;
  readonly params?: { readonly _meta?: Readonly<Record<string, unknown>> };
}

/** Of a notification on a stream: the request that opened it. */
const idOf = ({ id, params }: Answer): unknown => id ?? params?._meta?.['io.modelcontextprotocol/subscriptionId'];
