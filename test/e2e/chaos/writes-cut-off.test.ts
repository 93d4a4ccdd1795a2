import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import type { SandboxState } from '../../../sandbox/model.ts';
import { createSeedState } from '../../../sandbox/seed.ts';
import { startSandbox } from '../../../sandbox/server.ts';
import { connectClient, type TestClient, type ToolResult } from '../../support/mcp-clients.ts';
import { poll } from '../../support/poll.ts';
import { startRedis } from '../../support/redis.ts';
import {
  runCommand,
  type ServerProcess,
  type Settings,
  startServer,
  temporaryFolder,
} from '../../support/server-process.ts';
import { type CmsGate, type Stop, startCmsGate } from './cms-gate.ts';
import { type WriteRow, writes } from './write-points.ts';

/**
 * The calls of an agent are cut off at each of their writes, before the CMS hears of it and when it has acted: the server
 * is killed with -9, or the client gives up. The agent tries again under the same idempotency key, at a server that
 * knows nothing of the first call but what the storage holds; where it is told to look, it looks, and calls anew if
 * nothing was done. In the end the CMS must be as if nothing had happened: never a second page.
 *
 * One server is killed with few calls at a time, because the server has few connections to the CMS. `npm run test:chaos`
 * goes through every point of every write; the ordinary run through the points where most was done and least was told.
 */
const isWhole = process.env['CHAOS_KILLS'] !== undefined;
/** Calls that are stopped at a time: fewer than the server's connections to the CMS. */
const stopsAtOnce = 3;

const closers: (() => Promise<unknown> | unknown)[] = [];
afterEach(closeAll);

describe.each(['embedded', 'redis'] as const)('writes that are cut off, on %s', (storage) => {
  const cases = [
    {
      name: 'are done once when their server is killed and the agent tries again',
      cut: async (stage: Stage) => {
        await stage.first.kill('SIGKILL');
        return stage.another();
      },
    },
    {
      name: 'are done once when the agent gives up waiting and tries again',
      cut: async (stage: Stage, givesUp: AbortController) => {
        givesUp.abort();
        return storage === 'redis' ? stage.another() : stage.first;
      },
    },
  ];

  it.each(cases)('$name', { timeout: 3_600_000 }, async ({ cut }) => {
    undisturbed ??= runUndisturbed();
    const { stops, views } = await undisturbed;
    const told: Record<string, string> = {};
    for (const wave of wavesOf(stops)) {
      const stage = await openStage(storage);
      const rows = writes.filter(({ mark }) => wave.some((stop) => stop.mark === mark));
      const answers = await cutOff(stage, rows, wave, (givesUp) => cut(stage, givesUp));
      for (const [index, row] of rows.entries()) {
        const point = JSON.stringify(wave.find(({ mark }) => mark === row.mark));
        told[`${row.tool} ${point}`] = answers[index] ?? '';
        expect(viewOf(row, stage.state), `${row.tool} ${point}: ${answers[index]}`).toEqual(views[row.tool]);
      }
      await closeAll();
    }
    if (isWhole) process.stdout.write(`${storage}: ${JSON.stringify(told, undefined, 1)}\n`);
  });
});

/** Some stops at a time, each of another write. */
function wavesOf(stops: ReadonlyMap<string, readonly Stop[]>): readonly (readonly Stop[])[] {
  if (!isWhole) {
    const last = writes.filter(({ isShort }) => isShort).map(({ mark }) => stops.get(mark)?.at(-1) as Stop);
    return [last];
  }
  const pointsMax = Math.max(...stops.values().map((own) => own.length));
  const rounds = Array.from({ length: pointsMax }, (_, at) =>
    [...stops.values()].flatMap((own) => own.slice(at, at + 1)),
  );
  return rounds.flatMap((round) =>
    Array.from({ length: Math.ceil(round.length / stopsAtOnce) }, (_, at) =>
      round.slice(at * stopsAtOnce, (at + 1) * stopsAtOnce),
    ),
  );
}

let undisturbed: Promise<Undisturbed> | undefined;

/** The points of each write, and what it leaves. */
interface Undisturbed {
  readonly stops: ReadonlyMap<string, readonly Stop[]>;
  readonly views: Readonly<Record<string, unknown>>;
}

async function runUndisturbed(): Promise<Undisturbed> {
  const stage = await openStage('embedded');
  const agent = await stage.connect(stage.first);
  const stops = new Map<string, readonly Stop[]>();
  for (const row of writes) {
    const input = await row.input(readerOf(agent), stage.state);
    stage.gate.stopAt([]);
    const answer = await settled(agent, await agent.callTool(row.tool, input));
    expect(answer.isError, `${row.tool}: ${answer.text}`).toBe(false);
    const count = stage.gate.writes(row.mark);
    expect(count, `writes of ${row.tool}`).toBeGreaterThan(0);
    stops.set(
      row.mark,
      Array.from({ length: count }, (_, at) => at + 1).flatMap((write) =>
        (['before', 'acted'] as const).map((at) => ({ mark: row.mark, write, at })),
      ),
    );
  }
  const views = Object.fromEntries(writes.map((row) => [row.tool, viewOf(row, stage.state)]));
  await closeAll();
  return { stops, views };
}

/** Makes the calls, cuts each at its stop, and does what an agent does then. Answers what it was told of each. */
async function cutOff(
  stage: Stage,
  rows: readonly WriteRow[],
  stops: readonly Stop[],
  cut: (givesUp: AbortController) => Promise<ServerProcess>,
): Promise<readonly string[]> {
  const agent = await stage.connect(stage.first);
  const calls = new Map<WriteRow, { readonly input: Record<string, unknown>; readonly key: string }>();
  for (const row of rows) {
    calls.set(row, { input: await row.input(readerOf(agent), stage.state), key: randomUUID() });
  }
  stage.gate.stopAt(stops);
  const givesUp = new AbortController();
  const first = [...calls].map(([row, { input, key }]) =>
    agent.callTool(row.tool, input, { ...keyed(key), signal: givesUp.signal }).catch((error: unknown) => String(error)),
  );
  const early = await Promise.race([Promise.all(first), untilStopped(stage.gate, stops)]);
  const missing = stops.filter(({ mark }) => !stage.gate.stopped().includes(mark));
  expect(early, `ended before their stops: ${JSON.stringify(missing)}`).toBeUndefined();
  const next = await cut(givesUp);
  stage.gate.cut();
  await Promise.all(first);
  const again = await stage.connect(next);
  return Promise.all([...calls].map(([row, call]) => tryAgain(row, call, again, stage.state)));
}

async function untilStopped(gate: CmsGate, stops: readonly Stop[]): Promise<undefined> {
  const missing = () => stops.filter(({ mark }) => !gate.stopped().includes(mark));
  try {
    await poll('every write to be at its stop', () => missing().length === 0, { timeoutMs: 60_000 });
  } catch (cause) {
    throw new Error(`Not at their stops: ${JSON.stringify(missing())}`, { cause });
  }
}

/** The same call under the same key until it is answered; where that is no success, a look, and a call of its own. */
async function tryAgain(
  row: WriteRow,
  { input, key }: { readonly input: Record<string, unknown>; readonly key: string },
  agent: TestClient,
  state: SandboxState,
): Promise<string> {
  const answer = await poll(
    `${row.tool} to be answered`,
    async () => {
      const told = await agent.callTool(row.tool, input, keyed(key));
      return !told.text.includes('has not ended') && told;
    },
    { timeoutMs: 60_000, everyMs: 500 },
  );
  if (!answer.isError) {
    const ended = await settled(agent, answer);
    expect(ended.isError, ended.text).toBe(false);
    // A job ends well although the connection to the CMS broke under one of its writes: then its result says so.
    if (!ended.text.includes('OUTCOME_UNKNOWN')) return 'done';
  }
  if (row.isDone(state)) return `done: ${answer.text}`;
  const anew = await agent.callTool(row.tool, await row.input(readerOf(agent), state), keyed(randomUUID()));
  const ended = await settled(agent, anew);
  expect(ended.isError, `${row.tool}: ${answer.text}, then ${ended.text}`).toBe(false);
  return `anew: ${answer.text}`;
}

/** The end of the job that a call has started, if it has. */
async function settled(agent: TestClient, answer: ToolResult): Promise<ToolResult> {
  const job = answer.structured?.['job'];
  if (answer.isError || typeof job !== 'string') return answer;
  return poll(
    `${job} to end`,
    async () => {
      const now = await agent.callTool('get_job', { job, wait_seconds: 5 });
      return !['queued', 'running'].includes(String(now.structured?.['state'])) && now;
    },
    { timeoutMs: 120_000 },
  );
}

const keyed = (key: string) => ({ meta: { 'ingeniux/idempotency-key': key } });

function readerOf(agent: TestClient) {
  return {
    call: async (tool: string, input: Record<string, unknown>) => {
      const answer = await agent.callTool(tool, input);
      expect(answer.isError, `${tool}: ${answer.text}`).toBe(false);
      return { ...answer.structured };
    },
  };
}

const viewOf = (row: WriteRow, state: SandboxState): unknown => structuredClone(row.view(state));

interface Stage {
  readonly state: SandboxState;
  readonly gate: CmsGate;
  readonly first: ServerProcess;
  /** One more server over the same storage. */
  another(): Promise<ServerProcess>;
  connect(server: ServerProcess): Promise<TestClient>;
}

async function openStage(storage: 'embedded' | 'redis'): Promise<Stage> {
  const state = createSeedState();
  for (const row of writes) row.prepare?.(state);
  const sandbox = await startSandbox({ port: 0, state, knobs: { publishTickMs: 20 } });
  closers.push(() => sandbox.close());
  const gate = await startCmsGate(
    sandbox.origin,
    writes.map(({ mark }) => mark),
  );
  closers.push(() => gate.close());
  const folder = temporaryFolder();
  closers.push(folder.remove);
  const redis = storage === 'redis' ? await startRedis({ appendOnly: true }) : undefined;
  if (redis !== undefined) closers.push(() => redis.close());
  const settings: Settings = {
    CMS_BASE_URL: sandbox.siteRoot.replace(sandbox.origin, gate.origin),
    OAUTH_CLIENT_ID: 'sandbox-publisher',
    OAUTH_CLIENT_SECRET: 'sandbox-secret-publisher',
    DATA_DIR: folder.path,
    RATE_LIMIT_RPM: '10000',
    WORKER_INLINE: 'true',
    ...(redis === undefined ? {} : { REDIS_URL: redis.url }),
  };
  const another = async () => {
    const server = await startServer(settings);
    closers.push(() => server.close());
    return server;
  };
  const first = await another();
  const scopes = 'cms:read cms:write cms:publish';
  const issued = await runCommand(['token', 'issue', '--subject', 'ada', '--scopes', scopes], settings);
  expect(issued.exitCode, issued.stderr).toBe(0);
  return {
    state,
    gate,
    first,
    another,
    connect: async (server) => {
      const client = await connectClient('v2 auto', new URL(`${server.url}/mcp/x/all`), issued.stdout.trim());
      // The server may be gone by then.
      closers.push(() => client.close().catch(() => undefined));
      return client;
    },
  };
}

async function closeAll(): Promise<void> {
  for (let close = closers.pop(); close !== undefined; close = closers.pop()) await close();
}
