// The package as somebody has it who installed it: what is published, not what lies about in the checkout.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, runProgram } from './run.mjs';

const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** Does something with a folder in which the package is installed: the given one, or a new one that goes afterwards. */
export async function withInstalledPackage(given, act) {
  if (given !== undefined) return act(given);
  const folder = mkdtempSync(join(tmpdir(), 'package-'));
  try {
    await npm('pack', '--pack-destination', folder);
    const tarball = join(folder, `${name}-${version}.tgz`);
    await npm('install', '--prefix', folder, '--omit=dev', '--ignore-scripts', tarball);
    return await act(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function npm(...args) {
  const exitCode = await runProgram('npm', [...args, '--no-audit', '--no-fund'], { stdout: 2 });
  if (exitCode !== 0) throw new Error(`npm ${args[0]} ended with exit code ${exitCode}.`);
}
