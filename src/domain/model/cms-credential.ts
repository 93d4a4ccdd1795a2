/** How the calls of a grant reach the CMS. A secret: sealed wherever it is kept, and never shown to an agent. */
export type CmsCredential = CmsTokens | CmsIdentity;

/** Tokens that the CMS gave one of its users. */
export interface CmsTokens {
  readonly kind: 'tokens';
  readonly accessToken: string;
  /** Without one the user signs in again when the access token has ended. */
  readonly refreshToken?: string;
  /** When the access token ends: milliseconds since 1970. */
  readonly expiresAtMs: number;
  /** The OAuth client that the refresh token belongs to; absent for tokens of the CMS's own sign-in. */
  readonly issuedTo?: string;
}

/** One of the configured OAuth identities of the CMS, by its name: several people may work as the same one. */
export interface CmsIdentity {
  readonly kind: 'identity';
  readonly identity: string;
}

/** Whose a stored credential is. Sealed with it, so that a credential that was moved to another owner does not open. */
export interface CredentialOwner {
  readonly subject: string;
  readonly clientId: string;
  /** The sign-in that it came from, and of which CMS. */
  readonly provider: string;
}

/** The identity of OAUTH_CLIENT_ID: machine tokens and the sign-in `service` work as this one. */
export const serviceIdentity = 'service';
