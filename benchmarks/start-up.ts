import { type Benchmark, figure, median, startServer, temporaryFolder, timeProgram } from './harness.ts';

/** How long people wait for `npm start`, measured against the start of an empty Node. */
export const startUp: Benchmark = {
  name: 'start-up',
  asks: 'How long until npm start serves, and until it refuses a broken configuration?',
  async run() {
    const folder = temporaryFolder();
    try {
      const timings = scenarios(folder.path);
      // Unmeasured: fills the disk cache and lets the sandbox write its state, so that what follows is a second start.
      for (const { time } of timings) await time();
      const rounds: number[][] = [];
      for (let round = 0; round < roundsMax; round++) {
        const times: number[] = [];
        for (const { time } of timings) times.push(await time());
        rounds.push(times);
      }
      return {
        columns: ['what', 'times `node -e 0`', 'ms'],
        rows: timings.map(({ what }, at) => {
          const times = rounds.map((round) => round[at] ?? Number.NaN);
          const ratios = rounds.map((round) => (round[at] ?? Number.NaN) / (round[0] ?? Number.NaN));
          return [what, figure(median(ratios)), figure(median(times))];
        }),
        remarks: [
          `Median of ${roundsMax} rounds. \`npm start\` is measured from its script on: npm itself comes before it, the same for every project. "Listens" is the log line of the server, with the sandbox CMS ready beside it.`,
        ],
      };
    } finally {
      folder.remove();
    }
  },
};

const roundsMax = 3;

/** The first one is what the others are measured against. */
function scenarios(dataDir: string): readonly { readonly what: string; time(): Promise<number> }[] {
  const settings = { DATA_DIR: dataDir };
  return [
    { what: '`node -e 0`', time: () => timeEnd(['-e', '0'], {}, 0) },
    { what: 'second `npm start` until it listens', time: () => timeListening(['scripts/start.mjs'], settings) },
    { what: '`serve` alone until it listens', time: () => timeListening(serve, settings) },
    {
      what: '`npm start` with `PORT=abc` until it has stopped',
      time: () => timeEnd(['scripts/start.mjs'], broken, 78),
    },
    { what: '`serve` alone, likewise', time: () => timeEnd(serve, broken, 78) },
  ];
}

const serve = ['dist/main.js', 'serve'];
const broken = { PORT: 'abc' };

async function timeListening(args: readonly string[], settings: Readonly<Record<string, string>>): Promise<number> {
  const server = await startServer(args, settings);
  await server.close();
  return server.startMs;
}

async function timeEnd(
  args: readonly string[],
  settings: Readonly<Record<string, string>>,
  expectedExitCode: number,
): Promise<number> {
  const { ms, exitCode } = await timeProgram(args, settings);
  if (exitCode !== expectedExitCode) throw new Error(`node ${args.join(' ')} ended with ${exitCode}.`);
  return ms;
}
