import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { projectRoot } from '../support/source-tree.ts';

/** What a build notes of the commit that it is made from; the metric build_info tells it. */
describe('the commit of a build', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'commit-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const program = `import(process.argv[1]).then(({ sourceCommit }) => console.log(sourceCommit(process.argv[2])))`;
  const script = join(projectRoot, 'scripts/source-commit.mjs');
  const commitOf = (root: string, BUILD_COMMIT = ''): string =>
    execFileSync(process.execPath, ['--eval', program, script, root], {
      encoding: 'utf8',
      env: { ...process.env, BUILD_COMMIT },
    }).trim();
  const git = (...args: string[]): string =>
    execFileSync('git', ['-c', 'user.name=test', '-c', 'user.email=test@example.edu', ...args], {
      cwd: folder,
      encoding: 'utf8',
    }).trim();

  it('is the one of the checkout, and says when files differ from it', () => {
    git('init', '--quiet');
    writeFileSync(join(folder, 'a.txt'), 'one');
    git('add', '.');
    git('commit', '--quiet', '--message', 'One');
    const head = git('rev-parse', 'HEAD');
    expect(commitOf(folder)).toBe(head);
    writeFileSync(join(folder, 'a.txt'), 'two');
    expect(commitOf(folder)).toBe(`${head}-dirty`);
  });

  it('is empty without git, before the first commit, and inside of somebody else’s repository', () => {
    expect(commitOf(folder)).toBe('');
    git('init', '--quiet');
    expect(commitOf(folder)).toBe('');
    writeFileSync(join(folder, 'a.txt'), 'one');
    git('add', '.');
    git('commit', '--quiet', '--message', 'One');
    mkdirSync(join(folder, 'unpacked'));
    expect(commitOf(join(folder, 'unpacked'))).toBe('');
  });

  it('is what BUILD_COMMIT says, where that is the name of a commit', () => {
    expect(commitOf(folder, '0a1b2c3d')).toBe('0a1b2c3d');
    expect(commitOf(folder, 'evil"} 1\n')).toBe('');
  });

  it('is what the built product tells', () => {
    const built = `import(process.argv[1]).then(({ commit }) => console.log(JSON.stringify({ commit })))`;
    const told = execFileSync(
      process.execPath,
      ['--eval', built, join(projectRoot, 'dist/infrastructure/version.js')],
      { encoding: 'utf8' },
    );
    const noted = readFileSync(join(projectRoot, 'dist/build.json'), 'utf8');
    expect(told).toBe(noted);
    if (existsSync(join(projectRoot, '.git'))) expect(noted).toMatch(/^\{"commit":"[0-9a-f]{40}(-dirty)?"\}\n$/);
  });
});
