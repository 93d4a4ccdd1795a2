// Installs the packages of the lock file where they are missing or others. Readable by old Nodes.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureNode } from './ensure-node.mjs';
import { root, runProgram } from './run.mjs';

/**
 * Ensures that the packages are those of `package-lock.json`, the ones for development as well when `dev`; what npm
 * prints goes to standard error. Throws when npm fails. An installed package, which has no lock file, is left as it is.
 */
export async function ensureInstalled({ dev }) {
  if (missingPackages(dev).length > 0) {
    console.error('Installing the packages of package-lock.json.');
    const windows = process.platform === 'win32';
    const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
    const exitCode = await runProgram('npm', args, { stdout: 2, shell: windows });
    if (exitCode !== 0) throw new Error(`npm ci failed with exit code ${exitCode}.`);
  }
  // Does its work only where npm ran without install scripts.
  ensureNode();
}

/** What the lock file asks for and npm's own record of the installed packages does not hold, or in another version. */
function missingPackages(dev) {
  const wanted = readPackages('package-lock.json');
  const installed = readPackages(join('node_modules', '.package-lock.json'));
  return Object.entries(wanted)
    .filter(([path, entry]) => path !== '' && !entry.optional && !entry.devOptional && (dev || !entry.dev))
    .filter(([path, entry]) => installed[path]?.version !== entry.version)
    .map(([path]) => path);
}

function readPackages(file) {
  const path = join(root, file);
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).packages : {};
}
