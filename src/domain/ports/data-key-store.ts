/** A key that seals what is stored, itself sealed with the operator's key. */
export interface StoredDataKey {
  readonly id: string;
  readonly wrapped: string;
  /** Milliseconds since 1970. The newest key seals. */
  readonly createdAtMs: number;
}

/**
 * The data keys, sealed.
 *
 * Laws:
 * - `add` is durable when it answers, and seen by `list` in every process then. An id that is there is CONFLICT.
 * - `list` is oldest first; of equal age, in the order of their ids.
 * - `rewrap` replaces a wrapped key only where it is still `from`, else answers false.
 * - `remove` of an unknown id is no error.
 */
export interface DataKeyStore {
  add(key: StoredDataKey): Promise<void>;
  list(): Promise<readonly StoredDataKey[]>;
  rewrap(id: string, from: string, to: string): Promise<boolean>;
  remove(id: string): Promise<void>;
  close(): Promise<void>;
}
