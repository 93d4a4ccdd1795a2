import { readdirSync, readFileSync } from 'node:fs';
import { type ClientRequest, request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../sandbox/server.ts';
import { createClock } from '../../src/adapters/outbound/node/clock.ts';
import { createDigest } from '../../src/adapters/outbound/node/digest.ts';
import { createIdSource } from '../../src/adapters/outbound/node/id-source.ts';
import { connectRedis } from '../../src/adapters/outbound/redis/connection.ts';
import { createRedisTokenStore } from '../../src/adapters/outbound/redis/token-store.ts';
import { issueAccessToken } from '../../src/application/authorization/issue-access-token.ts';
import { startLoad } from '../support/load.ts';
import { poll } from '../support/poll.ts';
import { initializeBody, mcpHeaders, modernRequest } from '../support/raw-http.ts';
import { startRedis } from '../support/redis.ts';
import { type ServerProcess, startServer, temporaryFolder } from '../support/server-process.ts';

const streamCount = 1_000;
const streamOwners = 40;
const sessionCount = 10_000;
const sessionOwners = 8;
const fileBytes = 32 * 1024 * 1024;
const MB = 1024 * 1024;

/** What one process holds at a time, and that it lets go of it again (R4, R5, R6, R18). */
describe('one server process', () => {
  const closers: (() => Promise<unknown> | unknown)[] = [];
  let sandbox: Sandbox;
  let server: ServerProcess;
  let issue: (subject: string) => Promise<string>;

  beforeAll(async () => {
    const redis = await startRedis();
    closers.push(() => redis.close());
    sandbox = await startSandbox({ port: 0 });
    closers.push(() => sandbox.close());
    const folder = temporaryFolder();
    closers.push(folder.remove);
    server = await startServer({
      CMS_BASE_URL: sandbox.siteRoot,
      OAUTH_CLIENT_ID: 'sandbox-editor',
      OAUTH_CLIENT_SECRET: 'sandbox-secret-editor',
      DATA_DIR: folder.path,
      REDIS_URL: redis.url,
      RATE_LIMIT_RPM: '1000000',
      ANONYMOUS_RATE_LIMIT_RPM: '1000000',
      // As the image has it.
      NODE_OPTIONS: '--max-old-space-size=512',
    });
    closers.push(() => server.close());
    const connection = connectRedis(redis.url, { onProblem: () => undefined });
    closers.push(() => connection.close());
    await connection.ready(10_000);
    const ports = {
      tokens: createRedisTokenStore({ connection }),
      ids: createIdSource(),
      digest: createDigest(),
      clock: createClock(),
    };
    issue = async (subject) => {
      const scopes = ['cms:read', 'cms:write'] as const;
      return (await issueAccessToken({ subject, clientId: 'load', scopes: [...scopes], ttlSeconds: 3600 }, ports))
        .token;
    };
  });
  afterAll(async () => {
    for (let close = closers.pop(); close !== undefined; close = closers.pop()) await close();
  });

  const url = () => new URL(`${server.url}/mcp`);
  const files = () => readdirSync(`/proc/${server.process.pid}/fd`).length;
  /** In bytes, now and at its highest. */
  const memory = (field: 'VmRSS' | 'VmHWM'): number => {
    const status = readFileSync(`/proc/${server.process.pid}/status`, 'utf8');
    return Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(status)?.[1]) * 1024;
  };
  /** Processor time of the server for each of some calls: other programs of the machine do not change it much. */
  const costOfCalls = async (token: string): Promise<number> => {
    const ticks = () => {
      const [user = '', system = ''] = readFileSync(`/proc/${server.process.pid}/stat`, 'utf8')
        .split(' ')
        .slice(13, 15);
      return Number(user) + Number(system);
    };
    const before = ticks();
    const load = startLoad(url(), token, 4);
    await poll('the calls', () => load.answered() >= 400, { timeoutMs: 120_000 });
    const { failures, answered } = await load.stop();
    expect(failures).toEqual([]);
    return (ticks() - before) / answered;
  };

  it(`answers beside ${streamCount} quiet streams, of which none is cut off or forgotten`, async () => {
    const token = await issue('caller');
    await costOfCalls(token);
    const [alone, filesBefore] = [await costOfCalls(token), files()];
    const owners = await Promise.all(Array.from({ length: streamOwners }, (_, number) => issue(`listener-${number}`)));
    const streams = await Promise.all(
      Array.from({ length: streamCount }, (_, number) => openStream(url(), owners[number % streamOwners] ?? '')),
    );
    expect(await costOfCalls(token)).toBeLessThan(alone * 2);
    // The comment that keeps proxies from taking a quiet stream for a dead one.
    await poll('each stream to be kept alive', () => streams.every((stream) => /^:/m.test(stream.text())), {
      timeoutMs: 60_000,
    });
    expect(streams.filter((stream) => stream.isOver())).toEqual([]);
    for (const stream of streams) stream.close();
    await poll('the connections to be given back', () => files() <= filesBefore + 10, { timeoutMs: 30_000 });
  }, 300_000);

  it('takes a large file in the middle of other calls, which all are answered', async () => {
    const token = await issue('uploader');
    const load = startLoad(url(), token, 4);
    await poll('the load to begin', () => load.answered() > 20, { timeoutMs: 60_000 });
    const before = memory('VmRSS');
    const ask = { name: 'upload_asset', arguments: { folder: 'Documents', file_name: 'recording.pdf' } };
    const ticket = await fetch(`${server.url}/mcp/x/all`, modernRequest(token, 'tools/call', ask));
    const address = /http:\/\/[^"\\ ]+\/uploads\/up_[\w-]+/.exec(await ticket.text())?.[0] ?? '';
    const answered = load.answered();
    const put = await fetch(address, { method: 'PUT', body: new Uint8Array(fileBytes) });
    expect(put.status, await put.text()).toBe(201);
    expect(load.answered()).toBeGreaterThan(answered);
    expect((memory('VmRSS') - before) / MB).toBeLessThan(150);
    expect((await load.stop()).failures).toEqual([]);
  }, 300_000);

  it(`keeps a bounded number of ${sessionCount} sessions that are opened and left`, async () => {
    const owners = await Promise.all(Array.from({ length: sessionOwners }, (_, number) => issue(`leaver-${number}`)));
    const statuses = new Map<number, number>();
    const open = async (token: string) => {
      for (let count = 0; count < sessionCount / sessionOwners; count += 1) {
        const answer = await fetch(url(), { method: 'POST', headers: mcpHeaders(token), body: initializeBody });
        await answer.text();
        statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      }
    };
    await Promise.all(owners.slice(0, 1).map(open));
    const before = memory('VmRSS');
    await Promise.all(owners.slice(1).map(open));
    expect([...statuses]).toEqual([[200, sessionCount]]);
    expect((memory('VmRSS') - before) / MB).toBeLessThan(150);
  }, 600_000);

  it('has at no time taken half a gigabyte', () => {
    expect(memory('VmHWM') / MB).toBeLessThan(512);
  });
});

interface Stream {
  readonly text: () => string;
  readonly isOver: () => boolean;
  close(): void;
}

/** Listens until it is closed; answers when the server has acknowledged. */
function openStream(url: URL, token: string): Promise<Stream> {
  const { method, headers, body } = modernRequest(token, 'subscriptions/listen', {
    notifications: { resourceSubscriptions: ['ingeniux://tree/x1'] },
  });
  return new Promise((resolve, reject) => {
    let text = '';
    let isOver = false;
    const sent: ClientRequest = request(url, { method, headers, agent: false }, (response) => {
      response.on('data', (chunk: Buffer) => {
        text += chunk.toString('utf8');
        if (!text.includes('acknowledged')) return;
        resolve({ text: () => text, isOver: () => isOver, close: () => sent.destroy() });
      });
      response.once('close', () => {
        isOver = true;
        if (!text.includes('acknowledged')) reject(new Error(`${response.statusCode}: ${text}`));
      });
    });
    sent.on('error', (error) => {
      // A stream that the test closes ends in an error of its own.
      if (!sent.destroyed) reject(error);
    });
    sent.end(body);
  });
}
