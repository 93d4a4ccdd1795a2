import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSandbox } from '../../sandbox/server.ts';
import { createClock } from '../../src/adapters/outbound/node/clock.ts';
import { createDigest } from '../../src/adapters/outbound/node/digest.ts';
import { createIdSource } from '../../src/adapters/outbound/node/id-source.ts';
import { connectRedis } from '../../src/adapters/outbound/redis/connection.ts';
import { createRedisJobQueue } from '../../src/adapters/outbound/redis/job-queue.ts';
import { createRedisTokenStore } from '../../src/adapters/outbound/redis/token-store.ts';
import { issueAccessToken } from '../../src/application/authorization/issue-access-token.ts';
import { poll } from '../support/poll.ts';
import { initializeBody, mcpHeaders, modernRequest, rpc } from '../support/raw-http.ts';
import { startRedis } from '../support/redis.ts';
import { type ServerProcess, startServer, temporaryFolder } from '../support/server-process.ts';

/** R15 and S3: two server processes on one Redis are one server to their users, and keep these apart. */
describe('two processes on one Redis', () => {
  const limit = 300;
  const userCount = 50;
  const callsPerUser = 200;
  const closers: (() => Promise<unknown> | unknown)[] = [];
  let servers: readonly ServerProcess[];
  let issue: (subject: string) => Promise<string>;
  let addJob: (owner: string, id: string) => Promise<unknown>;

  beforeAll(async () => {
    const redis = await startRedis();
    closers.push(() => redis.close());
    const sandbox = await startSandbox({ port: 0 });
    closers.push(() => sandbox.close());
    const folder = temporaryFolder();
    closers.push(folder.remove);
    const settings = {
      CMS_BASE_URL: sandbox.siteRoot,
      OAUTH_CLIENT_ID: 'sandbox-editor',
      OAUTH_CLIENT_SECRET: 'sandbox-secret-editor',
      DATA_DIR: folder.path,
      REDIS_URL: redis.url,
      RATE_LIMIT_RPM: String(limit),
      // The jobs of this test wait for ever: nobody takes them.
      WORKER_INLINE: 'false',
      LOG_LEVEL: 'info',
    };
    servers = await Promise.all([startServer(settings), startServer(settings)]);
    closers.push(...servers.map((server) => () => server.close()));
    const connection = connectRedis(redis.url, { onProblem: () => undefined });
    closers.push(() => connection.close());
    await connection.ready(10_000);
    const clock = createClock();
    const ports = {
      tokens: createRedisTokenStore({ connection }),
      ids: createIdSource(),
      digest: createDigest(),
      clock,
    };
    issue = async (subject) => {
      const scopes = ['cms:read', 'cms:write', 'cms:publish', 'cms:admin'];
      return (await issueAccessToken({ subject, clientId: 'tests', scopes, ttlSeconds: 600 }, ports)).token;
    };
    const jobs = createRedisJobQueue({ connection, clock, onProblem: () => undefined });
    closers.push(() => jobs.close());
    addJob = (owner, id) =>
      jobs.add({ id, queue: 'reports', kind: 'run_report', owner, input: {}, attemptsMax: 1, backoffMs: 1_000 });
  });
  afterAll(async () => {
    for (let close = closers.pop(); close !== undefined; close = closers.pop()) await close();
  });

  const urlOf = (process: number) => `${servers[process % 2]?.url}/mcp/x/all`;
  const call = async (process: number, token: string, method: string, params: object, id: string) => {
    const { body, ...request } = modernRequest(token, method, { ...params });
    const answer = await fetch(urlOf(process), {
      ...request,
      body: body.replace('"id":1', `"id":${JSON.stringify(id)}`),
    });
    return { status: answer.status, text: await answer.text(), headers: answer.headers };
  };

  it('let a user through as often as the limit says, together, and nobody else any less', async () => {
    const [token, other] = [await issue('hasty'), await issue('patient')];
    const params = { name: 'search_operations', arguments: { query: 'page' } };
    const statuses: number[] = [];
    const beganMs = performance.now();
    const send = async (worker: number) => {
      for (let n = 0; n < limit / 10; n += 1) {
        statuses.push((await call(worker, token, 'tools/call', params, `${worker}-${n}`)).status);
      }
    };
    // Three times the limit, twenty at a time, half of them to each process.
    await Promise.all(Array.from({ length: 30 }, (_, worker) => send(worker)));
    const allowed = statuses.filter((status) => status === 200).length;
    // On a machine so busy that this takes longer than a minute, the window has moved on.
    const minutes = Math.ceil((performance.now() - beganMs) / 60_000);
    expect(allowed).toBeGreaterThanOrEqual(limit * 0.98);
    expect(allowed).toBeLessThanOrEqual(limit * 1.02 * minutes);
    expect(new Set(statuses)).toEqual(new Set([200, 429]));
    for (const process of [0, 1]) {
      const answer = await call(process, other, 'tools/call', params, 'x');
      expect(answer.status).toBe(200);
      expect(answer.headers.get('ratelimit')).toContain(`r=${limit - 1 - process};`);
    }
  }, 120_000);

  it(`answer ${userCount} users, ${callsPerUser} calls each, with nothing of anybody else's`, async () => {
    const users = await Promise.all(
      Array.from({ length: userCount }, async (_, number) => {
        const subject = `marker-${number}-of-this-test`;
        await addJob(subject, `job_of-${subject}`);
        return { number, subject, token: await issue(subject) };
      }),
    );
    const heard = new Map<number, string>();
    const streams = await Promise.all(users.map((user) => follow(user, (text) => heard.set(user.number, text))));
    const foreign: string[] = [];
    const check = (user: (typeof users)[number], text: string) => {
      for (const marker of text.match(/marker-\d+-of-this-test/g) ?? []) {
        if (marker !== user.subject) foreign.push(`${user.subject} was answered ${marker}`);
      }
    };
    await Promise.all(
      users.map(async (user) => {
        const next = users[(user.number + 1) % userCount]?.subject;
        for (let n = 0; n < callsPerUser; n += 1) {
          const id = `${user.subject}/${n}`;
          const [method, params, shown] = kinds[n % 20 === 0 ? 0 : 1 + (n % 3)]?.(user.subject, next ?? '') ?? [];
          const answer = await call(user.number + n, user.token, method ?? '', params ?? {}, id);
          expect([answer.status, answer.text.includes(id)]).toEqual([200, true]);
          if (shown === 'own') expect(answer.text.replaceAll(id, '')).toContain(user.subject);
          // The caller's own words about somebody else are no leak.
          check(user, shown === 'foreign' ? answer.text.replaceAll(`job_of-${next}`, '') : answer.text);
          if (shown === 'foreign') expect(answer.text).toContain('You have no job');
        }
      }),
    );
    // Every job changes: each user hears of his own, on a stream of either process, and of no other.
    await Promise.all(
      users.map(({ subject, token, number }) => {
        const params = { name: 'cancel_job', arguments: { job: `job_of-${subject}` } };
        return call(number, token, 'tools/call', params, 'cancel');
      }),
    );
    await poll('news of every job', () => users.every((user) => heard.get(user.number)?.includes(user.subject)), {
      timeoutMs: 20_000,
    });
    for (const user of users) check(user, heard.get(user.number) ?? '');
    expect(foreign).toEqual([]);
    for (const stream of streams) stream.abort();
  }, 240_000);

  type Kind = (own: string, other: string) => readonly [string, object, 'own' | 'foreign' | 'same'];
  const tool = (name: string, input: object) => ({ name, arguments: input });
  const kinds: readonly Kind[] = [
    () => ['tools/call', tool('get_context', { detail: 'policies' }), 'own'],
    () => ['tools/call', tool('get_job', {}), 'own'],
    (own) => ['resources/read', { uri: `ingeniux://job/job_of-${own}` }, 'own'],
    (_own, other) => ['tools/call', tool('get_job', { job: `job_of-${other}` }), 'foreign'],
  ];

  /** Opens a session with a stream and subscribes to the jobs of everybody. */
  async function follow(
    user: { readonly number: number; readonly token: string },
    onText: (text: string) => void,
  ): Promise<AbortController> {
    const url = urlOf(user.number);
    const opened = await fetch(url, { method: 'POST', headers: mcpHeaders(user.token), body: initializeBody });
    await opened.text();
    const headers = mcpHeaders(user.token, { 'Mcp-Session-Id': opened.headers.get('mcp-session-id') ?? '' });
    for (let number = 0; number < userCount; number += 1) {
      const uri = `ingeniux://job/job_of-marker-${number}-of-this-test`;
      await (await fetch(url, { method: 'POST', headers, body: rpc('resources/subscribe', { uri }) })).text();
    }
    const ended = new AbortController();
    const stream = await fetch(url, { headers, signal: ended.signal });
    let text = '';
    const read = async () => {
      for await (const chunk of stream.body ?? []) {
        text += Buffer.from(chunk).toString('utf8');
        onText(text);
      }
    };
    // The test ends the stream by aborting it.
    read().catch(() => undefined);
    return ended;
  }
});
