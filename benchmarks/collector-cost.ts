import { readFileSync } from 'node:fs';
import { Pool } from 'undici';
import { type OtlpReceiver, type ReceiverMode, startOtlpReceiver } from '../test/support/otlp-receiver.ts';
import { modernRequest } from '../test/support/raw-http.ts';
import { type Benchmark, figure, processorMs, type Server, startServer, temporaryFolder } from './harness.ts';
import { issueToken } from './issue-token.ts';

/**
 * What a collector costs a call that is slow, refuses or is not there, against one that takes everything.
 *
 * As many servers as there are manners of a collector run at once and are called in turns, one call at a time: what else
 * the machine does meets all of them alike. In each period every server has another manner, until each has had each (a
 * Latin square), so that what one process does better than another is no manner's gain. A healthy collector takes part
 * twice to show what noise alone makes.
 */
export const collectorCost: Benchmark = {
  name: 'collector-cost',
  asks: 'What does a collector cost a call that hangs, refuses or is dead?',
  isLong: true,
  async run() {
    const periods = await compare();
    const memory = await Promise.all(manners.map(memoryOf));
    const processor = manners.map((_, at) => sum(periods.map(({ processorMs }) => processorMs[at] ?? Number.NaN)));
    return {
      columns: [
        'collector',
        'p99, times the baseline (95 % interval)',
        'p50, times the baseline (95 % interval)',
        'processor time, times the baseline',
        'less than 5 % more at p99?',
        'memory after as many calls again, MB',
      ],
      rows: manners.map(({ what }, at) => {
        const p99 = ratio(periods, at, 0.99);
        return [
          what,
          withInterval(p99),
          withInterval(ratio(periods, at, 0.5)),
          figure((processor[at] ?? Number.NaN) / (processor[0] ?? Number.NaN)),
          at === 0 ? '–' : verdict(p99),
          memory[at] ?? '–',
        ];
      }),
      remarks: [
        `${squares * manners.length} periods of ${roundsOfPeriod.toLocaleString('en-US')} rounds, a call of search_operations to each of ${manners.length} servers in a round; it asks no CMS and makes three spans, all sampled. A period begins after ${settleRounds.toLocaleString('en-US')} rounds with the new manners: by then the queue of spans is full where the collector does not take them. The exporter's settings are the defaults.`,
        `A quantile is that of all calls of a manner. The interval is that of ${resamples} resamples of stretches of ${roundsOfStretch} rounds, the same ones for the manner and the baseline. “Yes” where all of it is below 1.05, “no” where all of it is above, else it cannot be told: the second row shows what noise alone makes.`,
        `Memory is resident memory of a server of its own, with a heap of ${heapMbMax} MB at most, after ${memoryCalls.toLocaleString('en-US')} calls, and how much it grew with as many again: bounded means that it grows no more than with a collector that takes everything.`,
      ],
    };
  },
};

const squares = 3;
const roundsOfPeriod = 4_000;
const roundsOfStretch = 100;
/** Three spans a round against a queue of 2,048 and batches of 512 that are given up after 10 s. */
const settleRounds = 1_500;
const resamples = 400;
const memoryCalls = 4_000;
const memoryConnections = 4;
/** So little that what is not collected shows soon: with a larger one V8 takes whatever the machine has. */
const heapMbMax = 128;

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

/** What was measured while each server had one manner; every list is in the order of `manners`. */
interface Period {
  /** The times of the calls, in milliseconds, in the order of the rounds. */
  readonly tookMs: readonly (readonly number[])[];
  readonly processorMs: readonly number[];
}

async function compare(): Promise<readonly Period[]> {
  return withTargets(manners.length, [], async (targets) => {
    const periods: Period[] = [];
    for (let period = 0; period < squares * manners.length; period += 1) {
      const inOrder = manners.map((_, at) => targets[(at + period) % targets.length] as Target);
      await Promise.all(inOrder.map((target, at) => become(target.collector, manners[at]?.mode ?? 'takes')));
      await inTurns(inOrder, settleRounds);
      const before = inOrder.map(usedMs);
      const tookMs = await inTurns(inOrder, roundsOfPeriod);
      periods.push({ tookMs, processorMs: inOrder.map((target, at) => usedMs(target) - (before[at] ?? Number.NaN)) });
    }
    return periods;
  });
}

/** Nobody is always the first of a round. */
async function inTurns(targets: readonly Target[], rounds: number): Promise<readonly (readonly number[])[]> {
  const tookMs = targets.map((): number[] => []);
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < targets.length; turn += 1) {
      const at = (round + turn) % targets.length;
      tookMs[at]?.push(await call(targets[at] as Target));
    }
  }
  return tookMs;
}

const usedMs = ({ server }: Target): number => processorMs(server.pid) ?? Number.NaN;

async function memoryOf({ mode }: Manner): Promise<string> {
  return withTargets(1, [`--max-old-space-size=${heapMbMax}`], async ([target]) => {
    if (target === undefined) throw new Error('There is no server to measure.');
    await become(target.collector, mode);
    await callAtOnce(target, memoryCalls);
    const first = residentMb(target.server);
    await callAtOnce(target, memoryCalls);
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

/** As many servers, each with a collector of its own, while `act` runs. */
async function withTargets<T>(
  count: number,
  nodeArgs: readonly string[],
  act: (targets: readonly Target[]) => Promise<T>,
): Promise<T> {
  const closers: (() => Promise<void> | void)[] = [];
  try {
    const targets: Target[] = [];
    while (targets.length < count) {
      const collector = await startOtlpReceiver();
      closers.push(() => collector.close());
      const folder = temporaryFolder();
      closers.push(folder.remove);
      const settings = {
        DATA_DIR: folder.path,
        RATE_LIMIT_RPM: '1000000',
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
        OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      };
      const server = await startServer([...nodeArgs, 'dist/main.js', 'serve'], settings);
      closers.push(() => server.close());
      const pool = new Pool(server.url, { connections: memoryConnections });
      closers.push(() => pool.close());
      targets.push({ collector, server, pool, token: await issueToken(settings) });
    }
    return await act(targets);
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

async function callAtOnce(target: Target, calls: number): Promise<void> {
  const oneAfterTheOther = async (): Promise<void> => {
    for (let done = 0; done < calls / memoryConnections; done += 1) await call(target);
  };
  await Promise.all(Array.from({ length: memoryConnections }, oneAfterTheOther));
}

/** Answers how long it took, in milliseconds. */
async function call({ pool, token }: Target): Promise<number> {
  const { headers, body } = modernRequest(token, 'tools/call', {
    name: 'search_operations',
    arguments: { query: 'create a page' },
  });
  const startMs = performance.now();
  const answer = await pool.request({ method: 'POST', path: '/mcp/x/all', headers, body });
  const text = await answer.body.text();
  if (answer.statusCode !== 200) throw new Error(`A call was answered with ${answer.statusCode}: ${text}`);
  return performance.now() - startMs;
}

interface Ratio {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** The ratio of a manner's quantile to the baseline's, with its interval by a paired bootstrap of stretches of rounds. */
function ratio(periods: readonly Period[], at: number, quantile: number): Ratio {
  const stretches = periods.flatMap(({ tookMs }) =>
    Array.from({ length: roundsOfPeriod / roundsOfStretch }, (_, stretch) => {
      const cut = (of: number) => tookMs[of]?.slice(stretch * roundsOfStretch, (stretch + 1) * roundsOfStretch) ?? [];
      return { mannerMs: cut(at), baselineMs: cut(0) };
    }),
  );
  const of = (sample: typeof stretches): number =>
    quantileOf(
      quantile,
      sample.flatMap(({ mannerMs }) => mannerMs),
    ) /
    quantileOf(
      quantile,
      sample.flatMap(({ baselineMs }) => baselineMs),
    );
  const resampled = Array.from({ length: resamples }, () =>
    of(stretches.map(() => stretches[Math.floor(Math.random() * stretches.length)] as (typeof stretches)[number])),
  );
  return { value: of(stretches), low: quantileOf(0.025, resampled), high: quantileOf(0.975, resampled) };
}

function quantileOf(quantile: number, values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.floor(sorted.length * quantile)] ?? Number.NaN;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const withInterval = ({ value, low, high }: Ratio): string => `${figure(value)} (${figure(low)} to ${figure(high)})`;

const limit = 1.05;

function verdict({ low, high }: Ratio): string {
  if (high < limit) return 'yes';
  return low > limit ? 'no' : 'cannot be told';
}

function residentMb({ pid }: Server): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) / 1024;
}
