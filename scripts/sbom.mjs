// Writes the bill of materials of what is shipped, as CycloneDX, to standard output. It is made from the lock file
// without the development packages: where they are in it, npm leaves out what they and the product have in common.
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, runProgram, tell } from './run.mjs';

process.exitCode = await tell(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sbom-'));
  try {
    const facts = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ ...facts, scripts: {}, devDependencies: {} }));
    copyFileSync(join(root, 'package-lock.json'), join(folder, 'package-lock.json'));
    const npm = (args, options) =>
      runProgram('npm', [...args, '--package-lock-only', '--loglevel=error'], { ...options, cwd: folder });
    const exitCode = await npm(['install', '--prefer-offline', '--no-audit', '--no-fund'], { stdout: 2 });
    return exitCode === 0 ? await npm(['sbom', '--sbom-format=cyclonedx'], {}) : exitCode;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
