import type { AccessTokenRecord } from '../model/access-token.ts';

/**
 * Access tokens of machines and agents, by hash.
 *
 * Laws:
 * - `add` is durable when it answers. A token's text is never handed in, only its hash. An id or hash that is there
 *   already is CONFLICT, and what was there stays.
 * - `findByHash` answers expired and revoked records too: the caller decides. An unknown hash is `undefined`.
 * - `list` is oldest first.
 * - `revoke` is seen by `findByHash` in every process as soon as it answers; it keeps the first time of revocation, and
 *   answers false for an unknown id.
 */
export interface TokenStore {
  add(record: AccessTokenRecord): Promise<void>;
  findByHash(hash: string): Promise<AccessTokenRecord | undefined>;
  list(): Promise<readonly AccessTokenRecord[]>;
  revoke(id: string, atMs: number): Promise<boolean>;
  close(): Promise<void>;
}
