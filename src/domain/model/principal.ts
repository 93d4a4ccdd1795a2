/** What a token may do. Each task names the scopes it needs; `cms:write` does not imply `cms:publish`. */
export const scopes = ['cms:read', 'cms:write', 'cms:publish', 'cms:admin'] as const;
export type Scope = (typeof scopes)[number];

/** Who acts: the subject of the access token and the client it was issued to. Never holds a credential. */
export interface Principal {
  readonly subject: string;
  readonly clientId: string;
  readonly scopes: readonly Scope[];
  /** What the person gave the client; absent for a machine's token and over stdio. */
  readonly grantId?: string;
  /** What the person picked when they gave it; absent where nothing was picked. */
  readonly exposure?: GrantedExposure;
}

/** The part of the catalogue that a grant is for. */
export interface GrantedExposure {
  readonly readOnly: boolean;
  /** Words as in `/mcp/x/{list}`; empty for the default. */
  readonly toolsets: readonly string[];
}
