import { expect } from 'vitest';
import type { Lock } from '../../../src/domain/ports/lock.ts';
import { another, type Contract, describeContract, type Opened } from '../../support/store-contract.ts';

/** The laws of src/domain/ports/lock.ts. */
export interface OpenedLock extends Opened {
  readonly subject: Lock;
  /** The same locks as another process sees them. */
  readonly other?: Lock;
  /** Lets time pass for the store. */
  elapse(ms: number): Promise<void>;
  /** Several processes at once ask for the same keys and are killed with what they have; answers for each, key by key. */
  race(keys: readonly string[], ttlMs: number): Promise<readonly (readonly boolean[])[]>;
  /** The locks after the process or server that kept them has died and was started again. */
  readonly restart?: () => Promise<Lock>;
}

const longMs = 600_000;
/** Long enough to be looked at before it is over, on a busy machine too; short enough to be waited for. */
const shortMs = 2_000;

export function lockContract(contract: Contract<OpenedLock>): void {
  describeContract('Lock', contract, {
    'of several at once for one key, exactly one gets the lock': async ({ race, subject }) => {
      const answers = await race(raceKeys, longMs);
      expect(answers.length).toBeGreaterThan(1);
      expect(raceKeys.map((_, index) => answers.filter((answer) => answer[index] === true).length)).toEqual(
        raceKeys.map(() => 1),
      );
      expect(await subject.acquire('contended-0', longMs)).toBeUndefined();
    },

    'the others get `undefined` at once, in every process, until it is released': async ({ subject, other }) => {
      const held = await subject.acquire('key', longMs);
      expect(held).toBeDefined();
      expect(await subject.acquire('key', longMs)).toBeUndefined();
      expect(await another(other).acquire('key', longMs)).toBeUndefined();
      await held?.release();
      expect(await another(other).acquire('key', longMs)).toBeDefined();
    },

    'a lock that is not released is free when its time is over': async ({ subject, other, elapse }) => {
      await subject.acquire('key', shortMs);
      expect(await another(other).acquire('key', longMs)).toBeUndefined();
      await elapse(shortMs);
      expect(await another(other).acquire('key', longMs)).toBeDefined();
    },

    'a holder that died blocks nobody for longer': async ({ subject, race, elapse }) => {
      await race(['key'], shortMs);
      await elapse(shortMs);
      expect(await subject.acquire('key', longMs)).toBeDefined();
    },

    'each time the lock is had, its fence is greater than every time before': async ({ subject, other }) => {
      const fences: number[] = [];
      for (let turn = 0; turn < 6; turn++) {
        const held = await (turn % 2 === 0 ? subject : another(other)).acquire('key', longMs);
        fences.push(held?.fence ?? Number.NaN);
        await held?.release();
      }
      expect(fences).toEqual(fences.toSorted((a, b) => a - b));
      expect(new Set(fences).size).toBe(fences.length);
      expect(fences.every(Number.isSafeInteger)).toBe(true);
    },

    'the fence is greater after a restart too': async ({ subject, restart }) => {
      if (restart === undefined) throw new Error('Nothing survives: exempt this driver, with the reason.');
      const before = await subject.acquire('key', longMs);
      await before?.release();
      const after = await (await restart()).acquire('key', longMs);
      expect(after?.fence).toBeGreaterThan(before?.fence ?? Number.NaN);
    },

    '`release` by a holder that has lost the lock changes nothing': async ({ subject, other, elapse }) => {
      const lost = await subject.acquire('key', shortMs);
      await elapse(shortMs);
      const held = await another(other).acquire('key', longMs);
      expect(held?.fence).toBeGreaterThan(lost?.fence ?? Number.NaN);
      await lost?.release();
      expect(await subject.acquire('key', longMs)).toBeUndefined();
      await held?.release();
      await held?.release();
      expect(await subject.acquire('key', longMs)).toBeDefined();
    },

    'locks of different keys have nothing to do with each other': async ({ subject }) => {
      const one = await subject.acquire('one', longMs);
      expect(await subject.acquire('two', longMs)).toBeDefined();
      await one?.release();
      expect(await subject.acquire('two', longMs)).toBeUndefined();
      expect(await subject.acquire('one', longMs)).toBeDefined();
    },
  });
}

const raceKeys: readonly string[] = Array.from({ length: 40 }, (_, index) => `contended-${index}`);
