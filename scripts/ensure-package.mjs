// Puts a program of the system on the machine for the tests that need one. Readable by old Nodes.
import { spawnSync } from 'node:child_process';
import { runProgram } from './run.mjs';

/**
 * Ensures that one of the programs is on the PATH, with the file that it may need beside it. Where it is not so, the
 * package of the system is installed if we may do that; otherwise this throws the advice, line by line.
 */
export async function ensurePackage({ programs, aptPackage, advice, hasFile = () => true }) {
  const isThere = () => programs.some(isOnPath) && hasFile();
  if (isThere()) return;
  if (process.getuid?.() === 0 && isOnPath('apt-get')) {
    console.error(`No ${programs[0]} on the PATH: installing the package of the system.`);
    const options = { env: { DEBIAN_FRONTEND: 'noninteractive' }, stdout: 2 };
    await runProgram('apt-get', ['update', '-qq'], options);
    await runProgram('apt-get', ['install', '-y', '-qq', '--no-install-recommends', aptPackage], options);
    if (isThere()) return;
  }
  throw new Error(advice.join('\n'));
}

function isOnPath(program) {
  return spawnSync(program, ['--version'], { stdio: 'ignore' }).error === undefined;
}
