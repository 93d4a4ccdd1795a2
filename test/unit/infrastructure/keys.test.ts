import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keyFile, loadMasterKeys } from '../../../src/infrastructure/keys/master-keys.ts';
import { StartFailure } from '../../../src/infrastructure/lifecycle/start-failure.ts';

describe('the operator’s keys', () => {
  let dataDir: string;
  let told: string[];

  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'igx-keys-'));
    told = [];
  });
  afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

  const load = (tokenEncryptionKeys?: readonly Uint8Array[]) =>
    loadMasterKeys({ tokenEncryptionKeys, dataDir }, (file) => told.push(file));

  it('are those of the settings, where there are some', () => {
    const keys = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
    expect(load(keys)).toBe(keys);
    expect(readdirSync(dataDir)).toEqual([]);
  });

  it('are else one that is made once, told of, and readable by its owner only', () => {
    const [key] = load();
    expect(key).toHaveLength(32);
    expect(told).toEqual([join(dataDir, keyFile)]);
    expect(statSync(join(dataDir, keyFile)).mode & 0o777).toBe(0o600);
    expect(readdirSync(dataDir)).toEqual([keyFile]);
    expect(load()).toEqual([key]);
    expect(told).toHaveLength(1);
  });

  it('are made in a folder that is not there', () => {
    dataDir = join(dataDir, 'new', 'folder');
    expect(load()[0]).toHaveLength(32);
  });

  it('stop the start where the file holds something else, without showing it', () => {
    writeFileSync(join(dataDir, keyFile), 'c2hvcnQ=');
    expect(() => load()).toThrow(StartFailure);
    expect(() => load()).toThrow(/DATA_DIR: the file token-encryption.key/);
    expect(readFileSync(join(dataDir, keyFile), 'utf8')).toBe('c2hvcnQ=');
  });
});
