// Takes out of installed packages what no running server reads. For the image; readable by old Nodes.
//   node scripts/slim-image.mjs node_modules [package …]      the packages go as a whole
import { readdirSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';

/** Licences stay: they have to be passed on with the code. */
const isNeeded = (name) =>
  !/\.(map|d\.ts|d\.mts|d\.cts|ts|mts|cts|flow|markdown)$/i.test(name) &&
  !/^(readme|changelog|history)(\.|$)/i.test(name);
const unneededFolders = new Set([
  'test',
  'tests',
  '__tests__',
  'docs',
  'example',
  'examples',
  'benchmark',
  'benchmarks',
  '.github',
]);

let freedBytes = 0;

function sizeOf(path) {
  const entry = statSync(path, { throwIfNoEntry: false });
  if (entry === undefined) return 0;
  if (!entry.isDirectory()) return entry.size;
  return readdirSync(path).reduce((total, name) => total + sizeOf(join(path, name)), 0);
}

function slim(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    // Only at the root of a package are these names what they seem; below, "docs" may be a module.
    const isPackageRoot = readdirSync(folder).includes('package.json');
    const goes = entry.isDirectory()
      ? isPackageRoot && unneededFolders.has(entry.name)
      : entry.isFile() && !isNeeded(basename(path));
    if (goes) {
      freedBytes += sizeOf(path);
      rmSync(path, { recursive: true, force: true });
    } else if (entry.isDirectory()) slim(path);
  }
  // npm leaves the folders of scopes behind whose packages it has removed.
  if (readdirSync(folder).length === 0) rmdirSync(folder);
}

const [folder = 'node_modules', ...packages] = process.argv.slice(2);
for (const name of packages) {
  freedBytes += sizeOf(join(folder, name));
  rmSync(join(folder, name), { recursive: true, force: true });
}
slim(folder);
console.error(`slim: ${Math.round(freedBytes / (1024 * 1024))} MiB less`);
