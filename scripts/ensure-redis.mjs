// Puts a Redis server on the machine for the tests that need one. Readable by old Nodes.
import { spawnSync } from 'node:child_process';
import { runProgram } from './run.mjs';

/** Ensures that `redis-server` is on the PATH; throws advice where that cannot be done. */
export async function ensureRedis() {
  if (isOnPath('redis-server')) return;
  if (process.getuid?.() === 0 && isOnPath('apt-get')) {
    console.error('No redis-server on the PATH: installing the package of the system.');
    const env = { DEBIAN_FRONTEND: 'noninteractive' };
    await runProgram('apt-get', ['update', '-qq'], { env, stdout: 2 });
    await runProgram('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'redis-server'], {
      env,
      stdout: 2,
    });
    if (isOnPath('redis-server')) return;
  }
  throw new Error(
    [
      'The tests need a Redis server on the PATH (redis-server, 6.2 or newer; they start their own). Install it with:',
      '  Debian, Ubuntu:  sudo apt-get update && sudo apt-get install -y redis-server',
      '  Fedora:          sudo dnf install redis',
      '  Alpine:          apk add redis',
      '  macOS:           brew install redis',
      'Suites that need none: npm run test:unit, npm run test:architecture',
    ].join('\n'),
  );
}

function isOnPath(program) {
  return spawnSync(program, ['--version'], { stdio: 'ignore' }).error === undefined;
}
