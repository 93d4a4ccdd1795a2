import { expect } from 'vitest';
import type { LockdownSwitch } from '../../../src/domain/ports/lockdown-switch.ts';
import { another, type Contract, describeContract, type Opened } from '../../support/store-contract.ts';

/** The laws of src/domain/ports/lockdown-switch.ts. */
export interface OpenedLockdownSwitch extends Opened {
  readonly subject: LockdownSwitch;
  readonly other?: LockdownSwitch;
  /** Lets the store die at once, and answers one that is opened later. */
  readonly crash?: () => Promise<LockdownSwitch>;
}

export function lockdownSwitchContract(contract: Contract<OpenedLockdownSwitch>): void {
  const first = { sinceMs: 1_700_000_000_000, reason: 'A stolen laptop: ticket 4711' };
  const second = { sinceMs: 1_700_000_001_000, reason: 'And another “one”' };
  describeContract('LockdownSwitch', contract, {
    '`get` answers what was set last, in whichever process, at once': async ({ subject, other }) => {
      expect(await subject.get()).toBeUndefined();
      await subject.set(first);
      expect(await another(other).get()).toEqual(first);
      await another(other).set(second);
      expect(await subject.get()).toEqual(second);
      await subject.set(undefined);
      expect(await another(other).get()).toBeUndefined();
    },

    'what was set is durable when `set` answers': async ({ subject, crash }) => {
      await subject.set(first);
      if (crash === undefined) throw new Error('Nothing survives: exempt this driver, with the reason.');
      expect(await (await crash()).get()).toEqual(first);
    },

    '`set` without a lockdown lifts it, and lifting what is not there is no error': async ({ subject }) => {
      await subject.set(undefined);
      await subject.set(first);
      await subject.set(undefined);
      await subject.set(undefined);
      expect(await subject.get()).toBeUndefined();
    },
  });
}
