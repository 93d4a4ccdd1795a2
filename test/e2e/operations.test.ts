import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../sandbox/server.ts';
import { type AgentClient, connectAgent } from '../support/agent-clients.ts';
import { type Deployment, openDeployment } from '../support/deployment.ts';
import { poll } from '../support/poll.ts';
import { initializeBody, mcpHeaders, modernRequest, type RawAnswer, rawHttp } from '../support/raw-http.ts';
import { type RedisServer, startRedis } from '../support/redis.ts';
import {
  runCommand,
  type ServerProcess,
  type Settings,
  startCommand,
  startServer,
  startWorker,
  temporaryFolder,
} from '../support/server-process.ts';
import { projectRoot } from '../support/source-tree.ts';

/** What an operator lives through: stops, restarts, outages, mistakes. Real processes, real sockets, real storages. */

/** Whatever a test opened, ended in the opposite order. */
const closers: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (let close = closers.pop(); close !== undefined; close = closers.pop()) await close();
});

const page = '/admissions/deadlines';

describe('SIGTERM', () => {
  it.each([
    { command: 'serve', started: '"msg":"listening"', input: 'ignore' },
    { command: 'worker', started: '"msg":"taking jobs"', input: 'ignore' },
    { command: 'stdio', started: '"msg":"taking jobs"', input: 'pipe' },
  ] as const)('ends $command and the sandbox CMS it started, with exit code 0', async (row) => {
    const folder = temporaryFolder();
    closers.push(folder.remove);
    const child = startCommand([row.command], { DATA_DIR: folder.path, PORT: '0', SANDBOX_PORT: '0' }, row.input);
    closers.push(() => child.kill('SIGKILL'));
    let log = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      log += chunk.toString('utf8');
    });
    child.stdout?.resume();
    await poll('the start', () => log.includes(row.started), { timeoutMs: 60_000 });
    const sandboxes = childrenOf(child.pid ?? 0);
    expect(sandboxes).toHaveLength(1);
    const ended = once(child, 'close');
    child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
    expect(sandboxes.filter(isAlive)).toEqual([]);
    expect(defects(log.split('\n'))).toEqual([]);
  });

  it('lets a call under way have its answer, and takes no new ones meanwhile', async () => {
    const deployment = await open('embedded', { API_TIMEOUT: '3000', MAX_RETRIES: '0' });
    const token = await deployment.token();
    deployment.sandbox.faults.add({ kind: 'latency', ms: 600_000 });
    const answer = tool(deployment.url, token, 'get_content', { items: [page] });
    await poll('the call to reach the CMS', () => hasSaid(deployment.server, '"grant":"authorization_code"'));
    const ended = once(deployment.server.process, 'close');
    deployment.server.process.kill('SIGTERM');
    await poll('the port to be closed', () => isRefused(deployment.url));
    expect(errorOf(await answer)).toMatchObject({ code: 'CMS_TIMEOUT', retry: 'later' });
    expect(await ended).toEqual([0, null]);
  });

  it('ends server and worker with exit code 0 also when Redis is gone, or does not answer', async () => {
    for (const leave of ['kill', 'pause'] as const) {
      const redis = await openRedis();
      const deployment = await open('embedded', { REDIS_URL: redis.url });
      const worker = await startWorker(deployment.settings);
      closers.push(() => worker.close());
      await redis[leave]();
      for (const { process } of [deployment.server, worker]) {
        const ended = once(process, 'close');
        process.kill('SIGTERM');
        expect([leave, ...(await ended)]).toEqual([leave, 0, null]);
      }
      redis.resume();
    }
  });

  it('as Ctrl+C, which the whole group of processes gets, still lets a call under way end at the sandbox CMS', async () => {
    const folder = temporaryFolder();
    closers.push(folder.remove);
    const settings = { HOST: '127.0.0.1', PORT: '0', SANDBOX_PORT: '0', DATA_DIR: folder.path };
    const child = spawn(process.execPath, [join(projectRoot, 'src/main.ts'), 'serve'], {
      detached: true,
      env: { PATH: process.env['PATH'], ...settings },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    closers.push(() => child.kill('SIGKILL'));
    let log = '';
    child.stderr.on('data', (chunk: Buffer) => {
      log += chunk.toString('utf8');
    });
    const url = await poll('the start', () => /"url":"([^"]+)"[^\n]*"msg":"listening"/.exec(log)?.[1], {
      timeoutMs: 60_000,
    });
    const issued = await runCommand(['token', 'issue', '--subject', 'ada', '--scopes', 'cms:read'], settings);
    const token = issued.stdout.trim();
    const context = await tool(url, token, 'get_context');
    const siteRoot = /"base_url":"([^"]+)"/.exec(context.text.replaceAll('\\', ''))?.[1];
    const slow = JSON.stringify({
      kind: 'latency',
      ms: 1_000,
      times: 1,
      match: { operationId: 'Pages_GetPageDetails' },
    });
    const posted = await fetch(`${siteRoot}/_sandbox/faults`, { method: 'POST', body: slow });
    expect(posted.status).toBe(200);
    const answer = tool(url, token, 'get_content', { items: [page], include: ['fields'] });
    await poll('the call to reach the CMS', async () => {
      const faults: unknown = await (await fetch(`${siteRoot}/_sandbox/faults`)).json();
      return Array.isArray(faults) && faults.length === 0;
    });
    const ended = once(child, 'close');
    process.kill(-(child.pid ?? 0), 'SIGINT');
    expect(errorOf(await answer)).toEqual({});
    expect(await ended).toEqual([0, null]);
    await poll('the sandbox to end', async () => isRefused(siteRoot ?? ''));
  });

  it('leaves no sandbox CMS behind even by kill -9', async () => {
    const folder = temporaryFolder();
    closers.push(folder.remove);
    const server = await startServer({ DATA_DIR: folder.path });
    closers.push(() => server.close());
    const sandboxes = childrenOf(server.process.pid ?? 0);
    expect(sandboxes).toHaveLength(1);
    await server.kill('SIGKILL');
    await poll('the sandbox to end', () => !sandboxes.some(isAlive));
  });
});

describe('a start that cannot be', () => {
  it('says that the port is taken, and has taken no job by then', async () => {
    const deployment = await open('embedded');
    const port = new URL(deployment.url).port;
    const { exitCode, stderr } = await runCommand(['serve'], { ...deployment.settings, HOST: '127.0.0.1', PORT: port });
    expect(exitCode).toBe(1);
    expect(lastMessage(stderr)).toBe(
      `serve failed to start: HOST, PORT: 127.0.0.1:${port} cannot be opened: another program listens there; set PORT to another one.`,
    );
    expect(stderr).not.toMatch(/taking jobs|\.js:\d+|\.ts:\d+/);
    expect((await rawHttp(new URL(`${deployment.url}/health/ready`))).status).toBe(200);
  });

  it('takes no other web server for the sandbox CMS, whatever that answers', async () => {
    const other = createServer((_request, response) => response.end('<html>an application of one page</html>'));
    other.listen(0, '127.0.0.1');
    await once(other, 'listening');
    closers.push(() => other.close());
    const { exitCode, stderr } = await runIn(({ path }) => [
      ['serve'],
      { DATA_DIR: path, PORT: '0', SANDBOX_PORT: portOf(other) },
    ]);
    expect(exitCode).toBe(1);
    expect(lastMessage(stderr)).toContain('SANDBOX_PORT');
  });

  it.each([
    ['is no folder', (path: string) => join(path, 'file', 'data')],
    ['cannot be made, and the file system says that its parent is not there', () => '/proc/no-such/folder'],
  ] as const)('names DATA_DIR when it %s, whatever the command', async (_, dataDirIn) => {
    const commands = ['serve', 'worker', 'stdio', 'doctor', 'token list'];
    const endings = await Promise.all(
      commands.map((command) =>
        runIn(({ path }) => {
          writeFileSync(join(path, 'file'), '');
          return [command.split(' '), { DATA_DIR: dataDirIn(path), PORT: '0', SANDBOX_PORT: '0' }];
        }),
      ),
    );
    expect(endings.map(({ exitCode, stderr }) => [exitCode, lastMessage(stderr)])).toEqual(
      commands.map(() => [1, expect.stringContaining('DATA_DIR')]),
    );
  });

  it('says that the database of DATA_DIR is damaged, and leaves it as it is', async () => {
    const text = 'this was a database once, and something else was written over it';
    const { exitCode, stderr, left } = await runIn(
      ({ path }) => {
        mkdirSync(join(path, 'data'));
        writeFileSync(join(path, 'data', 'server.db'), text);
        return [['token', 'list'], { DATA_DIR: join(path, 'data') }];
      },
      ({ path }) => readFileSync(join(path, 'data', 'server.db'), 'utf8'),
    );
    expect(exitCode).toBe(1);
    expect(lastMessage(stderr)).toContain('DATA_DIR');
    expect(left).toBe(text);
  });

  it.each([
    ['a file is', (path: string) => join(path, 'file')],
    ['no folder can be made', () => '/proc/no-such/logs'],
  ] as const)('stops in words, without a stack, when %s where LOG_DIR says', async (_, logDirIn) => {
    const { exitCode, stderr } = await runIn(({ path }) => {
      writeFileSync(join(path, 'file'), '');
      return [['token', 'list'], { DATA_DIR: path, LOG_DIR: logDirIn(path) }];
    });
    expect(exitCode).toBe(78);
    expect(stderr).toMatch(/^Nothing was started: LOG_DIR: .+\n$/);
  });

  it('says where backups cannot be kept', async () => {
    const { exitCode, stderr } = await runIn(({ path }) => [
      ['backup'],
      { DATA_DIR: path, BACKUP_DIR: '/proc/no-such/backups' },
    ]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('Look at BACKUP_DIR');
  });

  it('names REDIS_URL when nothing answers there, and never shows its password', async () => {
    const redis = await openRedis();
    await redis.kill();
    const address = new URL(redis.url);
    address.password = 'canary-of-redis';
    const { exitCode, stderr } = await runIn(({ path }) => [
      ['token', 'list'],
      { DATA_DIR: path, REDIS_URL: address.href },
    ]);
    expect(exitCode).toBe(1);
    expect(lastMessage(stderr)).toContain('REDIS_URL');
    expect(stderr).not.toContain('canary-of-redis');
  });
});

describe('two servers and a worker on one Redis', () => {
  let deployment: Deployment;
  let other: ServerProcess;
  beforeAll(async () => {
    deployment = await openDeployment('redis');
    other = await startServer(deployment.settings);
  });
  afterAll(async () => {
    await other.close();
    await deployment.close();
  });

  it('refuse a revoked token at once, both of them, and end its streams', async () => {
    const token = await deployment.token();
    const urls = [deployment.url, other.url];
    const statuses = () => Promise.all(urls.map(async (url) => (await tool(url, token, 'get_context')).status));
    expect(await statuses()).toEqual([200, 200]);
    const streams = await Promise.all(urls.map((url) => openStream(url, token)));
    const id = await newestTokenId(deployment.settings);
    const revoked = await runCommand(['token', 'revoke', id], deployment.settings);
    expect(revoked.exitCode).toBe(0);
    expect(await statuses()).toEqual([401, 401]);
    await poll('both streams to end', () => streams.every(({ ended }) => ended()));
  });

  it('share what was read, and forget it together when one of them writes', async () => {
    const token = await deployment.token();
    const read = async (url: string): Promise<number> => {
      const answer = await tool(url, token, 'compare_versions', { item: page, from: '1', to: '2' });
      expect(answer.json()).toMatchObject({ result: { structuredContent: { identical: expect.any(Boolean) } } });
      return deployment.sandbox.calls
        .list()
        .filter((call) => call.operationId === 'Pages_GetPageDetails' && call.query['version'] === '1').length;
    };
    const atFirst = await read(other.url);
    expect(atFirst).toBeGreaterThan(0);
    expect(await read(other.url)).toBe(atFirst);
    expect(await read(deployment.url)).toBe(atFirst);
    const writer = await agentAt(deployment.url, token);
    const { items } = (await writer.call('get_content', { items: [page], include: ['fields'] })) as {
      items: { id: string; version_token: string }[];
    };
    const changes = [{ op: 'replace_text', field: 'Body', find: 'January 15, 2026', value: 'January 31, 2026' }];
    await writer.call('edit_content', { item: items[0]?.id, version: items[0]?.version_token, changes });
    expect(await read(other.url)).toBeGreaterThan(atFirst);
  });

  it('show a job of one on the other, to its owner only', async () => {
    const token = await deployment.token();
    const [here, there] = [await agentAt(deployment.url, token), await agentAt(other.url, token)];
    const started = await here.call('publish_content', { items: ['/admissions/tuition'], target: 'Production' });
    const job = String(started['job']);
    const ended = await poll('the job to end', async () => {
      const seen = await there.call('get_job', { job, wait_seconds: 10 });
      return seen['state'] === 'succeeded' && seen;
    });
    expect(ended).toMatchObject({ job, result: { items: [{ outcome: 'live' }] } });
    const issued = await runCommand(
      ['token', 'issue', '--subject', 'bob', '--scopes', 'cms:read cms:write cms:publish'],
      deployment.settings,
    );
    const bob = await agentAt(other.url, issued.stdout.trim());
    await expect(bob.call('get_job', { job })).rejects.toThrow('NOT_FOUND');
  });
});

it('a server goes on when Redis is lost, says so, and needs no restart when it is back', async () => {
  const redis = await openRedis();
  const deployment = await open('embedded', { REDIS_URL: redis.url, WORKER_INLINE: 'true' });
  const token = await deployment.token();
  const ready = async () => (await rawHttp(new URL(`${deployment.url}/health/ready`))).status;
  expect((await tool(deployment.url, token, 'get_context')).status).toBe(200);

  await redis.kill();
  await poll('/health/ready to be 503', async () => (await ready()) === 503);
  expect((await rawHttp(new URL(`${deployment.url}/health/live`))).status).toBe(200);
  const refused = await tool(deployment.url, token, 'get_context');
  expect(refused.status).toBe(503);
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  expect(refused.json()).toMatchObject({ error: { code: 'STORAGE_UNAVAILABLE', retry: 'later' } });

  await redis.restart();
  await poll('/health/ready to be 200', async () => (await ready()) === 200);
  const agent = await agentAt(deployment.url, token);
  const started = await agent.call('publish_content', { items: ['/admissions/tuition'], target: 'Production' });
  await poll('a job to be done again', async () => {
    const seen = await agent.call('get_job', { job: started['job'], wait_seconds: 10 });
    return seen['state'] === 'succeeded';
  });
  expect(defects(deployment.server.stderr)).toEqual([]);
});

it('a Redis that is full makes the server not ready, while tokens and reads still work', async () => {
  const redis = await openRedis();
  const deployment = await open('embedded', { REDIS_URL: redis.url });
  const token = await deployment.token();
  const ready = async () => (await rawHttp(new URL(`${deployment.url}/health/ready`))).status;
  await poll('/health/ready to be 200', async () => (await ready()) === 200);
  await fill(redis);
  await poll('/health/ready to be 503', async () => (await ready()) === 503);
  const answer = await tool(deployment.url, token, 'get_context');
  expect(answer.json()).toMatchObject({ result: { structuredContent: expect.any(Object) } });
});

it('a CMS that is away is told: stale reads are marked, writes refused with when to come back; then all is well again', async () => {
  const deployment = await open('embedded', { MAX_RETRIES: '1', API_TIMEOUT: '3000' });
  const token = await deployment.token();
  const ready = async () => rawHttp(new URL(`${deployment.url}/health/ready`));
  const read = () => tool(deployment.url, token, 'get_content', { items: [page], include: ['fields'] });
  const write = () => tool(deployment.url, token, 'check_in_content', { items: [page] });
  expect(metaOf(await read())).not.toHaveProperty('ingeniux/stale-seconds');

  const { port } = new URL(deployment.sandbox.siteRoot);
  await deployment.sandbox.close();
  const unready = await poll('/health/ready to be 503', async () => {
    const answer = await ready();
    return answer.status === 503 && answer;
  });
  expect(unready.json()).toMatchObject({ checks: { cms: { status: 'failed' }, storage: { status: 'ok' } } });
  const stale = await read();
  expect(metaOf(stale)).toMatchObject({ 'ingeniux/stale-seconds': expect.any(Number) });
  expect(stale.text).toContain('Stale: the CMS cannot be asked');
  expect(errorOf(await write())).toMatchObject({ code: 'CMS_UNAVAILABLE', fault: 'cms', retry: 'later' });

  // Enough failures hold the calls back: the refusal then comes at once and says for how long.
  const heldBack = await poll('the calls to be held back', async () => {
    await read();
    const error = errorOf(await write());
    return typeof error['retry_after_seconds'] === 'number' && error;
  });
  expect(heldBack).toMatchObject({ code: 'CMS_UNAVAILABLE', retry: 'later' });

  const again: Sandbox = await startSandbox({ port: Number(port) });
  closers.push(() => again.close());
  await poll('/health/ready to be 200', async () => (await ready()).status === 200, {
    timeoutMs: 60_000,
    everyMs: 500,
  });
  const fresh = await read();
  expect(metaOf(fresh)).not.toHaveProperty('ingeniux/stale-seconds');
  expect(errorOf(fresh)).toEqual({});
});

describe('bad input of every kind', () => {
  let deployment: Deployment;
  let token: string;
  beforeAll(async () => {
    deployment = await openDeployment('embedded');
    token = await deployment.token();
  });
  afterAll(() => deployment.close());
  afterEach(async () => {
    const answer = await tool(deployment.url, token, 'get_context');
    expect(answer.json()).toMatchObject({ result: { structuredContent: expect.any(Object) } });
    expect(defects(deployment.server.stderr)).toEqual([]);
    expect(deployment.server.stderr.filter((line) => !line.startsWith('{'))).toEqual([]);
  });

  it.each([
    ['a wrong type', 'get_content', { items: 7 }, 'BAD_INPUT'],
    ['an unknown argument', 'get_content', { items: ['x1'], colour: 'red' }, 'BAD_INPUT'],
    ['no arguments', 'edit_content', {}, 'BAD_INPUT'],
    ['an unknown job', 'get_job', { job: 'job_nowhere' }, 'NOT_FOUND'],
    [
      'an unknown page',
      'edit_content',
      { item: 'x999999', version: 'v', changes: [{ op: 'set', field: 'Body', value: '' }] },
      'NOT_FOUND',
    ],
    ['an unknown target', 'publish_content', { items: [page], target: 'Nowhere' }, 'NOT_FOUND'],
    ['ids that are none', 'delete_content', { items: ['\u0000', '../../etc/passwd'] }, 'BAD_INPUT|NOT_FOUND'],
    ['a cursor that is none', 'search_content', { query: 'news', cursor: '"; drop' }, 'BAD_INPUT'],
  ] as const)('%s to %s gets a clear error', async (_what, name, input, code) => {
    const answer = await tool(deployment.url, token, name, input);
    expect(answer.status).toBe(200);
    expect(answer.text).toMatch(new RegExp(code));
    expect(answer.text).not.toMatch(/INTERNAL|\.ts:\d+/);
  });

  it.each([
    ['no JSON', '{"jsonrpc":', {}, 400],
    ['no JSON-RPC', '{"hello":"world"}', {}, 400],
    ['a number', '7', {}, 400],
    ['null', 'null', {}, 400],
    ['an empty batch', '[]', {}, 400],
    ['a batch of junk', '[1,"two",null]', {}, 400],
    ['no body', '', {}, 400],
    ['a megabyte too much', JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'x'.repeat(1_100_000) }), {}, 413],
    ['another type', 'hello', { 'Content-Type': 'text/plain' }, 415],
    ['a packed body that is none', 'hello', { 'Content-Encoding': 'gzip' }, 400],
    ['an unknown encoding', '{}', { 'Content-Encoding': 'rot13' }, 400],
    ['a session of nobody', initializeBody.replace('initialize', 'tools/list'), { 'Mcp-Session-Id': '../x' }, 404],
  ] as const)('%s as a body is refused by status', async (_what, body, headers, status) => {
    const answer = await rawHttp(new URL(deployment.mcpUrl), {
      method: 'POST',
      headers: mcpHeaders(token, headers),
      body,
    });
    expect(answer.status).toBe(status);
    expect(answer.json()).toMatchObject({ error: expect.any(Object) });
  });

  it('unknown tools, methods and versions are refused as the protocol says', async () => {
    expect((await tool(deployment.url, token, 'rm_rf')).json()).toMatchObject({ error: { code: -32602 } });
    const send = (method: string) => rawHttp(new URL(deployment.mcpUrl), modernRequest(token, method));
    expect((await send('no/such/method')).json()).toMatchObject({ error: { code: -32601 } });
    const { headers, ...rest } = modernRequest(token, 'tools/list');
    const future = { ...rest, headers: { ...headers, 'MCP-Protocol-Version': '2999-01-01' } };
    expect((await rawHttp(new URL(deployment.mcpUrl), future)).status).toBe(400);
  });

  it('what is no HTTP, half of a request, and requests that nobody waits for, do no harm', async () => {
    const sockets = await Promise.all(
      [
        'this is no HTTP\r\n\r\n',
        `POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ${'a'.repeat(100_000)}\r\n\r\n`,
        'POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
        'POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Len',
        pipelined(token, 'get_context').repeat(50),
      ].map((text) => sendRaw(deployment.url, text)),
    );
    await poll('the broken ones to be refused', () => sockets.slice(0, 3).every(({ destroyed }) => destroyed));
    for (const socket of sockets) socket.destroy();
  });

  it('a reader of a command that goes before everything was printed, as head does, is no defect', async () => {
    const child = startCommand(['audit', 'list'], deployment.settings);
    let log = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      log += chunk.toString('utf8');
    });
    const ended = once(child, 'close');
    child.stdout?.destroy();
    expect(await ended).toEqual([0, null]);
    expect(defects(log.split('\n'))).toEqual([]);
  });

  it('on the command line is told in words, with an exit code, and nothing on standard output', async () => {
    const rows = [
      ['token issue --subject ada --scopes all', 64, 'Unknown scopes: all'],
      ['token issue --subject ada --scopes cms:read --ttl soon', 64, '45m, 12h or 30d'],
      ['token issue --subject ada --scopes cms:read --ttl 5000d', 64, 'lifetime'],
      ['token issue --scopes cms:read', 64, '--subject'],
      ['token revoke tok_nobody', 1, 'No access token has this id'],
      ['token revoke', 64, 'missing required argument'],
      ['serv', 64, 'serve'],
    ] as const;
    const endings = await Promise.all(rows.map(([line]) => runCommand(line.split(' '), deployment.settings)));
    expect(endings).toEqual(
      rows.map(([, exitCode, words]) => ({ exitCode, stdout: '', stderr: expect.stringContaining(words) })),
    );
  });
});

async function open(storage: 'embedded' | 'redis', settings: Settings = {}): Promise<Deployment> {
  const deployment = await openDeployment(storage, settings);
  closers.push(() => deployment.close());
  return deployment;
}

async function openRedis(): Promise<RedisServer> {
  const redis = await startRedis({ appendOnly: true });
  closers.push(() => redis.close());
  return redis;
}

async function agentAt(url: string, token: string): Promise<AgentClient> {
  const agent = await connectAgent('v2 auto', `${url}/mcp`, token);
  closers.push(() => agent.close());
  return agent;
}

/** One call of a tool, without a client that might try again. */
function tool(
  url: string,
  token: string,
  name: string,
  input: Readonly<Record<string, unknown>> = {},
): Promise<RawAnswer> {
  return rawHttp(new URL(`${url}/mcp`), modernRequest(token, 'tools/call', { name, arguments: input }));
}

interface ToolAnswer {
  readonly result?: {
    readonly isError?: boolean;
    readonly content: readonly { readonly text: string }[];
    readonly _meta: Readonly<Record<string, unknown>>;
  };
}

/** The report of a tool that failed; empty when it did not. */
function errorOf(answer: RawAnswer): Readonly<Record<string, unknown>> {
  // The shape is the protocol's; a wrong one fails the test at its assertions.
  const { result } = answer.json() as ToolAnswer;
  return result?.isError === true ? (JSON.parse(result.content[0]?.text ?? '{}') as Record<string, unknown>) : {};
}

function metaOf(answer: RawAnswer): Readonly<Record<string, unknown>> {
  // As above.
  return (answer.json() as ToolAnswer).result?._meta ?? {};
}

/** A stream of the newest revision that hears of changes. */
async function openStream(url: string, token: string): Promise<{ ended(): boolean }> {
  const { method, headers, body } = modernRequest(token, 'subscriptions/listen', {
    notifications: { resourceSubscriptions: ['ingeniux://page/x1'] },
  });
  const abort = new AbortController();
  closers.push(() => abort.abort());
  const answer = await fetch(`${url}/mcp`, { method, headers, body, signal: abort.signal });
  expect(answer.status).toBe(200);
  let isEnded = false;
  const read = async () => {
    for await (const _chunk of answer.body ?? []) {
      // Only the end is of interest.
    }
  };
  // A stream that is cut ends with an error, which is an end as well.
  void read()
    .catch(() => undefined)
    .finally(() => {
      isEnded = true;
    });
  return { ended: () => isEnded };
}

/** The id of the token that was issued last. */
async function newestTokenId(settings: Settings): Promise<string> {
  const list = await runCommand(['token', 'list'], settings);
  const newest = list.stdout.trim().split('\n').at(-1) ?? '';
  return newest.split('\t')[0] ?? '';
}

type Folder = ReturnType<typeof temporaryFolder>;

/** Runs a command in a folder of its own; `look` reads what is left there. */
async function runIn(
  prepare: (folder: Folder) => readonly [readonly string[], Settings],
  look: (folder: Folder) => string = () => '',
) {
  const folder = temporaryFolder();
  closers.push(folder.remove);
  const ended = await runCommand(...prepare(folder));
  return { ...ended, left: look(folder) };
}

function lastMessage(stderr: string): string {
  const line = stderr.trim().split('\n').at(-1) ?? '';
  // Every line of the log is an object with its text under `msg`.
  return (JSON.parse(line) as { msg: string }).msg;
}

function hasSaid(server: ServerProcess, text: string): boolean {
  return server.stderr.some((line) => line.includes(text));
}

/** Lines of the levels that nobody may cause from outside. */
function defects(lines: readonly string[]): readonly string[] {
  return lines.filter((line) => /"level":"(?:error|fatal)"/.test(line));
}

function childrenOf(parent: number): readonly number[] {
  return execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='])
    .toString()
    .split('\n')
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
    .filter((match) => Number(match?.[2]) === parent && match?.[3]?.includes('sandbox'))
    .map((match) => Number(match?.[1]));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    // There is no such process any more.
    return false;
  }
}

async function isRefused(url: string): Promise<boolean> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  try {
    await once(socket, 'connect');
    return false;
  } catch {
    // Nobody listens, which is what is asked for.
    return true;
  } finally {
    socket.destroy();
  }
}

async function sendRaw(url: string, text: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.on('error', () => undefined);
  socket.resume();
  await once(socket, 'connect');
  socket.write(text);
  return socket;
}

/** A whole request as text, to be sent many times without waiting. */
function pipelined(token: string, name: string): string {
  const { headers, body } = modernRequest(token, 'tools/call', { name, arguments: {} });
  const all = { Host: '127.0.0.1', ...headers, 'Content-Length': String(Buffer.byteLength(body)) };
  const lines = Object.entries(all).map(([header, value]) => `${header}: ${value}\r\n`);
  return `POST /mcp HTTP/1.1\r\n${lines.join('')}\r\n${body}`;
}

function portOf(server: ReturnType<typeof createServer>): string {
  // A server that listens on TCP has an address of this form.
  return String((server.address() as AddressInfo).port);
}

/** From here on every write fails, as with a memory that is full. */
async function fill(redis: RedisServer): Promise<void> {
  const socket = connect(Number(new URL(redis.url).port), '127.0.0.1');
  closers.push(() => socket.destroy());
  socket.write('CONFIG SET maxmemory 1\r\n');
  const [said] = await once(socket, 'data');
  expect(String(said)).toBe('+OK\r\n');
}
