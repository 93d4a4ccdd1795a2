import { Pool } from 'undici';
import { initializeBody, mcpHeaders, modernRequest, rpc } from '../test/support/raw-http.ts';
import { type Benchmark, figure, median, processorMs, type Server, startServer, temporaryFolder } from './harness.ts';
import { issueToken } from './issue-token.ts';

/** What one request costs the server, measured against the cheapest one that it answers. */
export const callOverHttp: Benchmark = {
  name: 'call-over-http',
  asks: 'What does a request cost in processor time of the server, in both protocol eras?',
  async run() {
    const folder = temporaryFolder();
    const opened: { close(): Promise<void> }[] = [];
    try {
      // One after the other in the same folder: the second finds the token that was issued for the first.
      const settings = { DATA_DIR: folder.path, RATE_LIMIT_RPM: '1000000' };
      const cached = await openTarget(settings, opened);
      const uncached = await openTarget({ ...settings, CACHE_TTL: '0' }, opened);
      const token = await issueToken(settings);
      const scenarios = await makeScenarios(token, cached, uncached);
      for (const scenario of scenarios) await load(scenario, warmUpMs);
      const rounds: Measured[][] = [];
      for (let round = 0; round < roundsMax; round++) {
        const measured: Measured[] = [];
        // All scenarios in each round: what else the machine does meanwhile falls on all of them alike.
        for (const scenario of scenarios) measured.push(await load(scenario, loadMs));
        rounds.push(measured);
      }
      return {
        columns: [
          'request',
          'processor time, times the baseline',
          'requests per processor second',
          'requests per second',
        ],
        rows: scenarios.map(({ what }, at) => {
          const own = rounds.flatMap((round) => round[at] ?? []);
          const ratios = rounds.map((round) => perRequest(round[at]) / perRequest(round[0]));
          return [
            what,
            figureOf(ratios),
            figureOf(own.map((one) => 1000 / perRequest(one))),
            figureOf(own.map(({ count, ms }) => (1000 * count) / ms)),
          ];
        }),
        remarks: [
          `Median of ${roundsMax} interleaved rounds of ${loadMs} ms, ${connections} connections, a token and the log at its default level. The server is a process of its own and only its processor time counts; the load and the sandbox CMS share the machine with it, which requests per second suffer from.`,
          'Every answer is looked at: one that is not a success ends the run.',
        ],
      };
    } finally {
      for (const each of opened.reverse()) await each.close();
      folder.remove();
    }
  },
};

const roundsMax = 3;
const loadMs = 700;
const warmUpMs = 400;
const connections = 8;

/** One measurement ends here, however fast the server is. */
const requestsMax = 20_000;
const answerMsMax = 15_000;

interface Target {
  readonly server: Server;
  readonly pool: Pool;
}

interface Scenario {
  readonly what: string;
  readonly target: Target;
  /** The next request: ids must not be used twice at a time. */
  next(): {
    readonly method: 'GET' | 'POST';
    readonly path: string;
    readonly headers?: Headers;
    readonly body?: string;
  };
  isSuccess(body: string): boolean;
}

type Headers = Readonly<Record<string, string>>;

interface Measured {
  readonly count: number;
  readonly ms: number;
  readonly processorMs: number | undefined;
}

async function openTarget(settings: Headers, opened: { close(): Promise<void> }[]): Promise<Target> {
  const server = await startServer(['dist/main.js', 'serve'], settings);
  opened.push(server);
  const pool = new Pool(server.url, { connections, headersTimeout: answerMsMax, bodyTimeout: answerMsMax });
  opened.push(pool);
  return { server, pool };
}

/** The first one is the baseline. */
async function makeScenarios(token: string, cached: Target, uncached: Target): Promise<readonly Scenario[]> {
  const read = { name: 'get_content', arguments: { items: ['/admissions/deadlines'], include: ['fields'] } };
  const calls = [
    { what: 'tools/list', target: cached, method: 'tools/list', params: {} },
    {
      what: 'get_job (no CMS)',
      target: cached,
      method: 'tools/call',
      params: { name: 'get_job', arguments: { job: await endedJob(token, cached) } },
    },
    { what: 'get_content, CMS answers from the cache', target: cached, method: 'tools/call', params: read },
    { what: 'get_content, CMS asked each time', target: uncached, method: 'tools/call', params: read },
  ];
  const sessions = new Map<Target, string>();
  for (const target of [cached, uncached]) sessions.set(target, await openSession(token, target));
  let id = 0;
  return [
    {
      what: 'GET /health/live (the baseline)',
      target: cached,
      next: () => ({ method: 'GET', path: '/health/live' }),
      isSuccess: () => true,
    },
    ...calls.map(({ what, target, method, params }) => ({
      what: `${what}, 2026-07-28`,
      target,
      next: () => {
        const { headers, body } = modernRequest(token, method, params);
        return { method: 'POST' as const, path: '/mcp', headers, body };
      },
      isSuccess,
    })),
    ...calls.map(({ what, target, method, params }) => ({
      what: `${what}, 2025-11-25`,
      target,
      next: () => {
        id += 1;
        const headers = mcpHeaders(token, legacyHeaders(sessions.get(target)));
        return { method: 'POST' as const, path: '/mcp', headers, body: rpc(method, params, id) };
      },
      isSuccess,
    })),
  ];
}

/** Both eras answer a JSON-RPC result, as JSON or as an event of a stream; a tool that failed says isError in it. */
function isSuccess(body: string): boolean {
  return body.includes('"result"') && !body.includes('"isError":true');
}

/** Publishes a page and waits for the end, so that there is a job to ask for. */
async function endedJob(token: string, target: Target): Promise<string> {
  const started = await call(token, target, 'publish_content', {
    items: ['/admissions/deadlines'],
    target: 'Production',
  });
  const job = /"job":"([^"]+)"/.exec(started)?.[1];
  if (job === undefined) throw new Error(`No job was started: ${started}`);
  for (let attempt = 0; attempt < jobWaitsMax; attempt++) {
    const state = /"state":"(\w+)"/.exec(await call(token, target, 'get_job', { job, wait_seconds: 10 }))?.[1];
    if (state === 'succeeded') return job;
  }
  throw new Error(`The job ${job} has not succeeded.`);
}

const jobWaitsMax = 3;

async function call(token: string, { pool }: Target, name: string, input: Readonly<Record<string, unknown>>) {
  const { headers, body } = modernRequest(token, 'tools/call', { name, arguments: input });
  const answer = await pool.request({ method: 'POST', path: '/mcp', headers, body });
  const text = await answer.body.text();
  if (answer.statusCode !== 200 || !isSuccess(text)) throw new Error(`${name} failed: ${text}`);
  return text;
}

async function openSession(token: string, { pool }: Target): Promise<string> {
  const opening = await pool.request({
    method: 'POST',
    path: '/mcp',
    headers: mcpHeaders(token),
    body: initializeBody,
  });
  const text = await opening.body.text();
  const session = opening.headers['mcp-session-id'];
  if (typeof session !== 'string') throw new Error(`No session was opened: ${text}`);
  const headers = mcpHeaders(token, legacyHeaders(session));
  const body = JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' });
  await (await pool.request({ method: 'POST', path: '/mcp', headers, body })).body.dump();
  return session;
}

function legacyHeaders(session = ''): Headers {
  return { 'Mcp-Session-Id': session, 'MCP-Protocol-Version': '2025-11-25' };
}

/** Keeps every connection busy until the time is over, and counts the answers. */
async function load(scenario: Scenario, ms: number): Promise<Measured> {
  const { server, pool } = scenario.target;
  let count = 0;
  const startedAtMs = performance.now();
  const processorMsBefore = processorMs(server.pid);
  const oneAfterTheOther = async (): Promise<void> => {
    while (performance.now() - startedAtMs < ms && count < requestsMax) {
      count += 1;
      const answer = await pool.request(scenario.next());
      const body = await answer.body.text();
      if (answer.statusCode !== 200 || !scenario.isSuccess(body)) {
        throw new Error(
          `${scenario.what} was answered with ${answer.statusCode}: ${body.slice(0, shownCharactersMax)}`,
        );
      }
    }
  };
  await Promise.all(Array.from({ length: connections }, oneAfterTheOther));
  const processorMsAfter = processorMs(server.pid);
  return {
    count,
    ms: performance.now() - startedAtMs,
    ...(processorMsBefore === undefined || processorMsAfter === undefined
      ? { processorMs: undefined }
      : { processorMs: processorMsAfter - processorMsBefore }),
  };
}

const shownCharactersMax = 500;

/** Processor milliseconds of one request; not a number where the system does not tell. */
function perRequest(measured: Measured | undefined): number {
  return (measured?.processorMs ?? Number.NaN) / (measured?.count ?? Number.NaN);
}

function figureOf(values: readonly number[]): string {
  const middle = median(values);
  return figure(Number.isNaN(middle) ? undefined : middle);
}
