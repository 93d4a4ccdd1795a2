// Builds dist/: the product from src/, the sandbox CMS from sandbox/. Readable by old Nodes.
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureInstalled } from './ensure-installed.mjs';
import { root, runNode, tell } from './run.mjs';
import { sourceCommit } from './source-commit.mjs';

const dist = join(root, 'dist');
const entry = join(dist, 'main.js');
/** Holds the digest of the sources that dist/ was built from. */
const stamp = join(dist, '.built-from');
/** What the product tells of its build: the commit, or an empty text. */
const facts = join(dist, 'build.json');

const parts = [
  { project: 'tsconfig.build.json', sources: 'src', output: 'dist' },
  { project: 'sandbox/tsconfig.json', sources: 'sandbox', output: 'dist/sandbox' },
];

/** True when dist/ was built from the sources as they are, or there are no sources to build from. */
export function isBuilt() {
  if (!existsSync(entry)) return false;
  if (!existsSync(join(root, 'src'))) return true;
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === digestOfSources();
}

/** Builds everything; answers the exit code of the compiler. */
export async function build() {
  const digest = digestOfSources();
  rmSync(stamp, { force: true });
  // Standard output belongs to the command that is started after this.
  for (const { project } of parts) {
    const exitCode = await runNode([join('node_modules', 'typescript', 'bin', 'tsc'), '-p', project], { stdout: 2 });
    if (exitCode !== 0) return exitCode;
  }
  // A server may be running from dist/: what is still wanted was written in its place, only the rest goes.
  removeStale();
  if (!readFileSync(entry, 'utf8').startsWith('#!/usr/bin/env node\n')) {
    console.error('dist/main.js does not begin with the line that makes it a program; src/main.ts must have it.');
    return 1;
  }
  chmodSync(entry, 0o755);
  writeFileSync(facts, `${JSON.stringify({ commit: sourceCommit(root) })}\n`);
  writeFileSync(stamp, digest);
  return 0;
}

/** Builds where dist/ is missing or older than its sources; throws where that fails. */
export async function ensureBuilt() {
  if (isBuilt()) return;
  console.error('Building dist/.');
  const exitCode = await build();
  if (exitCode !== 0) throw new Error(`The build failed with exit code ${exitCode}.`);
}

/** By name, size and time: reading 500 files would cost more than it tells. */
function digestOfSources() {
  const hash = createHash('sha256');
  const files = parts.flatMap(({ sources }) => filesBelow(join(root, sources)));
  for (const file of [...files, join(root, 'tsconfig.json'), join(root, 'tsconfig.build.json')].sort()) {
    const { size, mtimeMs } = statSync(file);
    hash.update(`${file}\0${size}\0${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

function removeStale() {
  const wanted = new Set(
    parts.flatMap(({ sources, output }) =>
      filesBelow(join(root, sources))
        .filter((file) => file.endsWith('.ts'))
        .map((file) => join(root, output, file.slice(join(root, sources).length + 1).replace(/\.ts$/, '.js'))),
    ),
  );
  for (const file of filesBelow(dist)) {
    if (!wanted.has(file.replace(/\.map$/, ''))) rmSync(file);
  }
}

function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((found) =>
    found.isDirectory() ? filesBelow(join(folder, found.name)) : [join(folder, found.name)],
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.exitCode = await tell(async () => {
    await ensureInstalled({ dev: true });
    return build();
  });
}
