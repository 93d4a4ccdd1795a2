// Makes the bundle that Claude Desktop and other hosts install with a click: the package as it is published, its packages
// and the manifest, in one zip file.
//   node scripts/mcpb.mjs [file] [folder with the package installed]
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { zipSync } from 'fflate';
import { withInstalledPackage } from './installed-package.mjs';
import { root, tell } from './run.mjs';

const manifest = readFileSync(join(root, 'ops', 'mcpb', 'manifest.json'));
const { name, version } = JSON.parse(manifest.toString('utf8'));

process.exitCode = await tell(() => {
  const [file = join(root, `${name}-${version}.mcpb`), installed] = process.argv.slice(2);
  return withInstalledPackage(installed, (folder) => {
    writeFileSync(file, zipSync({ 'manifest.json': manifest, ...bundled(join(folder, 'node_modules')) }, { level: 6 }));
    console.error(`wrote ${file}`);
    return 0;
  });
});

/** The package below `server/`, its packages below it, as Node finds them. */
function bundled(modules) {
  const files = {};
  for (const path of filesBelow(modules)) {
    const inside = relative(modules, path).split(sep).join('/');
    if (inside.startsWith('.')) continue;
    const own = inside.startsWith(`${name}/`);
    files[own ? `server/${inside.slice(name.length + 1)}` : `server/node_modules/${inside}`] = readFileSync(path);
  }
  return files;
}

function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((found) => {
    const path = join(folder, found.name);
    return found.isDirectory() ? filesBelow(path) : found.isFile() ? [path] : [];
  });
}
