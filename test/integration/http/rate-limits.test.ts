import { afterEach, describe, expect, it } from 'vitest';
import { type BenchOptions, type McpBench, openMcpBench } from '../../support/mcp-bench.ts';
import { createTestTasks, createWitness } from '../../support/mcp-tasks.ts';
import { initializeBody, mcpHeaders, modernRequest, type RawAnswer, rawHttp, rpc } from '../../support/raw-http.ts';

let bench: McpBench;
const open = async (options: Partial<BenchOptions>): Promise<void> => {
  bench = await openMcpBench({ tasks: createTestTasks(createWitness()), ...options });
};
afterEach(async () => {
  await bench.close();
  expect(bench.problems).toEqual([]);
});

const echo = { name: 'echo_words', arguments: { words: 'a' } };

type Send = (token: string, method: string, params?: Readonly<Record<string, unknown>>) => Promise<RawAnswer>;
const modern: Send = (token, method, params) => rawHttp(bench.mcpUrl, modernRequest(token, method, params));
const legacyIn =
  (session: string): Send =>
  (token, method, params) =>
    rawHttp(bench.mcpUrl, {
      method: 'POST',
      headers: mcpHeaders(token, { 'Mcp-Session-Id': session }),
      body: rpc(method, params),
    });

const expectRefusal = (answer: RawAnswer, limit: number): void => {
  expect(answer.status).toBe(429);
  const seconds = Number(answer.headers['retry-after']);
  expect(seconds).toBeGreaterThanOrEqual(1);
  expect(seconds).toBeLessThanOrEqual(61);
  expect(answer.headers['ratelimit-policy']).toBe(`"default";q=${limit};w=60`);
  expect(answer.headers['ratelimit']).toBe(`"default";r=0;t=${seconds}`);
  expect(answer.json()).toMatchObject({
    jsonrpc: '2.0',
    error: {
      code: 429,
      message: expect.stringContaining(`Wait ${seconds} seconds`),
      data: { code: 'RATE_LIMITED', retry_after_seconds: seconds, details: { limit_per_minute: limit } },
    },
  });
};

describe('the limit of a user and client', () => {
  it('is told with every answer, and passed in one shape in both eras', async () => {
    await open({ rateLimitRpm: 6 });
    const { token } = await bench.issue();
    // The handshake is a message like any other.
    const opened = await rawHttp(bench.mcpUrl, { method: 'POST', headers: mcpHeaders(token), body: initializeBody });
    expect(opened.headers['ratelimit']).toMatch(/^"default";r=5;t=\d+$/);
    const legacy = legacyIn(String(opened.headers['mcp-session-id']));
    for (const [index, send] of [modern, legacy, modern, legacy, modern].entries()) {
      const answer = await send(token, 'tools/call', echo);
      expect(answer.status).toBe(200);
      expect(answer.headers['ratelimit']).toMatch(new RegExp(`^"default";r=${4 - index};t=\\d+$`));
      expect(answer.headers['ratelimit-policy']).toBe('"default";q=6;w=60');
    }
    for (const send of [modern, legacy]) {
      for (const [method, params] of [
        ['tools/call', echo],
        ['resources/read', { uri: 'ingeniux://context' }],
        ['tools/list', {}],
      ] as const) {
        const answer = await send(token, method, params);
        expectRefusal(answer, 6);
        expect(answer.json()).toMatchObject({ id: 1 });
      }
    }
    expect(bench.refusals.map(({ reason }) => reason)).toEqual(Array.from({ length: 6 }, () => 'rate_limited'));
  });

  it('leaves other users, and the same user through another client, alone', async () => {
    await open({ rateLimitRpm: 2 });
    const { token } = await bench.issue({ subject: 'ada', clientId: 'one' });
    for (let call = 0; call < 3; call += 1) await modern(token, 'tools/call', echo);
    expect((await modern(token, 'tools/call', echo)).status).toBe(429);
    // A further token is no further allowance.
    const { token: again } = await bench.issue({ subject: 'ada', clientId: 'one' });
    expect((await modern(again, 'tools/call', echo)).status).toBe(429);
    for (const other of [
      { subject: 'eve', clientId: 'one' },
      { subject: 'ada', clientId: 'two' },
      { subject: 'ada|one', clientId: 'one' },
    ]) {
      expect((await modern((await bench.issue(other)).token, 'tools/call', echo)).status).toBe(200);
    }
  });

  it('counts every message of a batch, and lets it through as a whole or not at all', async () => {
    await open({ rateLimitRpm: 10 });
    const { token } = await bench.issue();
    const batch = (size: number) =>
      rawHttp(bench.mcpUrl, {
        method: 'POST',
        headers: mcpHeaders(token),
        body: JSON.stringify(Array.from({ length: size }, (_, id) => ({ jsonrpc: '2.0', id, method: 'ping' }))),
      });
    const first = await batch(8);
    expect(first.headers['ratelimit']).toMatch(/r=2;/);
    const second = await batch(3);
    expect(second.status).toBe(429);
    expect(second.json()).toMatchObject({ id: null });
    expect((await modern(token, 'tools/call', echo)).status).toBe(200);
  });
});

describe('the limit of a network that has proven nothing', () => {
  const guess = (headers: Readonly<Record<string, string>> = {}, token = `igx_${'A'.repeat(43)}`) =>
    rawHttp(bench.mcpUrl, { method: 'POST', headers: { ...mcpHeaders(token), ...headers }, body: rpc('tools/list') });

  it('ends 1,000 guesses of tokens after the first ones, and locks out nobody who has one', async () => {
    await open({ anonymousRateLimitRpm: 300 });
    const answers: RawAnswer[] = [];
    for (let lot = 0; lot < 20; lot += 1) {
      answers.push(
        ...(await Promise.all(Array.from({ length: 50 }, (_, n) => guess({}, `igx_${lot}_${n}${'x'.repeat(30)}`)))),
      );
    }
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(300);
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(700);
    for (const answer of refused) expectRefusal(answer, 300);
    const { token } = await bench.issue();
    expect((await modern(token, 'tools/call', echo)).status).toBe(200);
    expect(bench.refusals.filter(({ reason }) => reason === 'rate_limited')).toHaveLength(700);
  });

  it('counts requests without a token as well', async () => {
    await open({ anonymousRateLimitRpm: 5 });
    const statuses = [];
    for (let call = 0; call < 8; call += 1) statuses.push((await rawHttp(bench.mcpUrl, { method: 'POST' })).status);
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429, 429]);
  });

  it('believes no header about the address unless a proxy is trusted', async () => {
    await open({ anonymousRateLimitRpm: 3 });
    const statuses = [];
    for (let call = 0; call < 5; call += 1)
      statuses.push((await guess({ 'X-Forwarded-For': `192.0.2.${call}` })).status);
    expect(statuses).toEqual([401, 401, 401, 429, 429]);
  });

  it('counts addresses apart behind a trusted proxy, those of one IPv6 /64 together', async () => {
    await open({ anonymousRateLimitRpm: 2, app: { trustProxy: 1 } });
    const status = async (address: string) => (await guess({ 'X-Forwarded-For': address })).status;
    expect([await status('192.0.2.1'), await status('192.0.2.1'), await status('192.0.2.1')]).toEqual([401, 401, 429]);
    expect(await status('192.0.2.2')).toBe(401);
    // What a client writes in front of what the proxy has seen does not count.
    expect(await status('203.0.113.9, 192.0.2.1')).toBe(429);
    expect(await status('2001:db8:0:1::1')).toBe(401);
    expect(await status('2001:db8:0:1:ffff::2')).toBe(401);
    expect(await status('2001:db8:0:1::3')).toBe(429);
    expect(await status('2001:db8:0:2::1')).toBe(401);
    expect(await status('::ffff:192.0.2.1')).toBe(429);
  });

  it.each(['/oauth/token', '/oauth/register', '/oauth/anything', '/callback'])('holds at %s', async (path) => {
    await open({ anonymousRateLimitRpm: 2 });
    const send = () => rawHttp(new URL(path, bench.mcpUrl), { method: 'POST' });
    const statuses = [(await send()).status, (await send()).status];
    expect(statuses).not.toContain(429);
    const answer = await send();
    expect(answer.status).toBe(429);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThanOrEqual(1);
    expect(answer.json()).toMatchObject({ error: { code: 'RATE_LIMITED', request_id: expect.any(String) } });
  });
});
