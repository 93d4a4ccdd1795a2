import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createMemoryRateLimiter } from '../../../src/adapters/outbound/memory/rate-limiter.ts';
import type { TokenVerdict } from '../../../src/application/authorization/verify-access-token.ts';
import { DomainError } from '../../../src/domain/errors.ts';
import { createApp } from '../../../src/infrastructure/http/app.ts';
import { type Listening, listen } from '../../../src/infrastructure/http/listen.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { type McpBench, openMcpBench } from '../../support/mcp-bench.ts';
import { modernRequest, rawHttp } from '../../support/raw-http.ts';

/** Whether a token is good nobody can say while its storage is away: that is neither a refusal nor a defect. */
describe('/mcp while the storage of tokens cannot be asked', () => {
  let bench: McpBench;
  let listening: Listening;
  let verify: () => Promise<TokenVerdict>;
  const problems: { readonly error: unknown; readonly requestId: string }[] = [];

  beforeAll(async () => {
    bench = await openMcpBench({ tasks: [] });
    listening = await listen({ host: '127.0.0.1', port: 0 }, (port) =>
      createApp(
        {
          publicUrl: `http://127.0.0.1:${port}`,
          bindHost: '127.0.0.1',
          allowedHosts: [],
          allowedOrigins: [],
          trustProxy: false,
          version: '0',
          startedAtMs: 0,
        },
        {
          clock: createFakeClock(),
          ids: { id: (prefix) => `${prefix}_1`, secret: () => '' },
          verifyToken: () => verify(),
          readiness: async () => ({ ready: true, checks: {} }),
          isRetiring: () => false,
          mcp: bench.endpoint.handlers,
          onRequest: () => undefined,
          onAccessRefused: () => undefined,
          networks: { limiter: createMemoryRateLimiter(), perMinute: 1_000 },
          onProblem: (error, requestId) => problems.push({ error, requestId }),
        },
      ),
    );
  });
  afterAll(async () => {
    await listening.close(async () => undefined, 1_000);
    await bench.close();
  });
  beforeEach(() => {
    problems.length = 0;
  });

  const call = () => rawHttp(new URL(`${listening.url}/mcp`), modernRequest('igx_any', 'tools/list'));

  it('is 503 with the reason and when to come back, and never 401, which would sign the agent out', async () => {
    verify = async () => {
      throw new DomainError('STORAGE_UNAVAILABLE', 'The storage is away.', { cause: new Error('canary') });
    };
    const answer = await call();
    expect(answer.status).toBe(503);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    expect(answer.headers['www-authenticate']).toBeUndefined();
    expect(answer.json()).toMatchObject({
      error: { code: 'STORAGE_UNAVAILABLE', retry: 'later', request_id: answer.headers['x-request-id'] },
    });
    expect(answer.text).not.toContain('canary');
    expect(problems).toMatchObject([{ error: { code: 'STORAGE_UNAVAILABLE' }, requestId: 'req_1' }]);
  });

  it('is 500 without a word about the inside when the check itself is broken', async () => {
    verify = async () => {
      throw new TypeError('canary');
    };
    const answer = await call();
    expect(answer.status).toBe(500);
    expect(answer.json()).toMatchObject({ jsonrpc: '2.0', error: { code: -32603 } });
    expect(answer.text).not.toContain('canary');
  });
});
