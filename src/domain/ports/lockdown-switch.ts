import type { Lockdown } from '../model/lockdown.ts';

/**
 * The one switch that makes every process read-only.
 *
 * Laws:
 * - `get` answers what was set last, in whichever process, as soon as `set` has answered there: nothing is remembered.
 * - What was set is durable when `set` answers.
 * - `set` without a lockdown lifts it; lifting what is not there is no error.
 */
export interface LockdownSwitch {
  get(): Promise<Lockdown | undefined>;
  set(lockdown: Lockdown | undefined): Promise<void>;
  close(): Promise<void>;
}
