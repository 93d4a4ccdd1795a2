import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { callOverHttp } from './call-over-http.ts';
import { collectorCost } from './collector-cost.ts';
import { eventPropagation } from './event-propagation.ts';
import type { Benchmark, Table } from './harness.ts';
import { operationSearch } from './operation-search.ts';
import { queueSoak } from './queue-soak.ts';
import { queueThroughput } from './queue-throughput.ts';
import { startUp } from './start-up.ts';
import { tokenFootprint } from './token-footprint.ts';

/** npm run bench: runs all benchmarks, or the named ones, one after the other. */
const benchmarks: readonly Benchmark[] = [
  startUp,
  callOverHttp,
  tokenFootprint,
  operationSearch,
  queueThroughput,
  eventPropagation,
  queueSoak,
  collectorCost,
];

const usage = `npm run bench [-- name …]

Writes Markdown to standard output and what it is doing to standard error. Takes about a minute without those that run only when they are named.

${benchmarks.map(({ name, asks, isLong }) => `  ${name.padEnd(18)}${asks}${isLong === true ? ' (only when it is named)' : ''}`).join('\n')}
`;

const { values, positionals } = parseArgs({
  options: { help: { type: 'boolean', short: 'h' } },
  allowPositionals: true,
});
const unknown = positionals.filter((name) => !benchmarks.some((benchmark) => benchmark.name === name));
if (values.help === true) console.log(usage);
else if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(', ')}.\n\n${usage}`);
  process.exitCode = 64;
} else
  await runAll(
    benchmarks.filter(({ name, isLong }) => (positionals.length === 0 ? isLong !== true : positionals.includes(name))),
  );

async function runAll(selected: readonly Benchmark[]): Promise<void> {
  await ensureBuilt();
  const day = new Date().toISOString().slice(0, 10);
  const machine = `${availableParallelism()} cores, ${process.platform} ${process.arch}`;
  console.log(
    `# Benchmarks, ${day}\n\nNode ${process.versions.node}, ${machine}. How to read it: [README](../README.md).`,
  );
  for (const benchmark of selected) {
    console.error(`benchmark: ${benchmark.name}`);
    const startedAtMs = performance.now();
    const table = await benchmark.run();
    console.error(`benchmark: ${benchmark.name} took ${Math.round((performance.now() - startedAtMs) / 1000)} s`);
    console.log(`\n## ${benchmark.name}\n\n${benchmark.asks}\n\n${markdownOf(table)}`);
  }
}

/** Measures what people run, which is dist/, and as the sources are now. */
async function ensureBuilt(): Promise<void> {
  // The scripts are plain JavaScript, so that old Nodes can run them; this is all that is used of it here.
  const script: { ensureBuilt(): Promise<void> } = await import(new URL('../scripts/build.mjs', import.meta.url).href);
  await script.ensureBuilt();
}

/** The first column is words, the others are figures. */
function markdownOf({ columns, rows, remarks }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = line(columns.map((_, at) => (at === 0 ? '---' : '--:')));
  return [[line(columns), rule, ...rows.map(line)].join('\n'), ...remarks].join('\n\n');
}
