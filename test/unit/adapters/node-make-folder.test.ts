import { chmodSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeFolder } from '../../../src/adapters/outbound/node/make-folder.ts';
import { temporaryFolder } from '../../support/server-process.ts';

describe('makeFolder', () => {
  const inFolder = (...names: string[]): string => {
    const folder = temporaryFolder();
    onTestFinished(folder.remove);
    return join(folder.path, ...names);
  };
  const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

  it('makes what is missing for this account alone, and again without harm', () => {
    const folder = inFolder('a', 'b', 'c');
    for (const _ of ['once', 'again']) makeFolder(folder);
    expect(['.', '..'].map((at) => modeOf(join(folder, at)))).toEqual(['700', '700']);
  });

  it('leaves a folder as it is', () => {
    const folder = inFolder('there');
    mkdirSync(folder);
    chmodSync(folder, 0o750);
    makeFolder(folder);
    expect(modeOf(folder)).toBe('750');
  });

  it.each([
    ['a file stands in the way', ['file', 'folder']],
    ['a file has the name', ['file']],
  ])('says so where %s', (_, names) => {
    const path = inFolder('file');
    writeFileSync(path, '');
    expect(() => makeFolder(join(path, ...names.slice(1)))).toThrow(/EEXIST|ENOTDIR/);
  });

  it('ends where a file system denies that the parent is there', () => {
    expect(() => makeFolder('/proc/no-such/folder')).toThrow(/ENOENT|EACCES|EROFS|EPERM/);
  });
});
