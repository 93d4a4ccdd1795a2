import { readFileSync } from 'node:fs';
import { Pool } from 'undici';
import { type OtlpReceiver, type ReceiverMode, startOtlpReceiver } from '../test/support/otlp-receiver.ts';
import { modernRequest } from '../test/support/raw-http.ts';
import { type Benchmark, figure, median, processorMs, type Server, startServer, temporaryFolder } from './harness.ts';
import { issueToken } from './issue-token.ts';

/**
 * What a collector costs a call that is slow, refuses or is not there, against one that takes everything.
 *
 * One server and one collector, whose manner changes from block to block: nothing but that differs between two blocks of
 * a round. The order is another one in each round, a healthy collector is measured twice in each to show what noise
 * alone makes, and what is shown is the median of the rounds' ratios with its confidence interval.
 */
export const collectorCost: Benchmark = {
  name: 'collector-cost',
  asks: 'What does a collector cost a call that hangs, refuses or is dead?',
  async run() {
    const rounds = await compare();
    const memory = await Promise.all(manners.slice(1).map(memoryOf));
    return {
      columns: [
        'collector',
        'p99, times the baseline (95 % interval)',
        'p50, times the baseline (95 % interval)',
        'processor time, times the baseline',
        'less than 5 % more at p99?',
        'memory after as many calls again, MB',
      ],
      rows: manners.map((manner, at) => {
        const ratios = (of: (block: Block) => number) =>
          rounds.map((round) => of(round[at] as Block) / of(round[0] as Block));
        const p99 = ratios(({ tookMs }) => share(tookMs, 0.99));
        return [
          manner.what,
          withInterval(p99),
          withInterval(ratios(({ tookMs }) => share(tookMs, 0.5))),
          figure(median(ratios((block) => block.processorMs))),
          at === 0 ? '–' : verdict(p99),
          at === 0 ? '–' : (memory[at - 1] ?? '–'),
        ];
      }),
      remarks: [
        `${roundsMax} rounds of ${manners.length} blocks in random order, each of ${callsOfBlock} calls of search_operations, which asks no CMS, on ${connections} connections; three spans a call, all sampled. A block begins ${settleMs} ms after the collector changed its manner, under the same load.`,
        'p99 and p50 are those of a block; a ratio is taken within a round. The interval is that of the median by order statistics. “Yes” where all of it is below 1.05, “no” where all of it is above, else the machine was too busy to tell: the second row shows what noise alone makes.',
        `Memory is resident memory of a server of its own after ${memoryCalls} calls, and how much it grew with as many again: bounded means that it does not grow with the calls.`,
      ],
    };
  },
};

const connections = 4;
const callsOfBlock = 300;
const roundsMax = 30;
const memoryCalls = 4_000;

/** The exporter gives up after this, so that a block has nothing of the manner of the one before. */
const timeoutMs = 500;
const settleMs = 2 * timeoutMs;

interface Manner {
  readonly what: string;
  readonly mode: ReceiverMode | 'dead';
}

/** The first one is the baseline. */
const manners: readonly Manner[] = [
  { what: 'takes everything (the baseline)', mode: 'takes' },
  { what: 'takes everything, once more: noise', mode: 'takes' },
  { what: 'never answers', mode: 'hangs' },
  { what: 'says 503', mode: 'refuses' },
  { what: 'is dead: nobody listens', mode: 'dead' },
];

interface Block {
  /** In order. */
  readonly tookMs: readonly number[];
  readonly processorMs: number;
}

/** The blocks of each round, in the order of `manners`. */
async function compare(): Promise<readonly (readonly Block[])[]> {
  return withTarget(async (target) => {
    const rounds: Block[][] = [];
    for (let round = 0; round < roundsMax; round += 1) {
      const blocks: Block[] = [];
      for (const at of shuffled(manners.map((_, index) => index))) {
        await become(target.collector, manners[at]?.mode ?? 'takes');
        const until = performance.now() + settleMs;
        while (performance.now() < until) await load(target, connections);
        blocks[at] = await load(target, callsOfBlock);
      }
      rounds.push(blocks);
    }
    return rounds;
  });
}

async function memoryOf({ mode }: Manner): Promise<string> {
  return withTarget(async (target) => {
    await become(target.collector, mode);
    await load(target, memoryCalls);
    const first = residentMb(target.server);
    await load(target, memoryCalls);
    const growth = residentMb(target.server) - first;
    return `${figure(first)} ${growth < 0 ? '−' : '+'} ${figure(Math.abs(growth))}`;
  });
}

interface Target {
  readonly collector: OtlpReceiver;
  readonly server: Server;
  readonly pool: Pool;
  readonly token: string;
}

async function withTarget<T>(act: (target: Target) => Promise<T>): Promise<T> {
  const closers: (() => Promise<void> | void)[] = [];
  try {
    const collector = await startOtlpReceiver();
    closers.push(() => collector.close());
    const folder = temporaryFolder();
    closers.push(folder.remove);
    const settings = {
      DATA_DIR: folder.path,
      RATE_LIMIT_RPM: '1000000',
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_EXPORTER_OTLP_TIMEOUT: String(timeoutMs),
    };
    const server = await startServer(['dist/main.js', 'serve'], settings);
    closers.push(() => server.close());
    const pool = new Pool(server.url, { connections });
    closers.push(() => pool.close());
    const target = { collector, server, pool, token: await issueToken(settings) };
    await load(target, callsOfBlock);
    return await act(target);
  } finally {
    for (let close = closers.pop(); close !== undefined; close = closers.pop()) await close();
  }
}

async function become(collector: OtlpReceiver, mode: Manner['mode']): Promise<void> {
  // What hangs ends with its connection.
  await collector.goAway();
  if (mode === 'dead') return;
  collector.mode = mode;
  await collector.comeBack();
}

async function load({ server, pool, token }: Target, calls: number): Promise<Block> {
  const { headers, body } = modernRequest(token, 'tools/call', {
    name: 'search_operations',
    arguments: { query: 'create a page' },
  });
  const tookMs: number[] = [];
  const processorMsBefore = processorMs(server.pid) ?? Number.NaN;
  const oneAfterTheOther = async (): Promise<void> => {
    for (let call = 0; call < calls / connections; call += 1) {
      const startMs = performance.now();
      const answer = await pool.request({ method: 'POST', path: '/mcp/x/all', headers, body });
      const text = await answer.body.text();
      tookMs.push(performance.now() - startMs);
      if (answer.statusCode !== 200) throw new Error(`A call was answered with ${answer.statusCode}: ${text}`);
    }
  };
  await Promise.all(Array.from({ length: connections }, oneAfterTheOther));
  return {
    tookMs: tookMs.toSorted((one, other) => one - other),
    processorMs: (processorMs(server.pid) ?? Number.NaN) - processorMsBefore,
  };
}

const share = (sorted: readonly number[], of: number): number => sorted[Math.floor(sorted.length * of)] ?? Number.NaN;

/** The 95 % interval of a median by order statistics: of any distribution, and without resampling. */
function intervalOf(values: readonly number[]): readonly [number, number] {
  const sorted = values.toSorted((one, other) => one - other);
  const rank = Math.max(0, Math.floor(sorted.length / 2 - 0.98 * Math.sqrt(sorted.length)));
  return [sorted[rank] ?? Number.NaN, sorted[sorted.length - 1 - rank] ?? Number.NaN];
}

function withInterval(ratios: readonly number[]): string {
  const [low, high] = intervalOf(ratios);
  return `${figure(median(ratios))} (${figure(low)} to ${figure(high)})`;
}

const limit = 1.05;

function verdict(ratios: readonly number[]): string {
  const [low, high] = intervalOf(ratios);
  if (high < limit) return 'yes';
  return low > limit ? 'no' : 'cannot be told';
}

function residentMb({ pid }: Server): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) / 1024;
}

function shuffled<T>(values: readonly T[]): readonly T[] {
  return values
    .map((value) => ({ value, at: Math.random() }))
    .toSorted((one, other) => one.at - other.at)
    .map(({ value }) => value);
}
