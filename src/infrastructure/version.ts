import { createRequire } from 'node:module';

// The built file and the source file lie equally deep, so one path serves both.
const manifest: unknown = createRequire(import.meta.url)('../../package.json');

/** The version of package.json, the one place where it is written. */
export const version: string =
  typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : '0.0.0';
