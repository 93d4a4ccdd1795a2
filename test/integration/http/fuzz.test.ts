import { Agent, request as httpRequest } from 'node:http';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type McpBench, openMcpBench } from '../../support/mcp-bench.ts';
import { createTestTasks, createWitness } from '../../support/mcp-tasks.ts';
import { rawSocket } from '../../support/raw-socket.ts';

/** How many inputs in all; more by `FUZZ_INPUTS=100000`. */
const inputs = Number(process.env['FUZZ_INPUTS'] ?? 20_000);
/** Sent at the same time. */
const lot = 50;
const share = (part: number) => ({ numRuns: Math.ceil((inputs * part) / lot), endOnFailure: true });
const many = <T>(one: fc.Arbitrary<T>) => fc.array(one, { minLength: lot, maxLength: lot });

/** S2: whatever is sent, the answer is no defect of ours: no 5xx, no stack, and the server goes on. */
describe(`${inputs} inputs that nobody has thought of`, () => {
  let bench: McpBench;
  let token: string;
  const agent = new Agent({ keepAlive: true, maxSockets: lot });
  beforeAll(async () => {
    bench = await openMcpBench({ tasks: createTestTasks(createWitness()), rateLimitRpm: 10_000_000 });
    ({ token } = await bench.issue({ ttlSeconds: 36_000 }));
  });
  afterAll(async () => {
    agent.destroy();
    await bench.close();
    expect(bench.problems).toEqual([]);
  });

  const expectNoDefect = (status: number, body: string): void => {
    expect(status).toBeLessThan(500);
    expect(body).not.toMatch(/\n\s+at .+:\d+:\d+/);
    expect(body).not.toContain('node_modules');
  };

  interface Sent {
    readonly method?: string;
    readonly path?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string | Uint8Array;
  }
  const send = ({ method = 'POST', path = '/mcp', headers = {}, body = '' }: Sent): Promise<void> =>
    new Promise((resolve, reject) => {
      const outgoing = httpRequest(
        { port: bench.listening.port, host: '127.0.0.1', agent, method, path, headers: { ...usual(), ...headers } },
        (answer) => {
          let text = '';
          answer.setEncoding('latin1').on('data', (chunk: string) => {
            text += chunk;
            // Streams stay open for news; what they are is told by then.
            if (answer.headers['content-type']?.startsWith('text/event-stream') === true) outgoing.destroy();
          });
          answer.once('close', () => {
            try {
              expectNoDefect(answer.statusCode ?? 0, text);
              resolve();
            } catch (error) {
              // The assertion's own words.
              reject(error);
            }
          });
        },
      );
      // A stream without news is given up; it has answered 200 by then.
      outgoing.setTimeout(2_000, () => outgoing.destroy());
      outgoing.once('error', () => resolve());
      outgoing.end(body);
    });
  const usual = () => ({
    Authorization: `Bearer ${token}`,
    'Content-Type': 'application/json',
    Accept: 'application/json, text/event-stream',
  });
  const run = <T>(one: fc.Arbitrary<T>, act: (input: T) => Promise<void>, part: number) =>
    fc.assert(
      fc.asyncProperty(many(one), async (batch) => {
        await Promise.all(
          batch.map((input) =>
            act(input).catch((cause: unknown) => {
              // Which one of the lot it was.
              throw new Error(`This input: ${JSON.stringify(input).slice(0, 2_000)}`, { cause });
            }),
          ),
        );
      }),
      share(part),
    );

  const json = fc.jsonValue({ maxDepth: 4 });
  const method = fc.oneof(
    fc.constantFrom('initialize', 'tools/call', 'tools/list', 'resources/read', 'prompts/get', 'completion/complete'),
    fc.constantFrom('ping', 'notifications/cancelled', 'server/discover', '__proto__', 'constructor', 'toString'),
    fc.string({ maxLength: 60 }),
  );
  const toolName = fc.constantFrom('echo_words', 'write_note', 'tell_subject', '__proto__', 'constructor', '');
  const params = fc.oneof(
    json,
    fc.record({ name: fc.oneof(toolName, json), arguments: json, _meta: json }, { requiredKeys: [] }),
    fc.record({
      uri: fc.oneof(
        fc.webUrl(),
        fc.string().map((text) => `ingeniux://page/${text}`),
        json,
      ),
    }),
    fc.record({ ref: json, argument: json }, { requiredKeys: [] }),
  );
  const message = fc.record(
    { jsonrpc: fc.oneof(fc.constant('2.0'), json), id: fc.oneof(fc.integer(), fc.string(), json), method, params },
    { requiredKeys: [] },
  );
  const headerText = fc.string({
    unit: fc
      .integer({ min: 0x20, max: 0xff })
      .filter((code) => code !== 0x7f)
      .map((code) => String.fromCharCode(code)),
    maxLength: 80,
  });
  const mcpHeader = fc.constantFrom(
    'MCP-Protocol-Version',
    'Mcp-Method',
    'Mcp-Name',
    'Mcp-Session-Id',
    'Last-Event-ID',
    'Ingeniux-Toolsets',
    'X-Request-Id',
    'traceparent',
    'X-Forwarded-For',
    'Accept',
    'Content-Type',
    'Content-Encoding',
  );
  const someHeaders = fc.dictionary(
    mcpHeader,
    headerText.map((text) => text.trim()),
    { maxKeys: 4 },
  );
  const revision = fc.constantFrom(
    {},
    { 'MCP-Protocol-Version': '2026-07-28' },
    { 'MCP-Protocol-Version': '2025-11-25' },
  );

  it('as JSON-RPC messages and batches, of either revision', async () => {
    const body = fc.oneof(message, fc.array(message, { maxLength: 5 }), json);
    await run(
      fc.tuple(body, revision),
      ([value, headers]) => {
        const named = { ...headers, ...(isNamed(value) ? { 'Mcp-Method': value.method } : {}) };
        return send({ headers: named, body: JSON.stringify(value) });
      },
      0.4,
    );
  }, 600_000);

  it('as headers', async () => {
    const call = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} });
    await run(someHeaders, (headers) => send({ headers, body: call }), 0.15);
  }, 600_000);

  it('as Host, Origin and Authorization', async () => {
    const name = fc.constantFrom('Host', 'Origin', 'Authorization');
    const headers = fc.dictionary(
      name,
      headerText.map((text) => text.trim()),
      { maxKeys: 3 },
    );
    await run(headers, (given) => send({ headers: given, body: '{}' }), 0.1);
  }, 600_000);

  it('as bodies that are no JSON, in any encoding', async () => {
    const bytes = fc.uint8Array({ maxLength: 400 });
    const encoding = fc.constantFrom('identity', 'gzip', 'deflate', 'br', 'zstd', 'nonsense');
    await run(fc.tuple(bytes, encoding), ([body, name]) => send({ headers: { 'Content-Encoding': name }, body }), 0.1);
  }, 600_000);

  it('as paths and methods', async () => {
    const segment = fc.oneof(
      fc.constantFrom(
        'mcp',
        'x',
        'readonly',
        'oauth',
        'token',
        'health',
        'uploads',
        '.well-known',
        '..',
        '%2e%2e',
        '%00',
      ),
      fc.webSegment(),
      fc.constantFrom('%', '%zz', '%C0%AF', '%F0%28', ';a=b', '?', '?a[b]=c&a=%'),
    );
    const path = fc.array(segment, { maxLength: 6 }).map((segments) => `/${segments.join('/')}`);
    const verb = fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'HEAD', 'PATCH');
    await run(
      fc.tuple(path, verb),
      ([given, method]) => send({ path: given, method, body: method === 'HEAD' ? '' : '{}' }),
      0.15,
    );
  }, 600_000);

  it('as bytes on the socket', async () => {
    const line = fc.oneof(
      fc.constantFrom(
        'GET / HTTP/1.1',
        'POST /mcp HTTP/1.1',
        'GET /health HTTP/9.9',
        'PRI * HTTP/2.0',
        'CONNECT a:1 HTTP/1.1',
      ),
      fc.constantFrom(
        'Host: 127.0.0.1',
        'Content-Length: -1',
        'Transfer-Encoding: chunked',
        'Expect: 100-continue',
        'Upgrade: h2c',
      ),
      fc.constantFrom('Connection: upgrade', 'Content-Length: 99999999999999999999', '5\r\nhello\r\n0\r\n', ''),
      fc.string({ unit: 'binary', maxLength: 60 }),
    );
    const text = fc.array(line, { maxLength: 8 }).map((lines) => `${lines.join('\r\n')}\r\n\r\n`);
    await run(
      text,
      async (bytes) => {
        const answer = await rawSocket(bench.listening.port, bytes);
        // Several requests may have been in it; each has its own status.
        for (const [, status] of answer.matchAll(/^HTTP\/1\.1 (\d{3})/gm)) expectNoDefect(Number(status), answer);
      },
      0.1,
    );
    expect((await fetch(`${bench.listening.url}/health`)).status).toBe(200);
  }, 600_000);
});

function isNamed(value: unknown): value is { readonly method: string } {
  if (typeof value !== 'object' || value === null || !('method' in value)) return false;
  // A header takes visible characters only; the server is sent others by another test.
  return typeof value.method === 'string' && /^[\x21-\x7e]+$/.test(value.method);
}
