import { statSync } from 'node:fs';
import { join } from 'node:path';
import { loadEnvFile } from 'node:process';

/**
 * The environment of this process, completed from the settings files of the working directory: `.env.<NODE_ENV>`
 * when there is one, then `.env`. What the environment holds already stays as it is. Under `NODE_ENV=test` only
 * `.env.test` counts, so that tests do not depend on what a developer has in `.env`.
 *
 * The files are loaded into the process itself, since libraries read their standard names there. Throws when a file
 * exists and cannot be read.
 */
export function readEnvironment(): Readonly<Record<string, string | undefined>> {
  const { NODE_ENV: environment = '' } = process.env;
  const names = [
    ...(/^[a-z]+$/.test(environment) ? [`.env.${environment}`] : []),
    ...(environment === 'test' ? [] : ['.env']),
  ];
  for (const name of names) {
    const path = join(process.cwd(), name);
    if (statSync(path, { throwIfNoEntry: false }) === undefined) continue;
    try {
      loadEnvFile(path);
    } catch (cause) {
      // The message of node:fs does not say what the file is for.
      throw new Error(`The settings file ${name} cannot be read.`, { cause });
    }
  }
  return { ...process.env };
}
