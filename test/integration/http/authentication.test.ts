import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFakeClock, type FakeClock } from '../../support/fake-clock.ts';
import { type McpBench, openMcpBench } from '../../support/mcp-bench.ts';
import { createTestTasks, createWitness } from '../../support/mcp-tasks.ts';
import { modernRequest, type RawAnswer, rawHttp } from '../../support/raw-http.ts';

describe('authentication of /mcp', () => {
  let clock: FakeClock;
  let bench: McpBench;

  beforeEach(async () => {
    clock = createFakeClock();
    bench = await openMcpBench({ tasks: createTestTasks(createWitness()), clock });
  });

  afterEach(async () => {
    await bench.close();
    expect(bench.problems).toEqual([]);
  });

  const call = (authorization: string | undefined, path = ''): Promise<RawAnswer> => {
    const { headers, ...request } = modernRequest('', 'tools/call', { name: 'tell_subject', arguments: {} });
    const { Authorization: _none, ...others } = headers;
    return rawHttp(new URL(`${bench.mcpUrl}${path}`), {
      ...request,
      headers: authorization === undefined ? others : { ...others, Authorization: authorization },
    });
  };

  const metadata = () => `${bench.listening.url}/.well-known/oauth-protected-resource/mcp`;

  it('lets a good token through as its subject, whatever the case of the scheme', async () => {
    const { token } = await bench.issue({ subject: 'grace' });
    for (const scheme of ['Bearer', 'bearer', 'BEARER']) {
      const answer = await call(`${scheme} ${token}`);
      expect(answer.status).toBe(200);
      expect(answer.json()).toMatchObject({ result: { structuredContent: { subject: 'grace' } } });
    }
  });

  it.each([
    ['no header', undefined],
    ['another scheme', 'Basic YWRhOmFkYQ=='],
    ['no token', 'Bearer'],
    ['two tokens', 'Bearer igx_a igx_b'],
  ])('asks for a token when there is %s, and calls nothing an error', async (_what, authorization) => {
    const answer = await call(authorization);
    expect(answer.status).toBe(401);
    expect(answer.headers['www-authenticate']).toBe(`Bearer resource_metadata="${metadata()}", scope="cms:read"`);
    expect(answer.json()).toEqual({ error: 'unauthorized', error_description: expect.any(String) });
  });

  const expectInvalid = (answer: RawAnswer): void => {
    expect(answer.status).toBe(401);
    expect(answer.headers['www-authenticate']).toContain(`resource_metadata="${metadata()}"`);
    expect(answer.headers['www-authenticate']).toContain('error="invalid_token"');
    expect(answer.json()).toMatchObject({ error: 'invalid_token' });
  };

  it('refuses unknown, malformed, expired and revoked tokens alike, and logs which it was', async () => {
    const expired = await bench.issue({ ttlSeconds: 60 });
    const revoked = await bench.issue();
    const truncated = (await bench.issue()).token.slice(0, -1);
    await bench.revoke(revoked.id);
    clock.advance(60_000);
    const answers = [];
    for (const token of [
      'igx_short',
      `igx_${'A'.repeat(43)}`,
      truncated,
      expired.token,
      revoked.token,
      'eyJhbGciOiJub25lIn0.e30.',
    ]) {
      const answer = await call(`Bearer ${token}`);
      expectInvalid(answer);
      answers.push(answer.text);
    }
    expect(new Set(answers).size).toBe(1);
    expect(bench.refusals.map(({ reason }) => reason)).toEqual([
      'malformed',
      'unknown',
      'unknown',
      'expired',
      'revoked',
      'malformed',
    ]);
  });

  it('accepts a token up to the moment it expires, and a revocation at once', async () => {
    const { token, id } = await bench.issue({ ttlSeconds: 60 });
    clock.advance(59_999);
    expect((await call(`Bearer ${token}`)).status).toBe(200);
    await bench.revoke(id);
    expect((await call(`Bearer ${token}`)).status).toBe(401);
  });

  it('does not look for tokens in the query, and does not log it', async () => {
    const { token } = await bench.issue();
    const answer = await call(undefined, `?access_token=${token}`);
    expect(answer.status).toBe(401);
    expect(answer.headers['www-authenticate']).not.toContain('error=');
    expect(JSON.stringify(bench.requests)).not.toContain(token);
  });

  it('asks before it reads: a large body without a token is refused as such', async () => {
    const answer = await rawHttp(bench.mcpUrl, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: 'x'.repeat(100_000),
    });
    expect(answer.status).toBe(401);
  });

  it('tells who called in the access log, never with what', async () => {
    const { token } = await bench.issue({ subject: 'grace', clientId: 'claude' });
    await call(`Bearer ${token}`);
    await call('Bearer igx_nobody_nobody_nobody');
    expect(bench.requests.map(({ subject, clientId, status }) => ({ subject, clientId, status }))).toEqual([
      { subject: 'grace', clientId: 'claude', status: 200 },
      { subject: undefined, clientId: undefined, status: 401 },
    ]);
    expect(JSON.stringify(bench.requests)).not.toContain('igx_');
  });

  it('publishes the metadata of the resource at both places of RFC 9728, without a token', async () => {
    for (const path of ['/.well-known/oauth-protected-resource', '/.well-known/oauth-protected-resource/mcp']) {
      const answer = await rawHttp(new URL(bench.listening.url + path));
      expect(answer.status).toBe(200);
      expect(answer.headers['cache-control']).toContain('public');
      expect(answer.json()).toEqual({
        resource: `${bench.listening.url}/mcp`,
        authorization_servers: [bench.listening.url],
        resource_name: 'Ingeniux CMS MCP server',
        bearer_methods_supported: ['header'],
        scopes_supported: ['cms:read', 'cms:write', 'cms:publish', 'cms:admin'],
      });
    }
  });
});

describe('the public URL', () => {
  it.each(['https://cms-mcp.example.org', 'https://cms-mcp.example.org/'])(
    '%s is told to clients in one form',
    async (publicUrl) => {
      const bench = await openMcpBench({ tasks: [], app: { publicUrl } });
      const answer = await rawHttp(new URL(`${bench.listening.url}/.well-known/oauth-protected-resource`));
      expect(answer.json()).toMatchObject({ resource: 'https://cms-mcp.example.org/mcp' });
      expect(answer.headers['strict-transport-security']).toContain('max-age=');
      const refused = await rawHttp(bench.mcpUrl, { method: 'POST' });
      expect(refused.headers['www-authenticate']).toContain(
        'resource_metadata="https://cms-mcp.example.org/.well-known/oauth-protected-resource/mcp"',
      );
      await bench.close();
    },
  );
});
