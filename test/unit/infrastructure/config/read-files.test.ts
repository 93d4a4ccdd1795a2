import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readSecretFile } from '../../../../src/infrastructure/config/read-secret-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'config-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('readEnvironment', () => {
  it.each<[string, string | undefined, string]>([
    ['reads .env', undefined, 'plain'],
    ['prefers the file of the environment', 'production', 'production'],
    ['keeps tests apart from .env', 'test', 'undefined'],
  ])('%s', (_, environment, expected) => {
    writeFileSync(join(folder, '.env'), 'SAMPLE=plain\nGIVEN=from-file\n');
    writeFileSync(join(folder, '.env.production'), 'SAMPLE=production\n');
    expect(read(environment)).toBe(`${expected} given`);
  });

  it('says which file cannot be read', () => {
    mkdirSync(join(folder, '.env'));
    expect(() => read(undefined)).toThrow(/The settings file \.env cannot be read\./);
  });

  /** In a process of its own: the files are looked for in the working directory and loaded into the process. */
  function read(environment: string | undefined): string {
    const module = pathToFileURL(
      join(import.meta.dirname, '../../../../src/infrastructure/config/read-environment.ts'),
    );
    const program = `import { readEnvironment } from ${JSON.stringify(module.href)};
      const { SAMPLE, GIVEN } = readEnvironment();
      process.stdout.write(SAMPLE + ' ' + GIVEN);`;
    return execFileSync(process.execPath, ['--input-type=module', '--eval', program], {
      cwd: folder,
      env: { GIVEN: 'given', ...(environment === undefined ? {} : { NODE_ENV: environment }) },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }
});

describe('readSecretFile', () => {
  it('reads a file', () => {
    writeFileSync(join(folder, 'secret'), 'sécret\n');
    expect(readSecretFile(join(folder, 'secret'))).toBe('sécret\n');
  });

  it('refuses a file that is no secret', () => {
    writeFileSync(join(folder, 'large'), 'x'.repeat(70_000));
    expect(() => readSecretFile(join(folder, 'large'))).toThrow();
    expect(() => readSecretFile(folder)).toThrow();
    expect(() => readSecretFile(join(folder, 'missing'))).toThrow();
  });
});
