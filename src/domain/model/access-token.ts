import type { Scope } from './principal.ts';

/** A token as it is stored: the token itself is shown once at issue and kept only as a hash. */
export interface AccessTokenRecord {
  /** Names the token in lists and revocations; tells nothing about the token. */
  readonly id: string;
  /** SHA-256 of the token, hex. */
  readonly hash: string;
  readonly subject: string;
  readonly clientId: string;
  readonly scopes: readonly Scope[];
  /** Milliseconds since 1970. */
  readonly issuedAtMs: number;
  readonly expiresAtMs: number;
  readonly revokedAtMs?: number;
}
