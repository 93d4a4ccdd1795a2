import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bodyBytesMax } from '../../../src/adapters/inbound/mcp/http-endpoint.ts';
import { type McpBench, openMcpBench } from '../../support/mcp-bench.ts';
import { createTestTasks, createWitness } from '../../support/mcp-tasks.ts';
import { initializeBody, mcpHeaders, modernRequest, rawHttp, rpc } from '../../support/raw-http.ts';
import { rawSocket } from '../../support/raw-socket.ts';

/** What one client may ask of the server, so that something is left for the others (S8). */
describe('limits of HTTP', () => {
  let bench: McpBench;
  let token: string;
  beforeAll(async () => {
    bench = await openMcpBench({
      tasks: createTestTasks(createWitness()),
      patience: { headersTimeoutMs: 400, requestTimeoutMs: 800, checkIntervalMs: 100 },
    });
    ({ token } = await bench.issue());
  });
  afterAll(async () => {
    await bench.close();
    expect(bench.problems).toEqual([]);
  });

  const statusOf = (answer: string): number => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0);
  const start = (method: string, path: string) => `${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n`;
  const serves = async () => {
    const answer = await rawHttp(bench.mcpUrl, modernRequest(token, 'tools/list'));
    expect(answer.status).toBe(200);
  };

  it.each([
    ['that says its length', { 'Content-Length': String(5 * 1024 * 1024) }],
    ['that comes in pieces', { 'Transfer-Encoding': 'chunked' }],
  ])('refuses a body of 5 MiB %s', async (_how, headers) => {
    expect(bodyBytesMax).toBeLessThanOrEqual(4 * 1024 * 1024);
    const body = rpc('tools/call', { name: 'x'.repeat(5 * 1024 * 1024) });
    const sent = { ...mcpHeaders(token), ...headers };
    const exact = 'Content-Length' in headers ? { ...sent, 'Content-Length': String(Buffer.byteLength(body)) } : sent;
    const answer = await rawHttp(bench.mcpUrl, { method: 'POST', headers: exact, body });
    expect(answer.status).toBe(413);
    await serves();
  });

  it.each([
    ['10,000 headers', Array.from({ length: 10_000 }, (_, n) => `X-${n}: 1\r\n`).join('')],
    ['one header of 100 kB', `X-Large: ${'a'.repeat(100_000)}\r\n`],
    ['a cookie of 64 kB', `Cookie: a=${'b'.repeat(65_536)}\r\n`],
  ])('refuses %s with 431', async (_what, headers) => {
    expect(statusOf(await rawSocket(bench.listening.port, `${start('GET', '/health')}${headers}\r\n`))).toBe(431);
    await serves();
  });

  it('refuses an address of 64 kB', async () => {
    const answer = await rawSocket(bench.listening.port, `${start('GET', `/${'a'.repeat(65_536)}`)}\r\n`);
    expect([414, 431]).toContain(statusOf(answer));
  });

  it.each([
    ['headers', start('POST', '/mcp')],
    [
      'a body',
      `${start('POST', '/mcp')}Authorization: Bearer TOKEN\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"a`,
    ],
  ])('gives up a client that never comes to the end of %s, with 408', async (_what, text) => {
    const answer = await rawSocket(bench.listening.port, text.replace('TOKEN', token), {
      end: false,
      silentMs: 20_000,
    });
    expect(statusOf(answer)).toBe(408);
    await serves();
  });

  it('goes on serving beside 2,000 connections that say nothing', async () => {
    const sockets: Socket[] = [];
    try {
      for (let lot = 0; lot < 20; lot += 1) {
        const some = Array.from({ length: 100 }, () =>
          connect(bench.listening.port, '127.0.0.1').on('error', () => undefined),
        );
        sockets.push(...some);
        await Promise.all(some.map((socket) => once(socket, 'connect')));
      }
      for (let call = 0; call < 20; call += 1) await serves();
    } finally {
      for (const socket of sockets) socket.destroy();
    }
  });

  it('takes the method from the request line alone', async () => {
    const session = await rawHttp(bench.mcpUrl, { method: 'POST', headers: mcpHeaders(token), body: initializeBody });
    const id = String(session.headers['mcp-session-id']);
    for (const name of ['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override']) {
      const headers = mcpHeaders(token, { 'Mcp-Session-Id': id, [name]: 'DELETE' });
      expect((await rawHttp(bench.mcpUrl, { method: 'POST', headers, body: rpc('ping') })).status).toBe(200);
    }
    const url = new URL(`${bench.mcpUrl}?_method=DELETE`);
    const headers = mcpHeaders(token, { 'Mcp-Session-Id': id });
    expect((await rawHttp(url, { method: 'POST', headers, body: rpc('ping') })).status).toBe(200);
    for (const method of ['PUT', 'PATCH', 'TRACE', 'PROPFIND']) {
      expect([method, (await rawHttp(bench.mcpUrl, { method, headers })).status]).toEqual([method, 405]);
    }
  });

  it.each([
    ['two tokens', `Authorization: Bearer TOKEN\r\nAuthorization: Bearer TOKEN\r\n`, 401],
    ['two lengths', `Authorization: Bearer TOKEN\r\nContent-Length: 2\r\nContent-Length: 3\r\n`, 400],
    ['a length and pieces', `Authorization: Bearer TOKEN\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n`, 400],
    [
      'two sessions',
      `Authorization: Bearer TOKEN\r\nContent-Length: 0\r\nMcp-Session-Id: a\r\nMcp-Session-Id: b\r\n`,
      400,
    ],
    ['a space before the colon', `Authorization : Bearer TOKEN\r\n`, 400],
    ['a folded line', `Authorization: Bearer\r\n TOKEN\r\n`, 400],
  ])('does not guess what is meant by %s', async (_what, lines, status) => {
    const text = `${start('POST', '/mcp')}${lines.replaceAll('TOKEN', token)}\r\n`;
    const answer = await rawSocket(bench.listening.port, text);
    expect(statusOf(answer)).toBeGreaterThanOrEqual(400);
    expect(statusOf(answer)).toBeLessThan(500);
    if (status === 401) expect(statusOf(answer)).toBe(401);
  });
});
