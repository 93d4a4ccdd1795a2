/** The operator has made the server read-only for everyone. */
export interface Lockdown {
  /** Since when, in milliseconds since 1970. */
  readonly sinceMs: number;
  /** In the operator's words, shown to everybody who is refused. */
  readonly reason: string;
}
