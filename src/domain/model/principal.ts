/** What a token may do. Each task names the scopes it needs; `cms:write` does not imply `cms:publish`. */
export const scopes = ['cms:read', 'cms:write', 'cms:publish', 'cms:admin'] as const;
export type Scope = (typeof scopes)[number];

/** Who acts: the subject of the access token and the client it was issued to. Never holds a credential. */
export interface Principal {
  readonly subject: string;
  readonly clientId: string;
  readonly scopes: readonly Scope[];
}
