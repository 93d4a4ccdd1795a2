import { spawnSync } from 'node:child_process';
import type { Settings } from './server-process.ts';

/** Settings that make a process believe in another time, such as `+5m` (libfaketime). Its timers run as ever. */
export function wrongClock(offset: string): Settings {
  const { stdout, error } = spawnSync('faketime', ['-f', offset, 'env'], { encoding: 'utf8' });
  if (error !== undefined) throw new Error('There is no faketime on the PATH; see scripts/ensure-faketime.mjs.');
  const names = ['LD_PRELOAD', 'DYLD_INSERT_LIBRARIES', 'DYLD_FORCE_FLAT_NAMESPACE', 'FAKETIME'];
  const found = [...stdout.matchAll(/^([A-Z_]+)=(.*)$/gm)].filter(([, name = '']) => names.includes(name));
  return {
    ...Object.fromEntries(found.map(([, name = '', value = '']) => [name, value])),
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  };
}
