import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface ConformanceRun {
  /** 0 when every scored scenario passed, or failed as the baseline says. */
  readonly exitCode: number;
  /** Scenario by scenario, in the order they ran; also those that the revision does not score. */
  readonly scenarios: ReadonlyMap<string, { readonly passed: number; readonly failed: number }>;
  readonly output: string;
}

/** The suite runs some sixty scenarios in a few seconds; this only ends a run that hangs. */
const runMsMax = 150_000;
const outputBytesMax = 16 * 1_048_576;

const suite = fileURLToPath(
  new URL('../../node_modules/@modelcontextprotocol/conformance/dist/index.js', import.meta.url),
);

/** Runs the pinned conformance suite against a server, in a process of its own. */
export function runConformance(url: string, revision: string, baseline: string): Promise<ConformanceRun> {
  return runSuite(['--url', url, '--requirements', revision, '--expected-failures', baseline]);
}

/** Runs one scenario, whether any revision scores it or not. */
export function runScenario(url: string, scenario: string): Promise<ConformanceRun> {
  return runSuite(['--url', url, '--scenario', scenario]);
}

async function runSuite(options: readonly string[]): Promise<ConformanceRun> {
  const folder = await mkdtemp(join(tmpdir(), 'conformance-'));
  const args = [suite, 'server', ...options, '-o', folder];
  try {
    return await new Promise<ConformanceRun>((resolve, reject) => {
      execFile(
        process.execPath,
        args,
        { timeout: runMsMax, maxBuffer: outputBytesMax, encoding: 'utf8', cwd: folder },
        (error, stdout, stderr) => {
          const output = `${stdout}\n${stderr}`;
          if (error !== null && typeof error.code !== 'number') {
            reject(new Error(`The suite did not end by itself: ${error.message}\n${output.slice(-4000)}`));
            return;
          }
          resolve({ exitCode: Number(error?.code ?? 0), scenarios: readSummary(output), output });
        },
      );
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function readSummary(output: string): ConformanceRun['scenarios'] {
  const lines = output.matchAll(/^[✓✗] ([a-z0-9-]+): (\d+) passed, (\d+) failed/gm);
  return new Map(
    [...lines].map(([, name = '', passed, failed]) => [name, { passed: Number(passed), failed: Number(failed) }]),
  );
}
