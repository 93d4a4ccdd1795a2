import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type McpBench, openMcpBench } from '../../support/mcp-bench.ts';
import { createTestTasks, createWitness } from '../../support/mcp-tasks.ts';
import { modernRequest, type RawAnswer, rawHttp } from '../../support/raw-http.ts';
import { rawSocket } from '../../support/raw-socket.ts';

describe('Host and Origin', () => {
  let bench: McpBench;
  let token: string;

  beforeAll(async () => {
    bench = await openMcpBench({
      tasks: createTestTasks(createWitness()),
      app: {
        publicUrl: 'https://cms-mcp.example.org',
        allowedHosts: ['internal.example.org', 'Ported.example.org:8443'],
        allowedOrigins: ['https://inspector.example.org'],
      },
    });
    ({ token } = await bench.issue());
  });

  afterAll(async () => {
    await bench.close();
    expect(bench.problems).toEqual([]);
  });

  const routes = [
    '/mcp',
    '/health',
    '/health/live',
    '/health/ready',
    '/.well-known/oauth-protected-resource',
    '/.well-known/oauth-authorization-server',
    '/oauth/token',
    '/uploads/up_nothing',
    '/nowhere',
  ];

  const send = (path: string, headers: Record<string, string>): Promise<RawAnswer> => {
    const call = modernRequest(token, 'tools/list');
    const url = new URL(bench.listening.url + path);
    return path === '/mcp'
      ? rawHttp(url, { ...call, headers: { ...call.headers, ...headers } })
      : rawHttp(url, { headers });
  };

  const foreignHosts = [
    'evil.example',
    'evil.example:80',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'cms-mcp.example.org.evil.example',
    'ported.example.org',
    'ported.example.org:80',
    '0.0.0.0',
    '169.254.169.254',
    'a b',
  ];

  it.each(routes)('refuses foreign hosts on %s', async (path) => {
    for (const host of foreignHosts) {
      const answer = await send(path, { Host: host });
      expect([host, answer.status]).toEqual([host, 403]);
      expect(answer.json()).toMatchObject({ error: { code: 'HOST_NOT_ALLOWED' } });
    }
  });

  it('serves under its own names, with any port and in any case', async () => {
    const own = [
      'cms-mcp.example.org',
      'CMS-MCP.example.org:443',
      'internal.example.org:9',
      'ported.example.org:8443',
      'localhost',
      'localhost:1234',
      '127.0.0.1:80',
      '127.8.8.8',
      '[::1]:3000',
    ];
    for (const host of own) expect([host, (await send('/mcp', { Host: host })).status]).toEqual([host, 200]);
  });

  it.each(routes)('refuses foreign origins on %s', async (path) => {
    const foreign = [
      'https://evil.example',
      'null',
      'http://localhost.evil.example',
      'https://inspector.example.org.evil.example',
      'https://inspector.example.org:444',
      'file://',
      'chrome-extension://abc',
      'localhost',
    ];
    for (const origin of foreign) {
      const answer = await send(path, { Origin: origin });
      expect([origin, answer.status]).toEqual([origin, 403]);
      expect(answer.json()).toMatchObject({ error: { code: 'ORIGIN_NOT_ALLOWED' } });
      expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    }
  });

  it('does not take a page of this machine for a friend when it comes in under a public name', async () => {
    const answer = await send('/mcp', { Host: 'cms-mcp.example.org', Origin: 'http://localhost:3000' });
    expect(answer.status).toBe(403);
  });

  it('lets pages of allowed origins read its answers', async () => {
    for (const origin of [
      'https://inspector.example.org',
      'https://cms-mcp.example.org',
      'http://localhost:6274',
      'http://127.0.0.1:1',
    ]) {
      const answer = await send('/mcp', { Origin: origin });
      expect([origin, answer.status]).toEqual([origin, 200]);
      expect(answer.headers['access-control-allow-origin']).toBe(origin);
      expect(answer.headers['access-control-expose-headers']).toContain('www-authenticate');
      expect(answer.headers['access-control-allow-credentials']).toBeUndefined();
      expect(answer.headers['vary']).toContain('Origin');
    }
  });

  it.each([
    '/health',
    '/health/live',
    '/health/ready',
    '/uploads/up_nothing',
    '/oauth/authorize',
    '/callback',
    '/nowhere',
  ])('lets no page read %s, not even one of its own (80)', async (path) => {
    const answer = await send(path, { Origin: 'https://inspector.example.org' });
    expect(answer.status).not.toBe(403);
    for (const name of ['origin', 'credentials', 'headers', 'methods']) {
      expect(answer.headers[`access-control-allow-${name}`]).toBeUndefined();
    }
  });

  it.each(routes)('never answers %s with a wildcard or for credentials', async (path) => {
    for (const method of ['GET', 'POST', 'OPTIONS']) {
      const headers = { Origin: 'https://inspector.example.org', 'Access-Control-Request-Method': 'POST' };
      const answer = await rawHttp(new URL(bench.listening.url + path), { method, headers });
      expect(answer.headers['access-control-allow-origin']).not.toBe('*');
      expect(answer.headers['access-control-allow-credentials']).toBeUndefined();
    }
  });

  it('refuses a request with two of these headers, whichever comes first', async () => {
    const own = 'cms-mcp.example.org';
    for (const lines of [
      [`Host: ${own}`, 'Host: evil.example'],
      ['Host: evil.example', `Host: ${own}`],
      [`Host: ${own}`, `Origin: https://${own}`, 'Origin: https://evil.example'],
    ]) {
      const answer = await rawSocket(bench.listening.port, `GET /health HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
      expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    }
  });

  it('answers their preflight without a token', async () => {
    const answer = await rawHttp(bench.mcpUrl, {
      method: 'OPTIONS',
      headers: { Origin: 'https://inspector.example.org', 'Access-Control-Request-Method': 'POST' },
    });
    expect(answer.status).toBe(204);
    expect(answer.headers['access-control-allow-methods']).toBe('GET, POST, DELETE');
    expect(answer.headers['access-control-allow-headers']).toContain('mcp-protocol-version');
  });

  it('is armed when it listens on every address', async () => {
    const open = await openMcpBench({ tasks: [], app: { bindHost: '0.0.0.0' } });
    const url = new URL(`${open.listening.url}/health`);
    expect((await rawHttp(url, { headers: { Host: 'evil.example' } })).status).toBe(403);
    expect((await rawHttp(url, { headers: { Host: '0.0.0.0:3000' } })).status).toBe(403);
    expect((await rawHttp(url)).status).toBe(200);
    await open.close();
  });
});
