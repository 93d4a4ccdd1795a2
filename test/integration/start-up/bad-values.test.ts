import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/infrastructure/config/load.ts';
import { readSecretFile } from '../../../src/infrastructure/config/read-secret-file.ts';
import { type BrokenEnvironment, brokenEnvironments, CANARY } from './broken-environments.ts';

const ENTRY = join(import.meta.dirname, '../../../src/main.ts');
/** What sysexits.h calls EX_CONFIG. */
const EXIT_CONFIGURATION = 78;
/** Ends a process that hangs; a start that is stopped takes a fraction of it. */
const HUNG_AFTER_MS = 30_000;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'start-up-'));
  for (const { files } of brokenEnvironments) {
    for (const [name, text] of Object.entries(files ?? {})) writeFileSync(join(folder, name), text);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('knows 30 broken environments or more', () => {
  expect(brokenEnvironments.length).toBeGreaterThanOrEqual(30);
});

describe('loadConfig reports every problem and no secret', () => {
  it.each(brokenEnvironments)('$what', (broken) => {
    const result = loadConfig(environmentOf(broken), readSecretFile);
    const problems = result.ok ? [] : result.problems;
    for (const pattern of broken.problems) expect(problems).toContainEqual(expect.stringMatching(pattern));
    expect(problems).toHaveLength(broken.problems.length);
    expect(JSON.stringify(result)).not.toContain(CANARY);
  });
});

describe('the real entry stops, lists every problem and shows no secret', () => {
  it.concurrent.each(brokenEnvironments)('$what', async (broken) => {
    const { exitCode, stdout, stderr } = await start(environmentOf(broken));
    for (const pattern of broken.problems) {
      // In a list, a problem stands after its bullet and need not begin the line.
      expect(stderr).toMatch(new RegExp(pattern.source.replace(/^\^/, '')));
    }
    expect(`${stdout}${stderr}`).not.toContain(CANARY);
    expect(stderr).not.toMatch(/^\s+at .*:\d+:\d+/m);
    expect(stdout).toBe('');
    expect(exitCode).toBe(EXIT_CONFIGURATION);
  });
});

function environmentOf({ env }: BrokenEnvironment): Record<string, string> {
  const paths = Object.entries(env).map(([name, value]) => [
    name,
    value.replace(/^@(\w+)@$/, (_, file: string) => join(folder, file)),
  ]);
  return Object.fromEntries(paths);
}

function start(env: Record<string, string>): Promise<{ exitCode: unknown; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [ENTRY, 'serve'],
      // Its own folder, so that no settings file of the checkout counts; PATH is all that a start needs beside.
      { cwd: folder, env: { PATH: process.env['PATH'], ...env }, timeout: HUNG_AFTER_MS, killSignal: 'SIGKILL' },
      (failure, stdout, stderr) => resolve({ exitCode: failure?.code ?? (failure?.signal || 0), stdout, stderr }),
    );
  });
}
