// npm run check: everything that can be said of the sources without running the product. Readable by old Nodes.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureInstalled } from './ensure-installed.mjs';
import { runNode, tell } from './run.mjs';

const inModules = (...path) => join('node_modules', ...path);

/** What is checked, each by a program that exits with 0 when all is well. */
export const checks = [
  { name: 'types', args: [inModules('typescript', 'bin', 'tsc'), '--noEmit'] },
  { name: 'lint', args: [inModules('@biomejs', 'biome', 'bin', 'biome'), 'check', '--error-on-warnings'] },
  {
    name: 'unused files and packages',
    args: [inModules('knip', 'bin', 'knip.js'), '--no-progress', '--no-config-hints'],
  },
  { name: 'secrets', args: [inModules('secretlint', 'bin', 'secretlint.js'), '**/*', '.*'] },
  { name: 'generated files', args: [join('scripts', 'generate.ts'), '--check'] },
];

/** The import fences and the other laws of the source tree are tests. */
const architecture = {
  name: 'architecture',
  args: [inModules('vitest', 'vitest.mjs'), 'run', '--project', 'architecture'],
};

/** Runs all of them, also after one has failed; answers the names of those that failed. */
export async function runChecks(selected) {
  const failed = [];
  for (const { name, args } of selected) {
    console.log(`check: ${name}`);
    if ((await runNode(args)) !== 0) failed.push(name);
  }
  return failed;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.exitCode = await tell(async () => {
    await ensureInstalled({ dev: true });
    const failed = await runChecks([...checks, architecture]);
    console.log(failed.length === 0 ? 'check: all is well' : `check: failed: ${failed.join(', ')}`);
    return failed.length === 0 ? 0 : 1;
  });
}
