import { keysFreshMs, type SealedStore, type Sealer } from '../../domain/ports/sealer.ts';
import { pause } from '../items/pause.ts';

export interface RotatePorts {
  readonly sealer: Sealer;
  /** Every store with sealed records. */
  readonly sealedStores: readonly SealedStore[];
}

/** What a rotation did. */
export interface KeyRotation {
  readonly keyId: string;
  /** Stored keys that are now sealed with the operator's first key. */
  readonly rewrapped: number;
  /** Records that are now sealed with the new key. */
  readonly resealed: number;
  /** Keys that were removed, out of use since an earlier rotation. */
  readonly dropped: number;
}

/**
 * Makes a new data key and seals everything with it, while the server works. One that was interrupted is made good by
 * the next one.
 *
 * @throws DomainError STORAGE_UNAVAILABLE when the store cannot be used or the operator's key does not fit.
 */
export async function rotateKeys({ sealer, sealedStores }: RotatePorts): Promise<KeyRotation> {
  const rewrapped = await sealer.rewrapKeys();
  const keyId = await sealer.addKey();
  // Until then other processes seal with the key before.
  await pause(keysFreshMs, new AbortController().signal);
  let resealed = 0;
  for (let round = 1; round > 0; resealed += round) {
    round = 0;
    for (const store of sealedStores) round += await store.reseal();
  }
  return { keyId, rewrapped, resealed, dropped: await sealer.dropKeys() };
}
