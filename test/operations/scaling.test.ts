import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../sandbox/server.ts';
import { freePort } from '../support/free-port.ts';
import { startLoad } from '../support/load.ts';
import { type ClientKind, connectClient, type TestClient } from '../support/mcp-clients.ts';
import { poll } from '../support/poll.ts';
import { type RunningProxy, startProxy } from '../support/proxies.ts';
import { mcpHeaders, modernRequest, rpc } from '../support/raw-http.ts';
import { type RedisFleet, startRedisFleet } from '../support/sentinels.ts';
import {
  runCommand,
  type ServerProcess,
  type Settings,
  startServer,
  startWorker,
  temporaryFolder,
} from '../support/server-process.ts';

/**
 * The small fleet of docs/operations/scale.md: nginx, two servers, two workers, Redis with a replica and three sentinels.
 * Whatever one process begins another one ends; then the master of Redis is killed under load, and it all holds still.
 */
const page = '/admissions/deadlines';
const limit = 100_000;
/** The two servers, by number: the one that begins, and the other. */
type Server = 0 | 1;
type Call = (
  server: Server,
  name: string,
  input?: object,
  meta?: Readonly<Record<string, unknown>>,
) => Promise<Answered>;

interface Answered {
  readonly status: number;
  readonly headers: Headers;
  /** The structured answer. */
  readonly output: Readonly<Record<string, unknown>>;
  readonly text: string;
}

let proxy: RunningProxy;
let redis: RedisFleet;
let sandbox: Sandbox;
let settings: Settings;
let ports: readonly [number, number];
let servers: [ServerProcess, ServerProcess];
let workers: ServerProcess[];
let token: string;
const closers: (() => Promise<unknown> | unknown)[] = [];

beforeAll(async () => {
  redis = await startRedisFleet({ sentinels: 3 });
  closers.push(() => redis.close());
  sandbox = await startSandbox({ port: 0 });
  closers.push(() => sandbox.close());
  const folder = temporaryFolder();
  closers.push(folder.remove);
  ports = [await freePort(), await freePort()];
  proxy = await startProxy('nginx', ports);
  closers.push(() => proxy.close());
  settings = {
    NODE_ENV: 'production',
    CMS_BASE_URL: sandbox.siteRoot,
    OAUTH_CLIENT_ID: 'sandbox-admin',
    OAUTH_CLIENT_SECRET: 'sandbox-secret-admin',
    REDIS_URL: redis.url,
    TOKEN_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    DATA_DIR: folder.path,
    PUBLIC_URL: proxy.publicUrl,
    TRUST_PROXY: '1',
    RATE_LIMIT_RPM: String(limit),
    LOG_LEVEL: 'info',
    WORKER_INLINE: 'false',
    DRAIN_SECONDS: '3',
  };
  servers = await Promise.all([start(0), start(1)]);
  workers = await Promise.all([startWorker(settings), startWorker(settings)]);
  closers.push(
    () => Promise.all(servers.map((server) => server.close())),
    () => Promise.all(workers.map((worker) => worker.close())),
  );
  token = await issue('ada');
  await poll('nginx', async () => (await fetch(`${proxy.publicUrl}/health`).catch(() => undefined))?.ok, {
    timeoutMs: 30_000,
  });
});
afterAll(async () => {
  for (let close = closers.pop(); close !== undefined; close = closers.pop()) await close();
});

const start = (server: Server) => startServer({ ...settings, PORT: String(ports[server]) });

async function issue(subject: string): Promise<string> {
  const scopes = 'cms:read cms:write cms:publish cms:admin';
  const issued = await runCommand(['token', 'issue', '--subject', subject, '--scopes', scopes], settings);
  expect(issued.exitCode, issued.stderr).toBe(0);
  return issued.stdout.trim();
}

/** One call at this very process. */
const callAs =
  (bearer: () => string): Call =>
  async (server, name, input = {}, meta = {}) => {
    const request = modernRequest(bearer(), 'tools/call', { name, arguments: input }, meta);
    const answer = await fetch(`${servers[server].url}/mcp/x/all`, request);
    const text = await answer.text();
    const { result } = JSON.parse(text) as { result?: { structuredContent?: object } };
    return { status: answer.status, headers: answer.headers, output: { ...result?.structuredContent }, text };
  };
const call = callAs(() => token);

/** What one process begins, and what the other makes of it. */
interface Handover {
  readonly what: string;
  begin(at: Server): Promise<unknown>;
  end(at: Server, begun: unknown): Promise<void>;
}

let copies = 0;
const handovers: readonly Handover[] = [
  {
    what: 'a confirmation',
    async begin(at) {
      const { output: copied } = await call(at, 'copy_content', { items: [page], to: '/admissions' });
      expect(copied).toHaveProperty('copies');
      const item = (copied['copies'] as { copy: { id: string } }[])[0]?.copy.id;
      const { output } = await call(at, 'delete_content', { items: [item] });
      expect(output['confirm']).toMatch(/^confirm_/);
      return { items: [item], confirm: output['confirm'] };
    },
    async end(at, begun) {
      // Brought to both at the same moment, it is good for one.
      const answers = await Promise.all(
        [at, at === 0 ? 1 : 0].map((server) => call(server as Server, 'delete_content', begun as object)),
      );
      const done = answers.filter(({ text }) => !text.includes('"isError":true'));
      expect(done.length, JSON.stringify(answers.map(({ text }) => text))).toBe(1);
      expect(done[0]?.output).toHaveProperty('changed');
    },
  },
  {
    what: 'a cursor',
    async begin(at) {
      const { output } = await call(at, 'search_content', { query: 'the', limit: 1 });
      expect(output['next_cursor']).toEqual(expect.any(String));
      return output;
    },
    async end(at, begun) {
      const { next_cursor: cursor, ...first } = begun as Readonly<Record<string, unknown>>;
      const { output } = await call(at, 'search_content', { query: 'the', limit: 1, cursor });
      expect(Object.keys(output)).toEqual(expect.arrayContaining(Object.keys(first)));
      expect(output).not.toMatchObject(first);
    },
  },
  {
    what: 'an upload',
    async begin(at) {
      const file = `notes-${++copies}.pdf`;
      const { output } = await call(at, 'upload_asset', { folder: 'Documents', file_name: file });
      const address = /https:\/\/[^"]+(\/uploads\/up_[\w-]+)/.exec(JSON.stringify(output));
      expect(address?.[0]).toContain(proxy.publicUrl);
      return address?.[1];
    },
    async end(at, path) {
      const put = async (server: Server) =>
        (await fetch(`${servers[server].url}${String(path)}`, { method: 'PUT', body: 'bytes of the file' })).status;
      expect(await put(at)).toBe(201);
      expect(await put(at === 0 ? 1 : 0)).toBe(404);
    },
  },
  {
    what: 'a call with an idempotency key',
    async begin(at) {
      const meta = { 'ingeniux/idempotency-key': `key-${++copies}` };
      const { output } = await call(at, 'run_report', { report: 'broken_links' }, meta);
      return { meta, output };
    },
    async end(at, begun) {
      const { meta, output } = begun as { meta: Record<string, unknown>; output: { job: string } };
      const repeated = await call(at, 'run_report', { report: 'broken_links' }, meta);
      expect(repeated.output['job']).toBe(output.job);
      const other = await call(at, 'run_report', { report: 'broken_links' });
      expect(other.output['job']).not.toBe(output.job);
    },
  },
  {
    what: 'a job',
    async begin(at) {
      const { output } = await call(at, 'publish_content', { items: ['/admissions/tuition'], target: 'Production' });
      return output['job'];
    },
    async end(at, job) {
      const ended = await poll(
        'the job to end',
        async () => {
          const { output } = await call(at, 'get_job', { job, wait_seconds: 5 });
          return output['state'] === 'succeeded' && output;
        },
        { timeoutMs: 90_000 },
      );
      expect(ended).toMatchObject({ job, result: { items: [{ outcome: 'live' }] } });
    },
  },
  {
    what: 'a long call as a task',
    async begin(at) {
      const { result } = await sendAsTask(at, 'tools/call', {
        name: 'publish_content',
        arguments: { items: ['/admissions/tuition'], target: 'Production' },
      });
      expect(result).toMatchObject({ resultType: 'task' });
      return result?.['taskId'];
    },
    async end(at, taskId) {
      const ended = await poll(
        'the task to end',
        async () => {
          const { result } = await sendAsTask(at, 'tasks/get', { taskId });
          return result?.['status'] === 'completed' && result;
        },
        { timeoutMs: 90_000, everyMs: 200 },
      );
      expect(JSON.stringify(ended)).toContain('live');
    },
  },
];

async function sendAsTask(at: Server, method: string, params: Readonly<Record<string, unknown>>) {
  const capabilities = { extensions: { 'io.modelcontextprotocol/tasks': {} } };
  const meta = { 'io.modelcontextprotocol/clientCapabilities': capabilities };
  const answer = await fetch(`${servers[at].url}/mcp/x/all`, modernRequest(token, method, params, meta));
  return (await answer.json()) as { result?: Record<string, unknown> };
}

const directions = [
  [0, 1],
  [1, 0],
] as const;

/** Holds before the master of Redis is lost, and after. */
function oneServerToItsUsers(): void {
  it.each(handovers)('$what that one process began is ended by the other', async ({ begin, end }) => {
    for (const [here, there] of directions) await end(there, await begin(here));
  });

  it('what one process has read the other need not ask for; what one writes both forget', async () => {
    const readsOfVersion = () =>
      sandbox.calls.list().filter((one) => one.operationId === 'Pages_GetPageDetails' && one.query['version'] === '1')
        .length;
    for (const [here, there] of directions) {
      const compare = async (at: Server) => {
        const before = readsOfVersion();
        const { output } = await call(at, 'compare_versions', { item: page, from: '1', to: '2' });
        expect(output).toHaveProperty('identical');
        return readsOfVersion() - before;
      };
      await compare(here);
      expect(await compare(there)).toBe(0);
      await writeAt(here);
      expect(await compare(there)).toBeGreaterThan(0);
    }
  });

  it('a stream of one process hears at once of what is written at the other', async () => {
    for (const [here, there] of directions) {
      const client = await connectClient('v2 auto', new URL(`${servers[there].url}/mcp/x/all`), token);
      const heard: string[] = [];
      const { output } = await call(there, 'get_content', { items: [page] });
      const uri = `ingeniux://page/${(output['items'] as { id: string }[])[0]?.id}`;
      await client.watch(uri, (changed) => heard.push(changed));
      await writeAt(here);
      await poll('the news', () => heard.includes(uri));
      await client.close();
    }
  });

  it('calls are counted once, wherever they are made', async () => {
    const bearer = await issue(`counted-${++copies}`);
    const asNew = callAs(() => bearer);
    const left: number[] = [];
    for (const at of [0, 1, 1, 0, 1] as const) {
      const { headers } = await asNew(at, 'search_operations', { query: 'page' });
      left.push(Number(/r=(\d+)/.exec(headers.get('ratelimit') ?? '')?.[1]));
    }
    expect(left).toEqual([1, 2, 3, 4, 5].map((used) => limit - used));
  });

  it('a token that is revoked is refused by both at once', async () => {
    const subject = `leaver-${++copies}`;
    const bearer = await issue(subject);
    const asLeaver = callAs(() => bearer);
    expect((await asLeaver(0, 'get_context')).status).toBe(200);
    const listed = await runCommand(['token', 'list'], settings);
    const id =
      listed.stdout
        .split('\n')
        .find((line) => line.includes(subject))
        ?.split('\t')[0] ?? '';
    expect(await runCommand(['token', 'revoke', id], settings)).toMatchObject({ exitCode: 0 });
    for (const at of [0, 1] as const) expect((await asLeaver(at, 'get_context')).status).toBe(401);
  });
}

/** Writes one field of the page there and back again. */
async function writeAt(server: Server): Promise<void> {
  const { output } = await call(server, 'get_content', { items: [page], include: ['fields'] });
  const [item] = output['items'] as { id: string; version_token: string; fields: object }[];
  const [find, value] = JSON.stringify(item).includes('January 15, 2026')
    ? ['January 15, 2026', 'January 31, 2026']
    : ['January 31, 2026', 'January 15, 2026'];
  const changes = [{ op: 'replace_text', field: 'Body', find, value }];
  const edited = await call(server, 'edit_content', { item: item?.id, version: item?.version_token, changes });
  expect(edited.output, edited.text).toHaveProperty('changed');
}

describe('two servers and two workers behind nginx', () => {
  oneServerToItsUsers();

  it('finish every job when one of the workers is killed with jobs in hand', async () => {
    const publish = { items: ['/admissions/tuition'], target: 'Production' };
    const report = { report: 'broken_links' };
    const begun = await Promise.all([
      ...Array.from({ length: 8 }, (_, n) => call(n % 2 === 0 ? 0 : 1, 'run_report', report)),
      call(0, 'publish_content', publish),
    ]);
    await workers[0]?.kill('SIGKILL');
    for (const { output } of begun) await succeeds(String(output['job']));
    workers[0] = await startWorker(settings);
  });
});

describe('when the master of Redis is killed under load', () => {
  const kinds = ['v2 auto', 'v2 legacy', 'v1'] satisfies ClientKind[];
  let clients: readonly TestClient[];
  let begun: readonly { readonly end: (at: Server) => Promise<void> }[];

  afterAll(() => Promise.all(clients.map((client) => client.close())));

  it('requests are at worst refused with when to come back, nobody is signed out, and nothing is a defect', async () => {
    const url = new URL('/mcp/x/all', proxy.publicUrl);
    clients = await Promise.all(kinds.map((kind) => connectClient(kind, url, token)));
    begun = await Promise.all(
      handovers.map(async ({ begin, end }) => {
        const handle = await begin(0);
        return { end: (at: Server) => end(at, handle) };
      }),
    );
    const load = startLoad(new URL('/mcp', proxy.publicUrl), token, 4);
    await poll('the load to begin', () => load.answered() > 20, { timeoutMs: 30_000 });
    await redis.failOver();
    const before = load.answered();
    await poll('requests to be answered again', () => load.answered() > before + 50, { timeoutMs: 60_000 });
    const { failures } = await load.stop();
    expect(failures.filter((failure) => !/^503 .*STORAGE_UNAVAILABLE/.test(failure))).toEqual([]);
    const lines = [...servers, ...workers].flatMap(({ stderr }) => stderr);
    expect(lines.filter((line) => line.includes('INTERNAL') || !line.startsWith('{'))).toEqual([]);
  });

  it('what was begun before is ended after, by the other process', async () => {
    for (const { end } of begun) await end(1);
  });

  it('clients of both eras go on as they are, sessions included', async () => {
    for (const client of clients) expect(await client.callTool('get_context', {})).toMatchObject({ isError: false });
  });
});

describe('with the new master', () => {
  oneServerToItsUsers();

  it('a session whose process is killed is opened anew with the same token: nobody signs in again', async () => {
    const url = new URL('/mcp', proxy.publicUrl);
    const session = (await initialize(url)).headers.get('mcp-session-id') ?? '';
    const listTools = () =>
      fetch(url, {
        method: 'POST',
        headers: mcpHeaders(token, { 'Mcp-Session-Id': session }),
        body: rpc('tools/list'),
      });
    expect((await listTools()).status).toBe(200);
    // The sessions of one token are all in one process: the one that nginx sends it to.
    const owner = await sessionOwner(session);
    await servers[owner].kill('SIGKILL');
    // The specification's word for a session that is gone; a client answers it with a new one.
    await poll('the other process to answer', async () => (await listTools()).status === 404);
    const renewed = await initialize(url);
    expect(renewed.status).toBe(200);
    expect(renewed.headers.get('mcp-session-id')).not.toBe(session);
    servers[owner] = await start(owner);
  });
});

/** Which process has the session: only that one knows it. */
async function sessionOwner(session: string): Promise<Server> {
  const headers = mcpHeaders(token, { 'Mcp-Session-Id': session });
  const here = await fetch(`${servers[0].url}/mcp`, { method: 'POST', headers, body: rpc('tools/list') });
  return here.status === 200 ? 0 : 1;
}

const initialize = (url: URL) =>
  fetch(url, {
    method: 'POST',
    headers: mcpHeaders(token),
    body: rpc('initialize', {
      protocolVersion: '2025-11-25',
      capabilities: {},
      clientInfo: { name: 'raw', version: '1' },
    }),
  });

async function succeeds(job: string): Promise<void> {
  await poll(
    `${job} to succeed`,
    async () => (await call(0, 'get_job', { job, wait_seconds: 5 })).output['state'] === 'succeeded',
    { timeoutMs: 90_000 },
  );
}
