import { Pool } from 'undici';
import { startOtlpReceiver } from '../test/support/otlp-receiver.ts';
import { modernRequest } from '../test/support/raw-http.ts';
import { type Benchmark, figure, median, processorMs, type Server, startServer, temporaryFolder } from './harness.ts';
import { issueToken } from './issue-token.ts';

/** What tracing costs a call, and what a collector costs it that is slow, refuses or is not there. */
export const collectorCost: Benchmark = {
  name: 'collector-cost',
  asks: 'What does a call cost with traces, and with a collector that hangs, refuses or is dead?',
  async run() {
    const closers: (() => Promise<void> | void)[] = [];
    try {
      const collectors = {
        takes: await startOtlpReceiver('takes'),
        hangs: await startOtlpReceiver('hangs'),
        refuses: await startOtlpReceiver('refuses'),
      };
      for (const collector of Object.values(collectors)) closers.push(() => collector.close());
      const dead = await startOtlpReceiver('takes');
      await dead.close();
      const to = (url: string) => ({ OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' });
      const targets: Target[] = [];
      for (const [what, settings] of [
        ['a collector that takes everything (the baseline)', to(collectors.takes.url)],
        ['one that never answers', to(collectors.hangs.url)],
        ['one that says 503', to(collectors.refuses.url)],
        ['a port where nobody listens', to(dead.url)],
        ['no collector', {}],
        ['OTEL_SDK_DISABLED', { OTEL_SDK_DISABLED: 'true' }],
      ] as const) {
        const folder = temporaryFolder();
        closers.push(folder.remove);
        const own = { DATA_DIR: folder.path, RATE_LIMIT_RPM: '1000000', ...settings };
        const server = await startServer(['dist/main.js', 'serve'], own);
        const connected = new Pool(server.url, { connections });
        closers.push(
          () => server.close(),
          () => connected.close(),
        );
        targets.push({ what, server, pool: connected, token: await issueToken(own) });
      }
      for (const target of targets) await load(target);
      const rounds: (readonly Measured[])[] = [];
      for (let round = 0; round < roundsMax; round += 1) {
        const measured: Measured[] = [];
        // All of them in each round: what else the machine does meanwhile falls on all of them alike.
        for (const target of targets) measured.push(await load(target));
        rounds.push(measured);
      }
      return {
        columns: [
          'collector',
          'p99, times the baseline',
          'p50, times the baseline',
          'processor time, times the baseline',
        ],
        rows: targets.map(({ what }, at) => {
          const [own, baseline] = [at, 0].map((index) => pool(rounds.map((round) => round[index])));
          const processor = rounds.map((round) => perCall(round[at]) / perCall(round[0]));
          return [
            what,
            figure(share(own, 0.99) / share(baseline, 0.99)),
            figure(share(own, 0.5) / share(baseline, 0.5)),
            figure(median(processor)),
          ];
        }),
        remarks: [
          `${roundsMax} interleaved rounds of ${callsOfRound} calls of search_operations, which asks no CMS, on ${connections} connections; three spans a call. p99 and p50 are those of all rounds together, processor time is the median of the rounds.`,
        ],
      };
    } finally {
      for (let close = closers.pop(); close !== undefined; close = closers.pop()) await close();
    }
  },
};

const connections = 4;
const callsOfRound = 600;
const roundsMax = 8;

interface Target {
  readonly what: string;
  readonly server: Server;
  readonly pool: Pool;
  readonly token: string;
}

interface Measured {
  readonly tookMs: readonly number[];
  readonly processorMs: number;
}

/** What the calls of all rounds took, in order. */
const pool = (rounds: readonly (Measured | undefined)[]): readonly number[] =>
  rounds.flatMap((round) => round?.tookMs ?? []).toSorted((one, other) => one - other);

/** Not a number where nothing was measured. */
const share = (sorted: readonly number[] | undefined, of: number): number =>
  sorted?.[Math.floor(sorted.length * of)] ?? Number.NaN;

const perCall = (measured: Measured | undefined): number => measured?.processorMs ?? Number.NaN;

async function load({ server, pool: connected, token }: Target): Promise<Measured> {
  const { headers, body } = modernRequest(token, 'tools/call', {
    name: 'search_operations',
    arguments: { query: 'create a page' },
  });
  const tookMs: number[] = [];
  const processorMsBefore = processorMs(server.pid) ?? Number.NaN;
  const oneAfterTheOther = async (): Promise<void> => {
    for (let call = 0; call < callsOfRound / connections; call += 1) {
      const startMs = performance.now();
      const answer = await connected.request({ method: 'POST', path: '/mcp/x/all', headers, body });
      const text = await answer.body.text();
      tookMs.push(performance.now() - startMs);
      if (answer.statusCode !== 200) throw new Error(`A call was answered with ${answer.statusCode}: ${text}`);
    }
  };
  await Promise.all(Array.from({ length: connections }, oneAfterTheOther));
  return { tookMs, processorMs: (processorMs(server.pid) ?? Number.NaN) - processorMsBefore };
}
