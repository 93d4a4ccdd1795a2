// Puts faketime on the machine, with which a test gives a process another clock. Readable by old Nodes.
import { ensurePackage } from './ensure-package.mjs';

/** Ensures that `faketime` is on the PATH; throws advice where that cannot be done. */
export function ensureFaketime() {
  return ensurePackage({
    programs: ['faketime'],
    aptPackage: 'faketime',
    advice: [
      'The end-to-end tests need faketime on the PATH: one of them runs the server on a clock that is wrong. Install it with:',
      '  Debian, Ubuntu:  sudo apt-get update && sudo apt-get install -y faketime',
      '  Fedora:          sudo dnf install libfaketime',
      '  macOS:           brew install libfaketime',
    ],
  });
}
