// Makes the bundle that Claude Desktop and other hosts install with a click: the package as it is published, its packages
// and the manifest, in one zip file.
//   node scripts/mcpb.mjs [file] [folder with the package installed]
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { zipSync } from 'fflate';
import { root, runProgram, tell } from './run.mjs';

const manifest = readFileSync(join(root, 'ops', 'mcpb', 'manifest.json'));
const { name, version } = JSON.parse(manifest.toString('utf8'));

process.exitCode = await tell(async () => {
  const [file = join(root, `${name}-${version}.mcpb`), installed] = process.argv.slice(2);
  const folder = mkdtempSync(join(tmpdir(), 'mcpb-'));
  try {
    const from = installed ?? (await install(folder));
    writeFileSync(file, zipSync({ 'manifest.json': manifest, ...bundled(join(from, 'node_modules')) }, { level: 6 }));
    console.error(`wrote ${file}`);
    return 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
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

/** What is published, not what lies about here. */
async function install(folder) {
  const npm = (...args) => runProgram('npm', [...args, '--no-audit', '--no-fund'], { stdout: 2 });
  await npm('pack', '--pack-destination', folder);
  const tarball = join(folder, `${name}-${version}.tgz`);
  await npm('install', '--prefix', folder, '--omit=dev', '--ignore-scripts', tarball);
  return folder;
}

function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((found) => {
    const path = join(folder, found.name);
    return found.isDirectory() ? filesBelow(path) : found.isFile() ? [path] : [];
  });
}
