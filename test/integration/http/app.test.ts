import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ReadinessCheck } from '../../../src/application/health/check-readiness.ts';
import { DomainError } from '../../../src/domain/errors.ts';
import { createFakeClock, type FakeClock } from '../../support/fake-clock.ts';
import { type McpBench, openMcpBench } from '../../support/mcp-bench.ts';
import { canary } from '../../support/mcp-tasks.ts';
import { type RawAnswer, rawHttp } from '../../support/raw-http.ts';

describe('the HTTP application', () => {
  let clock: FakeClock;
  let bench: McpBench;
  let asked: number;
  let cms: () => Promise<string | undefined>;

  beforeEach(async () => {
    clock = createFakeClock();
    asked = 0;
    cms = async () => undefined;
    const checks: ReadinessCheck[] = [
      { name: 'storage', check: async () => 'sqlite' },
      {
        name: 'cms',
        check: async () => {
          asked += 1;
          return cms();
        },
      },
    ];
    bench = await openMcpBench({ tasks: [], clock, checks });
  });

  afterEach(async () => {
    await bench.close();
  });

  const get = (path: string, headers: Record<string, string> = {}): Promise<RawAnswer> =>
    rawHttp(new URL(bench.listening.url + path), { headers });

  it('/health tells exactly four things', async () => {
    clock.advance(90_500);
    const answer = await get('/health');
    expect(answer.status).toBe(200);
    expect(answer.json()).toEqual({
      status: 'healthy',
      timestamp: new Date(clock.nowMs()).toISOString(),
      version: '0.0.0-test',
      uptime: 90,
    });
  });

  it('/health/live only answers', async () => {
    expect((await get('/health/live')).json()).toEqual({ status: 'ok' });
  });

  it('/health/ready tells each check with its time', async () => {
    const answer = await get('/health/ready');
    expect(answer.status).toBe(200);
    expect(answer.json()).toEqual({
      status: 'healthy',
      checks: {
        storage: { status: 'ok', detail: 'sqlite', latency_ms: expect.any(Number) },
        cms: { status: 'ok', latency_ms: expect.any(Number) },
      },
    });
  });

  it('/health/ready is 503 when one fails, in our own words only', async () => {
    cms = async () => {
      throw new Error(`connect ECONNREFUSED ${canary}`);
    };
    const answer = await get('/health/ready');
    expect(answer.status).toBe(503);
    expect(answer.json()).toMatchObject({
      status: 'unhealthy',
      checks: { cms: { status: 'failed', detail: 'failed' }, storage: { status: 'ok' } },
    });
    expect(answer.text).not.toContain(canary);
    clock.advance(1_000);
    cms = async () => {
      throw new DomainError('CMS_UNAVAILABLE', 'The CMS cannot be reached.');
    };
    expect((await get('/health/ready')).json()).toMatchObject({
      checks: { cms: { detail: 'The CMS cannot be reached.' } },
    });
  });

  it('/health/ready asks once however many ask it', async () => {
    await Promise.all(Array.from({ length: 20 }, () => get('/health/ready')));
    expect(asked).toBe(1);
    clock.advance(1_000);
    await get('/health/ready');
    expect(asked).toBe(2);
  });

  it('answers unknown paths and broken ones in JSON with a request id', async () => {
    for (const [path, status, code] of [
      ['/nowhere', 404, 'NOT_FOUND'],
      ['/mcpother', 404, 'NOT_FOUND'],
      ['/%zz', 404, 'NOT_FOUND'],
    ] as const) {
      const answer = await get(path);
      expect([path, answer.status]).toEqual([path, status]);
      expect(answer.json()).toMatchObject({ error: { code, request_id: answer.headers['x-request-id'] } });
    }
  });

  it('keeps a sensible request id, replaces any other, and logs under it', async () => {
    const kept = await get('/health', { 'X-Request-Id': 'proxy-1234.abc' });
    expect(kept.headers['x-request-id']).toBe('proxy-1234.abc');
    for (const id of ['short', 'with space 123', 'x'.repeat(129), '{"injected":1}']) {
      const answer = await get('/health', { 'X-Request-Id': id });
      expect(answer.headers['x-request-id']).toMatch(/^req_[\w-]{22}$/);
    }
    expect(bench.requests[0]).toMatchObject({
      requestId: 'proxy-1234.abc',
      method: 'GET',
      path: '/health',
      status: 200,
      remoteAddress: '127.0.0.1',
      aborted: false,
    });
  });

  it('says nothing about what it is made of, and lets no browser guess, embed or keep', async () => {
    for (const path of ['/health', '/mcp', '/nowhere']) {
      const { headers } = await get(path);
      expect(headers['x-powered-by']).toBeUndefined();
      expect(headers['server']).toBeUndefined();
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['content-security-policy']).toContain("default-src 'none'");
      expect(headers['cache-control']).toBe('no-store');
      expect(headers['strict-transport-security']).toBeUndefined();
    }
  });

  it('survives what is no HTTP at all', async () => {
    const socket = connect(bench.listening.port, '127.0.0.1');
    const answer = await new Promise<string>((resolve, reject) => {
      let text = '';
      socket.on('data', (chunk) => {
        text += chunk;
      });
      socket.on('close', () => resolve(text));
      socket.on('error', reject);
      socket.write('\u0016\u0003\u0001 this is not HTTP\r\n\r\n');
    });
    expect(answer).toContain('400 Bad Request');
    expect((await get('/health')).status).toBe(200);
  });

  it('believes X-Forwarded-For only behind a trusted proxy', async () => {
    await get('/health', { 'X-Forwarded-For': '203.0.113.9' });
    expect(bench.requests.at(-1)?.remoteAddress).toBe('127.0.0.1');
    const behind = await openMcpBench({ tasks: [], app: { trustProxy: 'loopback' } });
    await rawHttp(new URL(`${behind.listening.url}/health`), { headers: { 'X-Forwarded-For': '203.0.113.9' } });
    expect(behind.requests.at(-1)?.remoteAddress).toBe('203.0.113.9');
    await behind.close();
  });

  it('closes connections that are kept ready and unused', async () => {
    const other = await openMcpBench({ tasks: [] });
    const socket = connect(other.listening.port, '127.0.0.1');
    const ended = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
    await rawHttp(new URL(`${other.listening.url}/health`));
    await other.listening.close(async () => undefined, 60_000);
    await ended;
  });

  it('does not open a port that is taken, and says which setting to change', async () => {
    const { listen } = await import('../../../src/infrastructure/http/listen.ts');
    const again = listen({ host: '127.0.0.1', port: bench.listening.port }, () => () => undefined);
    await expect(again).rejects.toThrow(
      `HOST, PORT: 127.0.0.1:${bench.listening.port} cannot be opened: another program listens there; set PORT to another one.`,
    );
    await expect(again).rejects.toMatchObject({ cause: { code: 'EADDRINUSE' } });
  });
});
