// npm test: brings a fresh checkout to the point where the tests run, then runs them. Readable by old Nodes.
//   node scripts/test.mjs [suite] [arguments of vitest]
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { ensureBuilt } from './build.mjs';
import { checks, runChecks } from './check.mjs';
import { ensureChromium } from './ensure-chromium.mjs';
import { ensureFaketime } from './ensure-faketime.mjs';
import { ensureInstalled } from './ensure-installed.mjs';
import { ensureOperations } from './ensure-operations.mjs';
import { ensureRedis } from './ensure-redis.mjs';
import { root, runNode, tell } from './run.mjs';

/** The suites in the order in which they run, one after the other so that two cores suffice, and what they need. */
const suites = [
  { name: 'architecture', needs: [] },
  { name: 'unit', needs: [] },
  { name: 'contract', needs: [ensureRedis] },
  { name: 'integration', needs: [ensureRedis, ensureBuilt] },
  { name: 'e2e', needs: [ensureRedis, ensureChromium, ensureFaketime, ensureBuilt] },
  { name: 'operations', needs: [ensureRedis, ensureOperations, ensureBuilt] },
];

const args = process.argv.slice(2).filter((arg) => arg !== '--');
const selected = suites.filter(({ name }) => name === args[0]);
const isAll = selected.length === 0;
const vitestArgs = isAll ? args : args.slice(1);

let isStopped = false;
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => (isStopped = true));

process.exitCode = await tell(async () => {
  const trouble = await prepare('installation', () => ensureInstalled({ dev: true }));
  if (trouble !== undefined) return report([trouble]);
  const results = isAll ? [await countChecks()] : [];
  for (const suite of isAll ? suites : selected) {
    if (!isStopped) results.push(await runSuite(suite));
  }
  return isStopped ? 1 : report(results);
});

function report(results) {
  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  // Last, since the end of a long log is what people look at first, and all that some build servers show.
  for (const { name, failures = [] } of results) {
    for (const failure of failures) console.log(`failed in ${name}: ${failure}`);
  }
  for (const { name, passed, failed, skipped } of results) {
    console.log(`${name}: ${passed} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`);
  }
  console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
  return sum('failed') === 0 && sum('passed') > 0 ? 0 : 1;
}

/** The checks count as tests: who reads only the last line must not miss one that failed. */
async function countChecks() {
  const failed = await runChecks(checks);
  if (failed.length > 0) console.error(`check: failed: ${failed.join(', ')}`);
  return { name: 'check', passed: checks.length - failed.length, failed: failed.length, skipped: 0 };
}

/** Answers a failed result when what was needed could not be had; it fails this suite, and not the others. */
async function prepare(name, ...needs) {
  try {
    for (const ensure of needs) await ensure();
    return undefined;
  } catch (failure) {
    console.error(`${name}: ${failure.message}`);
    return { name, passed: 0, failed: 1, skipped: 0 };
  }
}

async function runSuite({ name, needs }) {
  const trouble = await prepare(name, ...needs);
  if (trouble !== undefined) return trouble;
  const folder = mkdtempSync(join(tmpdir(), 'test-report-'));
  const reportFile = join(folder, 'report.json');
  try {
    const exitCode = await runNode(
      [
        join('node_modules', 'vitest', 'vitest.mjs'),
        'run',
        ...['--project', name, '--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`],
        ...vitestArgs,
      ],
      { env: { ...withoutSettings(), NODE_ENV: 'test' } },
    );
    return { name, ...count(reportFile, exitCode) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A file that could not be loaded has no tests that could fail; it counts as one. So does any other failure. */
function count(reportFile, exitCode) {
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = readReport(reportFile);
  const unloaded = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  );
  const failed = numFailedTests + unloaded.length;
  return {
    passed: numPassedTests,
    failed: exitCode !== 0 && failed === 0 ? 1 : failed,
    skipped: numPendingTests + numTodoTests,
    failures: [
      ...unloaded.map(({ name, message }) => describe(name, 'could not be run', message)),
      ...testResults.flatMap(({ name, assertionResults }) =>
        assertionResults
          .filter(({ status }) => status === 'failed')
          .map(({ fullName, failureMessages }) => describe(name, fullName, failureMessages[0])),
      ),
    ],
  };
}

/** Where it stands, what it is called, and the first line of why. */
function describe(file, what, why = '') {
  const [line = ''] = stripVTControlCharacters(why).split('\n');
  return `${relative(root, file)}: ${what}: ${line.slice(0, 300)}`;
}

/** Where vitest ended without a report, nothing is known to have passed; its exit code tells the rest. */
function readReport(reportFile) {
  if (existsSync(reportFile)) return JSON.parse(readFileSync(reportFile, 'utf8'));
  return { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, testResults: [] };
}

/** Tests give the settings they need; what the shell holds for a real CMS must not reach them. */
function withoutSettings() {
  const names = readFileSync(join(root, '.env.example'), 'utf8').matchAll(/^# ([A-Z][A-Z0-9_]*)=/gm);
  return Object.fromEntries(
    [...names].flatMap(([, name]) => [
      [name, undefined],
      [`${name}_FILE`, undefined],
    ]),
  );
}
