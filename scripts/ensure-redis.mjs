// Puts a Redis server on the machine for the tests that need one. Readable by old Nodes.
import { ensurePackage } from './ensure-package.mjs';

/** Ensures that `redis-server` is on the PATH; throws advice where that cannot be done. */
export function ensureRedis() {
  return ensurePackage({
    programs: ['redis-server'],
    aptPackage: 'redis-server',
    advice: [
      'The tests need a Redis server on the PATH (redis-server, 6.2 or newer; they start their own). Install it with:',
      '  Debian, Ubuntu:  sudo apt-get update && sudo apt-get install -y redis-server',
      '  Fedora:          sudo dnf install redis',
      '  Alpine:          apk add redis',
      '  macOS:           brew install redis',
      'Suites that need none: npm run test:unit, npm run test:architecture',
    ],
  });
}
