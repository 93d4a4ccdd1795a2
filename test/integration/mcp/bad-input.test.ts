import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type McpBench, openMcpBench } from '../../support/mcp-bench.ts';
import { createTestTasks, createWitness } from '../../support/mcp-tasks.ts';
import { initializeBody, mcpHeaders, modernRequest, type RawAnswer, rawHttp, rpc } from '../../support/raw-http.ts';

const mebibyte = 1_048_576;

describe('bad input on /mcp', () => {
  let bench: McpBench;
  let token: string;

  beforeEach(async () => {
    bench = await openMcpBench({ tasks: createTestTasks(createWitness()) });
    ({ token } = await bench.issue());
  });

  afterEach(async () => {
    // Whatever came before, the server serves.
    const answer = await rawHttp(
      bench.mcpUrl,
      modernRequest(token, 'tools/call', { name: 'echo_words', arguments: { words: 'on' } }),
    );
    expect(answer.status).toBe(200);
    expect(answer.json()).toMatchObject({ result: { structuredContent: { words: 'on' } } });
    await bench.close();
    expect(bench.problems).toEqual([]);
  });

  const post = (body: string | Buffer, more: Record<string, string> = {}): Promise<RawAnswer> =>
    rawHttp(bench.mcpUrl, { method: 'POST', headers: mcpHeaders(token, more), body });

  const expectRpcError = (answer: RawAnswer, status: number, code: number): void => {
    expect(answer.status).toBe(status);
    expect(answer.headers['content-type']).toMatch(/^application\/json/);
    expect(answer.json()).toMatchObject({ jsonrpc: '2.0', error: { code } });
    expect(answer.text).not.toMatch(/<html|node_modules|\.ts:\d|at [\w.]+ \(/i);
  };

  it.each([
    ['no JSON', '{"jsonrpc": "2.0", '],
    ['words', 'hello'],
  ])('answers a parse error to %s', async (_what, body) => {
    expectRpcError(await post(body), 400, -32700);
  });

  it.each([
    ['nothing', ''],
    ['a number', '5'],
    ['null', 'null'],
    ['a text', '"initialize"'],
    ['an empty list', '[]'],
    ['an empty object', '{}'],
    ['no method', '{"jsonrpc":"2.0","id":1}'],
    ['another version', '{"jsonrpc":"1.0","id":1,"method":"ping"}'],
    ['a method that is no text', '{"jsonrpc":"2.0","id":1,"method":5}'],
    ['an id that is an object', '{"jsonrpc":"2.0","id":{},"method":"ping"}'],
  ])('refuses %s as JSON-RPC', async (_what, body) => {
    const answer = await post(body);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    expect(answer.json()).toMatchObject({ jsonrpc: '2.0', error: { code: expect.any(Number) } });
  });

  it('refuses a body that is too large, also when it says nothing about its size, or is packed', async () => {
    const large = rpc('tools/call', { name: 'echo_words', arguments: { words: 'x'.repeat(mebibyte) } });
    expectRpcError(await post(large), 413, -32600);
    expectRpcError(await post(large, { 'Transfer-Encoding': 'chunked' }), 413, -32600);
    expectRpcError(await post(gzipSync(large), { 'Content-Encoding': 'gzip' }), 413, -32600);
  });

  it('takes a body just below the limit to its tool, which has its own', async () => {
    const body = modernRequest(token, 'tools/call', {
      name: 'echo_words',
      arguments: { words: 'x'.repeat(mebibyte - 1000) },
    });
    const answer = await rawHttp(bench.mcpUrl, body);
    expect(answer.status).toBe(200);
    expect(answer.json()).toMatchObject({ result: { isError: true } });
  });

  it('refuses other types, encodings and character sets', async () => {
    expect((await post(initializeBody, { 'Content-Type': 'text/plain' })).status).toBe(415);
    expectRpcError(await post(initializeBody, { 'Content-Encoding': 'zip' }), 400, -32700);
    expectRpcError(await post(initializeBody, { 'Content-Type': 'application/json; charset=utf-32' }), 400, -32700);
  });

  it('refuses other methods, and says which there are', async () => {
    for (const method of ['PUT', 'PATCH', 'OPTIONS']) {
      const answer = await rawHttp(bench.mcpUrl, { method, headers: mcpHeaders(token) });
      expectRpcError(answer, 405, -32600);
      expect(answer.headers['allow']).toBe('POST, GET, DELETE');
    }
  });

  it('bears arguments nested ten thousand deep', async () => {
    const deep = `${'['.repeat(10_000)}${']'.repeat(10_000)}`;
    const body = rpc('tools/call', { name: 'echo_words', arguments: { words: 'DEEP' } }).replace('"DEEP"', deep);
    const answer = await post(body, { 'Mcp-Session-Id': await openSession() });
    expect(answer.status).toBeLessThan(500);
  });

  it('keeps `__proto__` in arguments from becoming anything', async () => {
    const { headers, body } = modernRequest(token, 'tools/call', {
      name: 'echo_words',
      arguments: { words: 'a', pollute: 1 },
    });
    const polluted = body.replace('"pollute":1', '"__proto__":{"polluted":true}');
    await rawHttp(bench.mcpUrl, { method: 'POST', headers, body: polluted });
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('refuses what disagrees with its headers, in the newest revision (66)', async () => {
    const good = modernRequest(token, 'tools/call', { name: 'echo_words', arguments: { words: 'a' } });
    const wrong = async (headers: Record<string, string>) =>
      (await rawHttp(bench.mcpUrl, { ...good, headers: { ...good.headers, ...headers } })).json();
    expect(await wrong({ 'Mcp-Method': 'tools/list' })).toMatchObject({ error: { code: -32020 } });
    expect(await wrong({ 'Mcp-Name': 'write_note' })).toMatchObject({ error: { code: -32020 } });
    expect(await wrong({ 'MCP-Protocol-Version': '2025-11-25' })).toMatchObject({ error: { code: -32020 } });
  });

  it('answers unknown methods and unknown tools as the revision says', async () => {
    const unknown = await rawHttp(bench.mcpUrl, modernRequest(token, 'tools/destroy'));
    expectRpcError(unknown, 404, -32601);
    const tool = await rawHttp(bench.mcpUrl, modernRequest(token, 'tools/call', { name: 'x'.repeat(5000) }));
    expect(tool.json()).toMatchObject({ error: { code: -32602 } });
    expect(tool.text.length).toBeLessThan(1000);
  });

  it('says that a session is needed, or is not known', async () => {
    expectRpcError(await post(rpc('tools/list')), 400, -32000);
    expectRpcError(await post(rpc('tools/list'), { 'Mcp-Session-Id': 'mcp_nobody' }), 404, -32001);
    expectRpcError(await rawHttp(bench.mcpUrl, { headers: mcpHeaders(token) }), 400, -32000);
  });

  async function openSession(): Promise<string> {
    const answer = await post(initializeBody);
    expect(answer.status).toBe(200);
    return String(answer.headers['mcp-session-id']);
  }
});
