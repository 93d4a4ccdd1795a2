/**
 * Lets one caller at a time do something, over all processes that share a store.
 *
 * Laws:
 * - Of several at once for one key, exactly one gets the lock; the others get `undefined` at once.
 * - A lock that is not released is free when its time is over: a holder that died blocks nobody for longer.
 * - Each time the lock is had, its fence is greater than every time before, after a restart too.
 * - `release` by a holder that has lost the lock changes nothing.
 * - Locks of different keys have nothing to do with each other.
 *
 * A lock is a promise of time, not of truth: a holder that slept too long may still act. What must hold then is
 * compared where it is written (`CredentialVault.replace`).
 */
export interface Lock {
  acquire(key: string, ttlMs: number): Promise<HeldLock | undefined>;
  close(): Promise<void>;
}

export interface HeldLock {
  readonly fence: number;
  release(): Promise<void>;
}
