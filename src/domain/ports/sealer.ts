/**
 * What a sealed text belongs to, from the general to the special: such as kind and id of the record it stands in, or
 * user, client and provider of a credential. It opens in the same context only.
 */
export type SealContext = readonly string[];

/**
 * Seals texts that are stored: encrypted, and bound to where they belong.
 *
 * Laws:
 * - `open` answers what `seal` was given, for the same context, in every process that shares the key store.
 * - A sealed text that was changed, cut, or moved to another context does not open: INTERNAL, and nothing of it is
 *   answered. A text whose key is unknown: INTERNAL, too.
 * - The same text sealed twice gives different texts; neither shows its content. The sealed form names its key.
 * - After `addKey` this process seals with the new key at once, every other one `keysFreshMs` later at the latest; what
 *   was sealed before opens for as long as its key is there, and what another process sealed with a new key opens at
 *   once.
 * - `addKey`, `rewrapKeys` and `dropKeys` disturb no caller of `seal` and `open`.
 * - `dropKeys` removes the keys that stopped sealing longer than `keysKeptMs` ago, and no other. Whoever calls it has
 *   resealed everything since.
 * - The keys that are stored are themselves sealed with the operator's key; without it none of them can be used
 *   (STORAGE_UNAVAILABLE, with what to do).
 */
export interface Sealer {
  seal(plain: string, context: SealContext): Promise<string>;
  open(sealed: string, context: SealContext): Promise<string>;
  /** Whether the text is sealed with the key that seals now. */
  isCurrent(sealed: string): Promise<boolean>;
  /** Reads the stored keys, makes the first one where there is none, and proves that each can be used. */
  checkKeys(): Promise<void>;
  /** Makes a new key, which seals from now on. Answers its id. */
  addKey(): Promise<string>;
  /** Seals the stored keys with the operator's first key where they are sealed with another. Answers how many were. */
  rewrapKeys(): Promise<number>;
  /** Removes keys that are out of use. Answers how many. */
  dropKeys(): Promise<number>;
}

/** How long a process may go on with the keys it knows, in milliseconds. */
export const keysFreshMs = 2_000;

/** How long a key is kept after it stopped sealing, in milliseconds: longer than any write can be under way. */
export const keysKeptMs = 3_600_000;

/** A store whose records are sealed by its driver. */
export interface SealedStore {
  /** Seals every record anew that is not sealed with the current key, while others read and write. Answers how many. */
  reseal(): Promise<number>;
}
