import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SessionLimits } from '../../../src/adapters/inbound/mcp/legacy-sessions.ts';
import { createFakeClock, type FakeClock } from '../../support/fake-clock.ts';
import { type McpBench, openMcpBench } from '../../support/mcp-bench.ts';
import { createTestTasks, createWitness, type TaskWitness } from '../../support/mcp-tasks.ts';
import { poll } from '../../support/poll.ts';
import { initializeBody, mcpHeaders, modernRequest, type RawAnswer, rawHttp, rpc } from '../../support/raw-http.ts';

const limits: SessionLimits = { idleTtlMs: 60_000, totalMax: 250, perOwnerMax: 220 };

describe('sessions of the old revisions', () => {
  let clock: FakeClock;
  let bench: McpBench;
  let witness: TaskWitness;
  let token: string;

  beforeEach(async () => {
    clock = createFakeClock();
    witness = createWitness();
    bench = await openMcpBench({ tasks: createTestTasks(witness), clock, sessionLimits: limits });
    ({ token } = await bench.issue());
  });

  afterEach(async () => {
    witness.release();
    await bench.close();
    expect(bench.endpoint.sessionCount()).toBe(0);
    expect(bench.problems).toEqual([]);
  });

  const post = (body: string, bearer: string, session?: string): Promise<RawAnswer> =>
    rawHttp(bench.mcpUrl, {
      method: 'POST',
      headers: mcpHeaders(bearer, session === undefined ? {} : { 'Mcp-Session-Id': session }),
      body,
    });

  const open = async (bearer: string): Promise<string> => {
    const answer = await post(initializeBody, bearer);
    expect(answer.status).toBe(200);
    return String(answer.headers['mcp-session-id']);
  };

  it('frees 200 abandoned sessions after the idle time, and keeps those in use', async () => {
    const used = await open(token);
    for (let opened = 0; opened < 200; opened += 1) await open(token);
    expect(bench.endpoint.sessionCount()).toBe(201);
    clock.advance(limits.idleTtlMs - 1);
    expect((await post(rpc('ping'), token, used)).status).toBe(200);
    await bench.endpoint.sweep();
    expect(bench.endpoint.sessionCount()).toBe(201);
    clock.advance(1);
    await bench.endpoint.sweep();
    expect(bench.endpoint.sessionCount()).toBe(1);
    expect((await post(rpc('ping'), token, used)).status).toBe(200);
  });

  it('frees them also when nobody sweeps but a new client comes', async () => {
    for (let opened = 0; opened < 5; opened += 1) await open(token);
    clock.advance(limits.idleTtlMs);
    const { token: other } = await bench.issue({ subject: 'eve' });
    await open(other);
    expect(bench.endpoint.sessionCount()).toBe(1);
  });

  it('does not end a session while its stream is open', async () => {
    const session = await open(token);
    const abort = new AbortController();
    const stream = await fetch(bench.mcpUrl, {
      headers: mcpHeaders(token, { 'Mcp-Session-Id': session }),
      signal: abort.signal,
    });
    expect(stream.status).toBe(200);
    clock.advance(limits.idleTtlMs * 2);
    await bench.endpoint.sweep();
    expect(bench.endpoint.sessionCount()).toBe(1);
    abort.abort();
    await poll('the stream to end', () => bench.requests.some(({ method }) => method === 'GET'));
    clock.advance(limits.idleTtlMs);
    await bench.endpoint.sweep();
    expect(bench.endpoint.sessionCount()).toBe(0);
  });

  it("makes room for an owner by ending their own oldest idle session, never somebody else's", async () => {
    const { token: other } = await bench.issue({ subject: 'eve' });
    const foreign = await open(other);
    const first = await open(token);
    for (let opened = 1; opened <= limits.perOwnerMax; opened += 1) await open(token);
    expect(bench.endpoint.sessionCount()).toBe(limits.perOwnerMax + 1);
    expect((await post(rpc('ping'), token, first)).status).toBe(404);
    expect((await post(rpc('ping'), other, foreign)).status).toBe(200);
  });

  it('refuses more than the process can hold, and says when to come back', async () => {
    for (const subject of ['a', 'b']) {
      const { token: one } = await bench.issue({ subject });
      for (let opened = 0; opened < limits.totalMax / 2; opened += 1) await open(one);
    }
    const refused = await post(initializeBody, token);
    expect(refused.status).toBe(503);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect(refused.json()).toMatchObject({ jsonrpc: '2.0', error: { code: -32603 } });
  });

  it('belongs to the user and the client that opened it: for others it does not exist', async () => {
    const session = await open(token);
    const { token: otherUser } = await bench.issue({ subject: 'eve' });
    const { token: otherClient } = await bench.issue({ clientId: 'another' });
    for (const foreign of [otherUser, otherClient]) {
      expect((await post(rpc('tools/list'), foreign, session)).status).toBe(404);
      const end = await rawHttp(bench.mcpUrl, {
        method: 'DELETE',
        headers: mcpHeaders(foreign, { 'Mcp-Session-Id': session }),
      });
      expect(end.status).toBe(404);
      const stream = await rawHttp(bench.mcpUrl, { headers: mcpHeaders(foreign, { 'Mcp-Session-Id': session }) });
      expect(stream.status).toBe(404);
    }
    expect((await post(rpc('tools/list'), token, session)).status).toBe(200);
  });

  it("goes on with a fresh token of the same user and client, with that token's scopes", async () => {
    const session = await open(token);
    const { token: narrow } = await bench.issue({ scopes: ['cms:read'] });
    const answer = await post(rpc('tools/call', { name: 'write_note', arguments: { note: 'a' } }), narrow, session);
    expect(answer.status).toBe(403);
    expect(answer.headers['www-authenticate']).toContain('scope="cms:read cms:write"');
    expect(witness.writes).toEqual([]);
  });

  it('ends by DELETE; afterwards it is unknown', async () => {
    const session = await open(token);
    const headers = mcpHeaders(token, { 'Mcp-Session-Id': session });
    expect((await rawHttp(bench.mcpUrl, { method: 'DELETE', headers })).status).toBe(200);
    expect(bench.endpoint.sessionCount()).toBe(0);
    expect((await post(rpc('ping'), token, session)).status).toBe(404);
  });

  it('leaves none behind when the handshake is refused', async () => {
    const answer = await rawHttp(bench.mcpUrl, {
      method: 'POST',
      headers: { ...mcpHeaders(token), Accept: 'application/json' },
      body: initializeBody,
    });
    expect(answer.status).toBe(406);
    expect(bench.endpoint.sessionCount()).toBe(0);
  });

  it('does not cancel a call when the client goes away; the newest revision does', async () => {
    const session = await open(token);
    const call = { name: 'wait_long', arguments: {} };
    const leave = async (headers: Record<string, string>, body: string, startedBefore: number): Promise<void> => {
      const abort = new AbortController();
      const gone = expect(
        fetch(bench.mcpUrl, { method: 'POST', headers, body, signal: abort.signal }).then((answer) => answer.text()),
      ).rejects.toThrow();
      await poll('the call to start', () => witness.started === startedBefore + 1);
      abort.abort();
      await gone;
    };

    await leave(mcpHeaders(token, { 'Mcp-Session-Id': session }), rpc('tools/call', call), 0);
    const modern = modernRequest(token, 'tools/call', call);
    await leave(modern.headers, modern.body, 1);
    await poll('the modern call to be cancelled', () => witness.aborted === 1);

    // Both clients left, in this order; only the second call was cancelled, and the first ends well.
    witness.release();
    await poll('the old call to end', () => witness.finished === 1);
    expect(witness.aborted).toBe(1);
  });
});

describe('streams and tokens', () => {
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

  const listen = async (token: string): Promise<{ readonly status: number; readonly ended: Promise<string> }> => {
    const { headers, body } = modernRequest(token, 'subscriptions/listen', {
      notifications: { resourceSubscriptions: ['ingeniux://page/x42'] },
    });
    const answer = await fetch(bench.mcpUrl, { method: 'POST', headers, body });
    return { status: answer.status, ended: answer.text().catch(() => 'cut') };
  };

  it('ends the streams of a token that is revoked, and no others', async () => {
    const one = await bench.issue();
    const two = await bench.issue({ subject: 'eve' });
    const streamOne = await listen(one.token);
    const streamTwo = await listen(two.token);
    await bench.revoke(one.id);
    expect(await streamOne.ended).toBe('cut');
    await bench.events.publish([{ type: 'content_changed', itemIds: ['x42'], change: 'fields', subject: 'ada' }]);
    await bench.endpoint.close(1000);
    // The end in good order: the change that was heard, and the final result.
    const told = await streamTwo.ended;
    expect(told).toContain('notifications/resources/updated');
    expect(told).toContain('"resultType":"complete"');
  });

  it('ends streams whose token has expired', async () => {
    const { token } = await bench.issue({ ttlSeconds: 60 });
    const stream = await listen(token);
    await bench.endpoint.sweep();
    clock.advance(60_000);
    await bench.endpoint.sweep();
    expect(await stream.ended).toBe('cut');
  });

  it('bounds the streams of one user', async () => {
    const { token } = await bench.issue();
    const streams = [];
    for (let opened = 0; opened < 32; opened += 1) streams.push(await listen(token));
    expect(streams.every(({ status }) => status === 200)).toBe(true);
    expect((await listen(token)).status).toBe(429);
    const { token: other } = await bench.issue({ subject: 'eve' });
    expect((await listen(other)).status).toBe(200);
  });

  it('lets calls under way end before it closes, and refuses new ones meanwhile', async () => {
    const witness = createWitness();
    const second = await openMcpBench({ tasks: createTestTasks(witness) });
    const { token } = await second.issue();
    const { headers, body } = modernRequest(token, 'tools/call', { name: 'wait_long', arguments: {} });
    const call = rawHttp(second.mcpUrl, { method: 'POST', headers, body });
    await poll('the call to start', () => witness.started === 1);
    const closing = second.endpoint.close(10_000);
    const refused = await rawHttp(second.mcpUrl, modernRequest(token, 'tools/list'));
    expect(refused.status).toBe(503);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    witness.release();
    expect((await call).json()).toMatchObject({ result: { structuredContent: { waited: true } } });
    await closing;
    await second.close();
  });
});
