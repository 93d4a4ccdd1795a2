import type { Scope } from './principal.ts';

/** The ways in which a person can prove who they are at our authorization endpoint: `CMS_SIGN_IN`. */
export const signInNames = ['service', 'cms-login', 'cms-oauth', 'oidc'] as const;
export type SignInName = (typeof signInNames)[number];

/** Why a grant ended. */
export const revocationReasons = [
  /** The person took it back. */
  'person',
  /** The operator ended it. */
  'operator',
  /** The client gave it back at the revocation endpoint. */
  'client',
  /** A code or a refresh token came a second time, so somebody else may have it (RFC 9700 section 4.14.2). */
  'reuse',
  /** The machine token that it was signed in with was revoked. */
  'source_revoked',
  /** The CMS no longer accepts the person's sign-in. */
  'upstream_rejected',
  /** The CMS answered as somebody else. */
  'subject_changed',
  /** It was too old, or nobody had used it for too long. */
  'expired',
] as const;
export type RevocationReason = (typeof revocationReasons)[number];

/** How long a grant lasts, in seconds. */
export const grantSeconds = 365 * 24 * 3600;

/** How long a refresh token lasts since its last use, in seconds: the longest that a client may be away. */
export const refreshTokenSeconds = 30 * 24 * 3600;

/** What a person gave one client. Holds no token and no credential. */
export interface Grant {
  readonly id: string;
  /** The person, in the words of the sign-in driver: `cms:<id>` for a user of the CMS. */
  readonly subject: string;
  /** How the person is called on pages. */
  readonly displayName: string;
  readonly clientId: string;
  /** What the client calls itself: nobody has checked it. */
  readonly clientName: string;
  /** The host of the client's id where that is an address, else of its redirect address; empty for devices. */
  readonly clientHost: string;
  /** Where the person was sent back to; empty for devices. */
  readonly redirectUri: string;
  /** Tells whether the client still has the redirect addresses that it had then: with others the person is asked again. */
  readonly redirectUrisHash: string;
  readonly scopes: readonly Scope[];
  readonly toolsets: readonly string[];
  readonly readOnly: boolean;
  readonly signIn: SignInName;
  /** The machine token that the person signed in with, for `service`. Revoking it ends the grant. */
  readonly sourceTokenId?: string;
  /** The person cannot give more than this; absent without a limit. */
  readonly scopesMax?: readonly Scope[];
  /** Milliseconds since 1970. */
  readonly createdAtMs: number;
  /** When tokens were last issued for it. */
  readonly lastUsedAtMs: number;
  readonly revokedAtMs?: number;
  readonly revocationReason?: RevocationReason;
}
