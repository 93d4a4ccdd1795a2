import { createRequire } from 'node:module';

/** The version of package.json, the one place where it is written. The built file and the source file lie equally deep. */
export const version: string = textOf('../../package.json', 'version') ?? '0.0.0';

/** The commit that was built, as `scripts/build.mjs` noted it; empty for sources that run unbuilt, or without git. */
export const commit: string = textOf('../build.json', 'commit') ?? '';

function textOf(file: string, key: string): string | undefined {
  try {
    const facts: unknown = createRequire(import.meta.url)(file);
    const value: unknown =
      typeof facts === 'object' && facts !== null
        ? Object.entries(facts).find(([name]) => name === key)?.[1]
        : undefined;
    return typeof value === 'string' ? value : undefined;
  } catch {
    // There is no such file here.
    return undefined;
  }
}
