import type { Json } from '../model/job.ts';
import type { SealedStore } from './sealer.ts';

/** One thing that the authorization server keeps: a code, a token, a session, an interaction, a client, a grant. */
export interface NewOAuthRecord {
  /** What it is, such as `AuthorizationCode`. Hashes are unique within a kind. */
  readonly kind: string;
  /** The hash of its id: the id itself is a credential and is not handed in. */
  readonly hash: string;
  readonly value: Json;
  /** Absent: it lasts until it is removed. */
  readonly ttlSeconds?: number;
  /** The grant that it belongs to and ends with. */
  readonly grantId?: string;
  /** Hashes of further ids that it is found by. */
  readonly uidHash?: string;
  readonly userCodeHash?: string;
}

export interface OAuthRecord {
  readonly hash: string;
  readonly value: Json;
  readonly grantId?: string;
  /** When it was used up, in milliseconds since 1970. */
  readonly consumedAtMs?: number;
}

/**
 * What the authorization server keeps.
 *
 * Laws:
 * - A record comes back as it was put, in every process as soon as `put` has answered, until its time is over; then it
 *   is as if it had never been, at once.
 * - `put` writes whatever was there, and keeps the mark of a consumption. `create` writes only where there is nothing: of
 *   several at once, over all processes, exactly one answers true.
 * - `consume` marks a record as used up: of several at once, over all processes, exactly one answers true. The record
 *   stays, so that a second use can be told from an unknown id.
 * - After `revokeGrant` no record of the grant is found, in any process, and none can come: a `put` or `create` for it
 *   answers false and keeps nothing, also one that was under way.
 * - Nothing of a value can be read in the store: it is sealed, and bound to its kind and hash.
 * - `reseal` changes neither values nor times nor marks, and loses no write that happens meanwhile.
 * - What was answered survives a restart.
 */
export interface OAuthRecords extends SealedStore {
  put(record: NewOAuthRecord): Promise<boolean>;
  create(record: NewOAuthRecord): Promise<boolean>;
  find(kind: string, hash: string): Promise<OAuthRecord | undefined>;
  findByUid(kind: string, uidHash: string): Promise<OAuthRecord | undefined>;
  findByUserCode(kind: string, userCodeHash: string): Promise<OAuthRecord | undefined>;
  consume(kind: string, hash: string, atMs: number): Promise<boolean>;
  remove(kind: string, hash: string): Promise<void>;
  revokeGrant(grantId: string): Promise<void>;
  close(): Promise<void>;
}
