import type { Grant, RevocationReason } from '../model/grant.ts';

/** Which grants are wanted; everything that is given must fit. */
export interface GrantFilter {
  readonly subject?: string;
  readonly clientId?: string;
  readonly sourceTokenId?: string;
}

/**
 * What people gave to clients: the facts that are shown and decided by. Revoked grants stay, so that an old copy of the
 * storage cannot bring one back unseen.
 *
 * Laws:
 * - `put` writes a new grant or changes one; it is durable, and seen in every process, when it answers. What was revoked
 *   stays revoked.
 * - `list` is newest first and holds revoked ones, too.
 * - `touch` moves the last use forward, never back; an unknown id is no error.
 * - `revoke` is seen in every process as soon as it answers. Exactly one call for an id answers true; time and reason of
 *   the first stay. An unknown id is remembered as revoked: a `put` that comes later does not bring it to life.
 */
export interface GrantStore {
  put(grant: Grant): Promise<void>;
  find(id: string): Promise<Grant | undefined>;
  list(filter: GrantFilter): Promise<readonly Grant[]>;
  touch(id: string, atMs: number): Promise<void>;
  revoke(id: string, atMs: number, reason: RevocationReason): Promise<boolean>;
  close(): Promise<void>;
}
