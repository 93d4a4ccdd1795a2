// Puts a Chromium on the machine for the tests that look at pages. Readable by old Nodes.
import { ensurePackage } from './ensure-package.mjs';

/** Ensures that a Chromium, or a Chrome, is on the PATH; throws advice where that cannot be done. */
export function ensureChromium() {
  return ensurePackage({
    // The tests look for the same names: test/support/browser.ts.
    programs: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
    aptPackage: 'chromium',
    advice: [
      'The end-to-end tests need a Chromium or Chrome on the PATH (chromium, chromium-browser or google-chrome).',
      'Install it with:',
      '  Debian:          sudo apt-get update && sudo apt-get install -y chromium',
      '  Ubuntu:          the package google-chrome-stable of google.com/chrome (the one named chromium is a snap)',
      '  Fedora:          sudo dnf install chromium',
      '  Alpine:          apk add chromium',
      '  macOS, Windows:  a link to the browser that is installed, in a folder of the PATH',
      'Suites that need none: npm run test:unit, :contract, :integration, :architecture',
    ],
  });
}
