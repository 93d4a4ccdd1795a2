// npm run gen: writes the files that are made from the sources. With --check it writes nothing, and fails when one
// of them is not as it would be written.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { dashboards, renderDashboard } from './dashboards/index.ts';
import { renderAbilities } from './reference/abilities.ts';
import { renderConfiguration } from './reference/configuration.ts';
import { renderEnvExample } from './reference/env-example.ts';
import { renderErrors } from './reference/errors.ts';
import { renderMetrics } from './reference/metrics.ts';
import { renderOperations } from './reference/operations.ts';
import { renderResources } from './reference/resources.ts';
import { renderSandbox } from './reference/sandbox.ts';
import { renderToolSurface, renderTools } from './reference/tools.ts';

const generated: readonly (readonly [string, () => string])[] = [
  ['.env.example', renderEnvExample],
  ['docs/reference/abilities.md', renderAbilities],
  ['docs/reference/configuration.md', renderConfiguration],
  ['docs/reference/errors.md', renderErrors],
  ['docs/reference/metrics.md', renderMetrics],
  ['docs/reference/operations.md', renderOperations],
  ['docs/reference/resources.md', renderResources],
  ['docs/reference/sandbox.md', renderSandbox],
  ['docs/reference/tools.md', renderTools],
  ['docs/reference/tools.json', renderToolSurface],
  ...Object.entries(dashboards).map(
    ([name, table]) => [`ops/grafana/dashboards/${name}.json`, () => renderDashboard(table)] as const,
  ),
];

const root = dirname(import.meta.dirname);
const stale = generated
  .map(([path, render]) => ({ path, text: render() }))
  .filter(({ path, text }) => readIfThere(join(root, path)) !== text);

if (!process.argv.includes('--check')) {
  for (const { path, text } of stale) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
    console.log(`wrote ${path}`);
  }
} else if (stale.length > 0) {
  console.error(`Not up to date: ${stale.map(({ path }) => path).join(', ')}. Run "npm run gen".`);
  process.exitCode = 1;
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').replaceAll('\r\n', '\n');
  } catch {
    // A file that is missing has to be written, like one that differs.
    return undefined;
  }
}
